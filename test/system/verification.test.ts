import { execFile, execFileSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiDocument, ApiStandIn } from './api-stand-in';
import { enactment, ovnkubeNode, policy, pool } from './cluster-states';
import { requireTools } from './tools';

const SCRIPT = join(__dirname, '../../src/verification/ipsec-verify.sh');

let standIn: ApiStandIn;
let directory: string;

beforeAll(async () => {
  // From 1.30 on, which runs commands in pods by WebSocket as the stand-in does; Debian's own is older.
  requireTools({ kubectl: 'kubectl (https://pkgs.k8s.io)', shellcheck: 'shellcheck' });
  standIn = await ApiStandIn.start();
  directory = mkdtempSync(join(tmpdir(), 'verify-'));
  writeFileSync(join(directory, 'config'), standIn.kubeconfig);
});
afterAll(async () => {
  await standIn.stop();
  rmSync(directory, { recursive: true });
});

/** Runs the script against the stand-in as it stands. */
async function verify(env: { [name: string]: string } = {}) {
  const log = join(directory, 'termination-log');
  writeFileSync(log, '');
  const { status, stdout, stderr } = await new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    execFile('sh', [SCRIPT], {
      env: {
        PATH: process.env.PATH,
        HOME: mkdtempSync(join(directory, 'home-')),
        KUBECONFIG: join(directory, 'config'),
        OC: 'kubectl',
        IPSEC_TERMINATION_LOG: log,
        IPSEC_MODE: 'External',
        IPSEC_POOLS: 'master worker',
        IPSEC_INTERVAL: '1',
        ...env,
      },
    }, (error, out, err) => resolve({ status: error ? Number(error.code) : 0, stdout: out, stderr: err }));
  });
  expect(stderr).toBe('');
  return { status, lines: stdout.trimEnd().split('\n'), last: readFileSync(log, 'utf8') };
}

const POOLS: ApiDocument[] = [pool('master'), pool('worker')];
const WELL = [
  'OK    pool master: 3 of 3 machines updated',
  'OK    pool master: has 80-ipsec-master-extensions',
  'OK    pool worker: 3 of 3 machines updated',
  'OK    pool worker: has 80-ipsec-worker-extensions',
];

describe('a cluster that is as it should be', () => {
  test('passes, step by step', async () => {
    standIn.reset([...POOLS, policy('ipsec-storage', 'Available', '2/2 nodes successfully configured'),
      enactment('ipsec-storage', 'worker-0.example.com', 'Available'), enactment('ipsec-storage', 'worker-1.example.com', 'Available'), enactment('other', 'worker-1', 'Failing')]);
    const words = 'IPsec verified in mode External: all 7 checks passed';
    expect(await verify({ IPSEC_POLICIES: 'ipsec-storage' })).toEqual({
      status: 0,
      lines: [
        ...WELL,
        'OK    policy ipsec-storage: available',
        'OK    policy ipsec-storage on worker-0.example.com: available',
        'OK    policy ipsec-storage on worker-1.example.com: available',
        words,
      ],
      last: `${words}\n`,
    });
  });

  test('in mode Full has a database that says so', async () => {
    standIn.reset([...POOLS, ovnkubeNode('ovnkube-node-5xqbf', false), ovnkubeNode('ovnkube-node-6mwcx')]);
    standIn.execOutput = 'true\n';
    const { status, lines } = await verify({ IPSEC_MODE: 'Full', IPSEC_DATABASE: 'yes' });
    expect(lines.slice(4)).toEqual(['OK    northbound database in ovnkube-node-6mwcx: ipsec is true', 'IPsec verified in mode Full: all 5 checks passed']);
    expect(status).toBe(0);
    expect(standIn.executed).toEqual(['openshift-ovn-kubernetes/ovnkube-node-6mwcx: ovn-nbctl --no-leader-only get nb_global . ipsec']);
  });

  test('without leave to look into the database is not asked for it', async () => {
    standIn.reset(POOLS);
    expect(await verify({ IPSEC_MODE: 'Full', IPSEC_DATABASE: 'no' })).toMatchObject({ status: 0, last: 'IPsec verified in mode Full: all 4 checks passed\n' });
  });

  test('that has IPsec disabled has no extension', async () => {
    standIn.reset([pool('master', { extension: false }), pool('worker', { extension: false })]);
    const { status, lines } = await verify({ IPSEC_MODE: 'Disabled' });
    expect(status).toBe(0);
    expect(lines[1]).toBe('OK    pool master: has no 80-ipsec-master-extensions');
  });

  test('has the worker\'s extension in a custom pool', async () => {
    standIn.reset([pool('infra')]);
    expect((await verify({ IPSEC_POOLS: 'infra' })).lines[1]).toBe('OK    pool infra: has 80-ipsec-worker-extensions');
  });
});

