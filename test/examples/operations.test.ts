import { spawnSync } from 'child_process';
import { mkdtempSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parse } from 'yaml';
import { objects } from './run-example';
import { operations } from '../../examples/operations';
import { call } from '../cli/in-process';

const ROOT = join(__dirname, '../..');
const out = join(mkdtempSync(join(tmpdir(), 'operations-')), 'out');
const state = (name: string) => join(out, name);
let warnings: string[];

beforeAll(() => {
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    operations(out);
    warnings = told.mock.calls.map(([text]) => String(text));
  } finally {
    told.mockRestore();
  }
});

const plan = (...args: string[]) => call(['plan', state('before'), state('after'), '--nodes', 'worker=6', ...args]);

test('the rollout has its order in the names of the files, and a script that a shell can read', () => {
  expect(warnings).toEqual([]);
  for (const [name, policies] of [['before', ['ipsec-gateway', 'ipsec-storage']], ['after', ['ipsec-storage']]] as const) {
    const kinds = objects(state(name)).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds.filter((kind) => /^(MachineConfig|Network|PrometheusRule|Job) /.test(kind))).toEqual([
      'MachineConfig 99-worker-import-certs', 'Network cluster', 'MachineConfig 99-worker-ipsec-monitoring', 'PrometheusRule ipsec',
      'Job ipsec-verification',
    ]);
    expect(kinds.filter((kind) => kind.startsWith('NodeNetworkConfigurationPolicy')).sort())
      .toEqual(policies.map((policy) => `NodeNetworkConfigurationPolicy ${policy}`));
    expect(spawnSync('sh', ['-n', join(state(name), 'apply.sh')]).status).toBe(0);
  }
});

test.each(['before', 'after'])('check finds nothing to warn of in the state %s', (name) => {
  const { code, stdout } = call(['check', '--fail-on', 'warning', '--p12-password-file', join(out, `pki-${name}`, 'left_server.password'), state(name)]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('0 errors, 0 warnings')]);
});

/** Which day it is, and when the certificates of this run end. */
const anyDay = (text: string) => text.replace(/\d+ days left, until \d{4}-\d\d-\d\d/g, 'N days left, until then');

test('the plan between the states is the one that the page shows, and so is its picture', () => {
  const page = readFileSync(join(ROOT, 'docs/plan.md'), 'utf8');
  const [, shown] = /plan dist\/operations\/before dist\/operations\/after --nodes worker=6\n([^]*?)```/.exec(page)!;
  expect(anyDay(plan().stdout)).toBe(anyDay(shown));
  expect(plan('--format', 'svg').stdout).toBe(readFileSync(join(ROOT, 'docs/pictures/plan.svg'), 'utf8'));
});

test('what has to be merged by hand, and the dashboard for a Grafana, can be read', () => {
  expect(parse(readFileSync(join(out, 'cluster-monitoring-config.fragment.yaml'), 'utf8'))).toEqual({
    nodeExporter: { collectors: { systemd: { enabled: true, units: ['ipsec-(check|clear)@.+\\.service'] } } },
  });
  expect(JSON.parse(readFileSync(join(out, 'grafana-dashboard.json'), 'utf8'))).toMatchObject({ title: 'IPsec', uid: 'cdk8s-openshift-ipsec' });
});
