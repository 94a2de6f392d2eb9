import { documentsOf, factsOf, readCases } from './cases';
import { sentence } from '../../src/core/sentence';
import { DocumentSet } from '../../src/documents/document-set';
import { RULE_BY_ID, RULES } from '../../src/rules/catalogue';
import { Judge } from '../../src/rules/judge';

const CASES = readCases();

/** Rules whose cases need certificates, which are made: certificate-rules.test.ts. */
const OF_CERTIFICATES = RULES.map(({ id }) => id).filter(
  (id) => /^(?:certificate|pkcs12|private-key|password-in-manifest)/.test(id) && !CASES.has(id),
);

test('every rule has cases, and every file of cases a rule', () => {
  expect([...CASES.keys(), ...OF_CERTIFICATES].sort()).toEqual(RULES.map(({ id }) => id).sort());
});

describe.each([...CASES])('%s', (id, { breaks, passes }) => {
  const rule = RULE_BY_ID.get(id)!;
  const judge = new Judge([rule]);
  const found = (one: (typeof breaks)[number]) => {
    const documents = documentsOf(one);
    return judge.judge(new DocumentSet(documents, factsOf(one, documents))).findings.map((finding) => ({
      severity: finding.severity,
      at: finding.pointer,
      document: documents.indexOf(finding.subject.document as never) + 1,
      says: sentence(finding),
    }));
  };

  test.each(breaks.map((one) => [one.case, one] as const))('finds: %s', (_, one) => {
    expect(found(one)).toEqual(
      [one.finds!].flat().map(({ severity = rule.severity, at, document = 1, says }) => ({ severity, at, document, says })),
    );
  });

  test.each(passes.map((one) => [one.case, one] as const))('lets pass: %s', (_, one) => {
    expect(found(one)).toEqual([]);
  });
});