describe('a cluster that is not', () => {
  const degraded = 'Node worker-1.example.com is reporting: "unexpected on-disk state"\nsecond line';
  test.each<[string, ApiDocument[], { [name: string]: string }, string[]]>([
    ['is updating', [POOLS[0], pool('worker', { updated: 1 })], {}, ['WAIT  pool worker: 1 of 3 machines updated, updating to rendered-worker-0b7f4c21']],
    ['is about to update', [POOLS[0], pool('worker', { stale: true })], {}, ['WAIT  pool worker: 3 of 3 machines updated, updating to rendered-worker-0b7f4c21']],
    ['is degraded', [POOLS[0], pool('worker', { updated: 2, degraded })], {},
      ['FAIL  pool worker: 2 of 3 machines updated, degraded: "Node worker-1.example.com is reporting: \\"unexpected on-disk state\\"\\nsecond line"']],
    ['is paused', [POOLS[0], pool('worker', { updated: 0, paused: true })], {}, ['FAIL  pool worker: 0 of 3 machines updated, paused: it takes no change before it is unpaused']],
    ['is paused although it is updated', [POOLS[0], pool('worker', { paused: true })], {},
      ['FAIL  pool worker: 3 of 3 machines updated, paused: it takes no change before it is unpaused']],
    ['lacks the extension', [POOLS[0], pool('worker', { extension: false })], {},
      ['WAIT  pool worker: has no 80-ipsec-worker-extensions yet; the network operator adds it in mode External']],
    ['keeps the extension', [pool('master', { extension: false }), POOLS[1]], { IPSEC_MODE: 'Disabled' },
      ['WAIT  pool worker: still has 80-ipsec-worker-extensions, which the network operator removes']],
    ['lacks a pool', [POOLS[0]], {}, ['FAIL  pool worker: not found']],
    ['lacks a policy', POOLS, { IPSEC_POLICIES: 'p' }, ['FAIL  policy p: not found']],
    ['has a policy that nobody has looked at', [...POOLS, policy('p'), enactment('p', 'worker-0')], { IPSEC_POLICIES: 'p' },
      ['WAIT  policy p: in progress', 'WAIT  policy p on worker-0: not begun']],
    ['has a policy for no node', [...POOLS, policy('p', 'Ignored')], { IPSEC_POLICIES: 'p' }, ['FAIL  policy p: no node matches its selector']],
    ['has a policy in progress', [...POOLS, policy('p', 'Progressing'), enactment('p', 'worker-0', 'Available'), enactment('p', 'worker-1', 'Pending')], { IPSEC_POLICIES: 'p' },
      ['WAIT  policy p: in progress', 'WAIT  policy p on worker-1: Pending']],
    ['has a failing enactment', [...POOLS, policy('p', 'Degraded', '1/2 nodes failed to configure, 1 nodes aborted configuration'),
      enactment('p', 'worker-0', 'Failing', 'error reconciling: rolling back\nIpsec connection failed'), enactment('p', 'worker-1', 'Aborted')], { IPSEC_POLICIES: 'p' },
    ['FAIL  policy p: degraded: "1/2 nodes failed to configure, 1 nodes aborted configuration"',
      'FAIL  policy p on worker-0: failing: "error reconciling: rolling back\\nIpsec connection failed"',
      'FAIL  policy p on worker-1: aborted, because another node failed']],
    ['has no pod to ask', [...POOLS, ovnkubeNode('ovnkube-node-5xqbf', false)], { IPSEC_MODE: 'Full', IPSEC_DATABASE: 'yes' },
      ['WAIT  northbound database: no pod of ovnkube-node is ready']],
    ['does not encrypt', [...POOLS, ovnkubeNode('ovnkube-node-5xqbf')], { IPSEC_MODE: 'Full', IPSEC_DATABASE: 'yes' },
      ['WAIT  northbound database in ovnkube-node-5xqbf: ipsec is not set, not true']],
  ])('because it %s, fails with that as its last words', async (_, documents, env, problems) => {
    standIn.reset(documents);
    const { status, last } = await verify(env);
    expect({ status, last }).toEqual({ status: 1, last: [`IPsec in mode ${env.IPSEC_MODE ?? 'External'} is not as it should be after 0 s`, ...problems, ''].join('\n') });
  });

  test('because its NMState operator is not installed, fails with that as its last words', async () => {
    standIn.reset(POOLS);
    standIn.unknownGroups = ['nmstate.io'];
    expect((await verify({ IPSEC_POLICIES: 'p' })).last.split('\n')[1]).toBe('FAIL  policy p: the cluster does not know this kind; is its operator installed?');
  });

  test('keeps its last words within what Kubernetes takes', async () => {
    const policies = Array.from({ length: 60 }, (__, i) => `policy-of-quite-a-length-${i}`);
    standIn.reset([...POOLS, ...policies.map((name) => policy(name, 'Degraded', 'x'.repeat(5000)))]);
    const { last } = await verify({ IPSEC_POLICIES: policies.slice(0, 20).join(' ') });
    expect(last.length).toBe(4000);
  }, 120_000);
});

