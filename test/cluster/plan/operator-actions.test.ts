import * as fc from 'fast-check';
import { Change, changeArbitrary, MachineConfig } from './changes';
import { DocumentSet } from '../../../src/documents/document-set';
import type { Plan } from '../../../src/plan/model';
import { planOf } from '../../../src/plan/plan';
import { judgeAll } from '../mco/judge';

/** The MachineConfigs of a pool, which this test knows and the program is not asked. */
const ROLES_OF: { readonly [pool: string]: readonly string[] } = { master: ['master'], worker: ['worker'], infra: ['worker', 'infra'] };

const roleOf = ({ metadata }: MachineConfig) => metadata.labels['machineconfiguration.openshift.io/role'];

const changes = fc.sample(changeArbitrary, { seed: 20261127, numRuns: 500 });
const POOLS = Object.keys(ROLES_OF);
const cases = changes.flatMap((change) => POOLS.map((pool) => ({ change, pool })));

function ours({ before, after, policies }: Change): Plan {
  const set = (configs: readonly MachineConfig[]) => new DocumentSet([...configs, ...policies ? [policies] : []]);
  return planOf(set(before), set(after), { nodes: new Map(POOLS.map((pool) => [pool, 1])), rebootMinutes: 12, time: new Date(0) });
}

function said({ pools }: Plan, pool: string): object | string {
  const { refused, changed, actions, causes } = pools.find((one) => one.pool === pool)!;
  const paths = (test: (path: string) => boolean) => [...new Set(causes.map(({ path }) => path).filter(test))].sort();
  const files = paths((path) => path.startsWith('/'));
  return refused
    ? 'refused'
    : { actions: changed ? actions : ['None'], files, units: paths((path) => /^[^/]*\.(service|timer)$/.test(path)) };
}

test('for 500 changes of three pools, the operator does what the plan says', () => {
  const answers = judgeAll(cases.map(({ change: { before, after, policies }, pool }) => {
    const own = (configs: readonly MachineConfig[]) => configs.filter((config) => ROLES_OF[pool].includes(roleOf(config)));
    return { old: own(before), new: own(after), policy: policies };
  }));
  const plans = changes.map(ours);
  const wrong = cases.flatMap(({ pool }, i) => {
    const [found, answer] = [said(plans[Math.floor(i / POOLS.length)], pool), answers[i]];
    const wanted = answer.refused !== undefined ? 'refused' : {
      actions: answer.actions ?? ['None'], files: answer.files ?? [], units: answer.units ?? [],
    };
    return JSON.stringify(found) === JSON.stringify(wanted) ? [] : [{ i, pool, found, wanted, why: answer.refused }];
  });
  expect(wrong.slice(0, 3)).toEqual([]);
  const kinds = new Set(answers.flatMap(({ refused, actions = ['None'] }) => refused === undefined ? actions : ['refused']));
  // The generator is worth something only if it reaches what there is.
  for (const kind of ['Reboot', 'None', 'refused', 'Restart ipsec-import.service', 'Drain', 'DaemonReload']) expect(kinds).toContain(kind);
  expect(
    answers.filter(({ actions = ['None'], refused }) => refused === undefined && actions.length > 0 && !['Reboot', 'None'].includes(actions[0]))
      .length,
  ).toBeGreaterThan(100);
});
