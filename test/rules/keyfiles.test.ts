import { Case, factsOf, readCases } from './cases';
import { keyfile, policy } from './documents';
import type { RuleId } from '../../src/core/rule-ids';
import { DocumentSet } from '../../src/documents/document-set';
import { RULE_BY_ID } from '../../src/rules/catalogue';
import { Judge } from '../../src/rules/judge';

/** Cases that differ, each with what makes the difference. */
const DIFFERENT: { readonly [name: string]: string } = {
  'libreswan-option-value: leftmodecfgclient as a text': 'a keyfile has texts alone',
  'libreswan-option-value: ipsec-interface as a boolean': 'a keyfile has texts alone',
  'libreswan-option-value: ikev2 as a boolean': 'a keyfile has texts alone',
  'libreswan-option-value: a lifetime as a number': 'a keyfile has texts alone',
  'libreswan-option-value: dpddelay with a unit': 'the plugin passes the unit on',
};

/** The cases of rules on one connection, where it stands in a policy whose nodes are a role, as those of a keyfile are. */
const cases = [...readCases()].flatMap(([id, { breaks, passes }]) => !/^libreswan-/.test(id) ? [] : [...breaks, ...passes].flatMap((one) => {
  const [given, ...others] = one.given;
  if (others.length > 0 || !('connection' in given) || given.policy?.state !== undefined) return [];
  const settings = { ...given.connection, ...Object.fromEntries((given.without ?? []).map((key) => [key, undefined])) };
  // What is null is not said, and has no line in a keyfile.
  for (const [key, value] of Object.entries(settings)) if (value === null) settings[key] = undefined;
  return [{ name: `${id}: ${one.case}`, id: id as RuleId, one, settings, annotations: given.policy?.annotations }];
}));

test('what differs is there', () => {
  expect(cases.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(DIFFERENT)));
});

test('there are cases of most rules', () => {
  expect(new Set(cases.map(({ id }) => id)).size).toBeGreaterThan(15);
});

test.each(cases.filter(({ name }) => !(name in DIFFERENT)))(
  'a keyfile is told what a policy is told of $name',
  ({ id, one, settings, annotations }) => {
    const said = (document: object) => severities(id, one, document);
    expect(said(keyfile(settings, {}, { annotations }))).toEqual(
      said(policy(settings, { selector: { 'node-role.kubernetes.io/worker': '' }, annotations })),
    );
  },
);

function severities(id: RuleId, one: Case, document: object): string[] {
  return new Judge([RULE_BY_ID.get(id)!]).judge(new DocumentSet([document], factsOf(one))).findings.map(({ severity }) => severity);
}