describe('waiting', () => {
  test('ends as soon as all is well', async () => {
    standIn.reset([pool('master', { updated: 0 }), pool('worker', { extension: false })], [POOLS[0], pool('worker', { updated: 2 })], POOLS);
    expect(await verify({ IPSEC_TIMEOUT: '30' })).toMatchObject({ status: 0, last: 'IPsec verified in mode External: all 4 checks passed\n' });
  });

  test('ends at once for what takes a person, unless the next look finds it mended', async () => {
    standIn.reset([POOLS[0], pool('worker', { paused: true })]);
    expect((await verify({ IPSEC_TIMEOUT: '30' })).last.split('\n')[0]).toBe('IPsec in mode External is not as it should be after 1 s');
    standIn.reset([POOLS[0], pool('worker', { degraded: 'for a moment' })], POOLS);
    expect((await verify({ IPSEC_TIMEOUT: '30' })).status).toBe(0);
  });

  test('ends in time', async () => {
    standIn.reset([POOLS[0], pool('worker', { updated: 1 })]);
    expect((await verify({ IPSEC_TIMEOUT: '2' })).last.split('\n')[0]).toBe('IPsec in mode External is not as it should be after 2 s');
  });
});

describe('a cluster that does not answer', () => {
  test('for lack of rights has a status of its own', async () => {
    standIn.reset(POOLS);
    standIn.forbidden = true;
    const { status, last } = await verify();
    expect(status).toBe(2);
    expect(last.split('\n')[0]).toBe('IPsec in mode External could not be verified, because the cluster did not answer');
    expect(last).toContain('ERROR pool master: Error from server (Forbidden): machineconfigpools/master is forbidden');
  });

  test('at all has that status too, without a file for the last words either', async () => {
    const { status, lines } = await verify({ KUBECONFIG: join(directory, 'missing'), IPSEC_TERMINATION_LOG: join(directory, 'missing', 'log') });
    expect(status).toBe(2);
    expect(lines[0]).toMatch(/^ERROR pool master: /);
    expect(existsSync(join(directory, 'missing'))).toBe(false);
  });
});

test('the script is clean for shellcheck as a POSIX one', () => {
  expect(execFileSync('shellcheck', ['--shell=sh', SCRIPT], { encoding: 'utf8' })).toBe('');
});
