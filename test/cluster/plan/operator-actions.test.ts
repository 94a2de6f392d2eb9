import { execFileSync, spawnSync } from 'child_process';
import { existsSync, mkdirSync } from 'fs';
import { join } from 'path';
import * as fc from 'fast-check';
import { Change, changeArbitrary, MachineConfig } from './changes';
import { DocumentSet } from '../../../src/documents/document-set';
import { planOf } from '../../../src/plan/plan';

const REPOSITORY = join(__dirname, '../../..');

/** The program; built where nobody names one that is there. */
const OPERATOR = process.env.PLAN_OPERATOR ?? join(REPOSITORY, 'dist/cluster/plan-operator');

interface Answer {
  readonly refused?: string;
  readonly files: readonly string[];
  readonly units: readonly string[];
  readonly actions: readonly string[];
}

beforeAll(() => {
  if (existsSync(OPERATOR)) return;
  mkdirSync(join(REPOSITORY, 'dist/cluster'), { recursive: true });
  execFileSync('sh', [join(__dirname, 'operator/build.sh'), OPERATOR], { stdio: 'inherit' });
});

/** The MachineConfigs of a pool, which this test knows and the program is not asked. */
const ROLES_OF: { readonly [pool: string]: readonly string[] } = { master: ['master'], worker: ['worker'], infra: ['worker', 'infra'] };

const roleOf = ({ metadata }: MachineConfig) => metadata.labels['machineconfiguration.openshift.io/role'];

function ask(questions: readonly object[]): Answer[] {
  const { stdout, stderr, status } = spawnSync(OPERATOR, { input: questions.map((question) => `${JSON.stringify(question)}\n`).join(''), encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim().split('\n').map((line) => JSON.parse(line) as Answer);
}

const changes = fc.sample(changeArbitrary, { seed: 20261127, numRuns: 400 });
const cases = changes.flatMap((change) => Object.keys(ROLES_OF).map((pool) => ({ change, pool })));

function ours({ before, after, policies }: Change, pool: string) {
  const set = (configs: readonly MachineConfig[]) => new DocumentSet([...configs, ...policies ? [policies] : []]);
  const plan = planOf(set(before), set(after), { nodes: new Map([[pool, 1]]), rebootMinutes: 12, time: new Date(0) });
  const found = plan.pools.find((one) => one.pool === pool)!;
  const paths = (test: (path: string) => boolean) => [...new Set(found.causes.filter(({ path, action }) => action !== 'Refused' && test(path)).map(({ path }) => path))].sort();
  return { ...found, files: paths((path) => path.startsWith('/')), units: paths((path) => /\.(service|timer)$/.test(path) && !path.startsWith('/')) };
}

test('for 400 changes of three pools, the operator does what the plan says', () => {
  const answers = ask(cases.map(({ change: { before, after, policies }, pool }) => {
    const own = (configs: readonly MachineConfig[]) => configs.filter((config) => ROLES_OF[pool].includes(roleOf(config)));
    return { old: own(before), new: own(after), policies: policies ?? null };
  }));
  const wrong = cases.flatMap(({ change, pool }, i) => {
    const [found, answer] = [ours(change, pool), answers[i]];
    const said = found.refused ? 'refused' : { actions: found.changed ? found.actions : ['None'], files: found.files, units: found.units };
    const wanted = answer.refused !== undefined ? 'refused' : { actions: answer.actions, files: answer.files, units: answer.units };
    return JSON.stringify(said) === JSON.stringify(wanted) ? [] : [{ i, pool, said, wanted, why: answer.refused }];
  });
  expect(wrong.slice(0, 3)).toEqual([]);
  const kinds = new Set(answers.map(({ refused, actions }) => refused === undefined ? actions.join() : 'refused'));
  // The generator is worth something only if it reaches what there is.
  for (const kind of ['Reboot', 'None', 'refused', 'Restart ipsec-import.service', 'Drain', 'DaemonReload']) expect(kinds).toContain(kind);
  expect(answers.filter(({ actions, refused }) => refused === undefined && actions.length > 0 && !['Reboot', 'None'].includes(actions[0])).length).toBeGreaterThan(100);
});
