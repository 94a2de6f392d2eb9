import { execFile, execFileSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiDocument, ApiStandIn } from './api-stand-in';
import { clusterNode, enactment, machineConfigDaemon, ovnkubeNode, policy, pool } from './cluster-states';
import { requireTools } from './tools';

const SCRIPT = join(__dirname, '../../src/constructs/verification/ipsec-verify.sh');

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

/** What was said, whatever time it took on a busy machine. */
function untimed(said: string): string {
  return said.replace(/after \d+ s/, 'after … s');
}

/** Runs the script against the stand-in as it stands. */
async function verify(env: { [name: string]: string } = {}, script = SCRIPT) {
  const log = join(directory, 'termination-log');
  writeFileSync(log, '');
  const { status, stdout, stderr } = await new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
    execFile('/bin/sh', [script], {
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

/** A program that takes the place of oc. */
function client(body: string): string {
  const file = join(mkdtempSync(join(directory, 'client-')), 'oc');
  writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
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
      enactment('ipsec-storage', 'worker-0.example.com', 'Available'), enactment('ipsec-storage', 'worker-1.example.com', 'Available'),
      enactment('other', 'worker-1', 'Failing')]);
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

  test('in mode Full has a database on each node that says so', async () => {
    standIn.reset([...POOLS, ovnkubeNode('ovnkube-node-5xqbf'), ovnkubeNode('ovnkube-node-6mwcx')]);
    standIn.execOutput = 'true\n';
    const { status, lines } = await verify({ IPSEC_MODE: 'Full', IPSEC_DATABASE: 'yes' });
    expect(lines.slice(4)).toEqual([
      'OK    northbound database in ovnkube-node-5xqbf: ipsec is true',
      'OK    northbound database in ovnkube-node-6mwcx: ipsec is true',
      'IPsec verified in mode Full: all 6 checks passed',
    ]);
    expect(status).toBe(0);
    expect(standIn.executed).toEqual(
      ['5xqbf', '6mwcx'].map((pod) => `openshift-ovn-kubernetes/ovnkube-node-${pod}: ovn-nbctl --no-leader-only get nb_global . ipsec`),
    );
  });

  test('without leave to look into the database is not asked for it', async () => {
    standIn.reset(POOLS);
    expect(await verify({ IPSEC_MODE: 'Full', IPSEC_DATABASE: 'no' })).toMatchObject({
      status: 0,
      last: 'IPsec verified in mode Full: all 4 checks passed\n',
    });
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
    [
      'is updating',
      [POOLS[0], pool('worker', { updated: 1 })],
      {},
      ['WAIT  pool worker: 1 of 3 machines updated, updating to rendered-worker-0b7f4c21'],
    ],
    [
      'is about to update',
      [POOLS[0], pool('worker', { stale: true })],
      {},
      ['WAIT  pool worker: 3 of 3 machines updated, updating to rendered-worker-0b7f4c21'],
    ],
    ['is degraded', [POOLS[0], pool('worker', { updated: 2, degraded })], {},
      [
        'FAIL  pool worker: 2 of 3 machines updated, degraded: "Node worker-1.example.com is reporting: '
          + '\\"unexpected on-disk state\\"\\nsecond line"',
      ]],
    [
      'is paused',
      [POOLS[0], pool('worker', { updated: 0, paused: true })],
      {},
      ['FAIL  pool worker: 0 of 3 machines updated, paused: it takes no change before it is unpaused'],
    ],
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
    [
      'has a policy for no node',
      [...POOLS, policy('p', 'Ignored')],
      { IPSEC_POLICIES: 'p' },
      ['FAIL  policy p: no node matches its selector'],
    ],
    [
      'has a policy in progress',
      [...POOLS, policy('p', 'Progressing'), enactment('p', 'worker-0', 'Available'), enactment('p', 'worker-1', 'Pending')],
      { IPSEC_POLICIES: 'p' },
      ['WAIT  policy p: in progress', 'WAIT  policy p on worker-1: Pending'],
    ],
    ['has a failing enactment', [...POOLS, policy('p', 'Degraded', '1/2 nodes failed to configure, 1 nodes aborted configuration'),
      enactment('p', 'worker-0', 'Failing', 'error reconciling: rolling back\nIpsec connection failed'),
      enactment('p', 'worker-1', 'Aborted')], { IPSEC_POLICIES: 'p' },
    ['FAIL  policy p: degraded: "1/2 nodes failed to configure, 1 nodes aborted configuration"',
      'FAIL  policy p on worker-0: failing: "error reconciling: rolling back\\nIpsec connection failed"',
      'FAIL  policy p on worker-1: aborted, because another node failed']],
    [
      "has a node whose pod can't be asked",
      [...POOLS, ovnkubeNode('ovnkube-node-5xqbf', false)],
      { IPSEC_MODE: 'Full', IPSEC_DATABASE: 'yes' },
      ['WAIT  northbound database in ovnkube-node-5xqbf: the pod is not ready'],
    ],
    [
      'has no pod to ask',
      POOLS,
      { IPSEC_MODE: 'Full', IPSEC_DATABASE: 'yes' },
      ['WAIT  northbound database: there is no pod of ovnkube-node'],
    ],
    ['does not encrypt', [...POOLS, ovnkubeNode('ovnkube-node-5xqbf')], { IPSEC_MODE: 'Full', IPSEC_DATABASE: 'yes' },
      ['WAIT  northbound database in ovnkube-node-5xqbf: ipsec is not set, not true']],
  ])('because it %s, fails with that as its last words', async (_, documents, env, problems) => {
    standIn.reset(documents);
    const { status, last } = await verify(env);
    expect(status).toBe(1);
    expect(untimed(last)).toBe(
      [`IPsec in mode ${env.IPSEC_MODE ?? 'External'} is not as it should be after … s`, ...problems, ''].join('\n'),
    );
  });

  test('has a database on one node that does not say so, although the others\' do', async () => {
    standIn.reset([...POOLS, ovnkubeNode('ovnkube-node-5xqbf', false), ovnkubeNode('ovnkube-node-6mwcx')]);
    standIn.execOutput = 'true\n';
    expect(await verify({ IPSEC_MODE: 'Full', IPSEC_DATABASE: 'yes' })).toMatchObject({
      status: 1,
      last: expect.stringContaining('ovnkube-node-5xqbf: the pod is not ready'),
    });
  });

  test('because its NMState operator is not installed, fails with that as its last words', async () => {
    standIn.reset(POOLS);
    standIn.unknownGroups = ['nmstate.io'];
    expect((await verify({ IPSEC_POLICIES: 'p' })).last.split('\n')[1]).toBe(
      'FAIL  policy p: the cluster does not know this kind; is its operator installed?',
    );
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
    standIn.reset(
      [pool('master', { updated: 0 }), pool('worker', { extension: false })],
      [POOLS[0], pool('worker', { updated: 2 })],
      POOLS,
    );
    expect(await verify({ IPSEC_TIMEOUT: '30' })).toMatchObject({
      status: 0,
      last: 'IPsec verified in mode External: all 4 checks passed\n',
    });
  });

  test('ends at once for what takes a person, unless the next look finds it mended', async () => {
    standIn.reset([POOLS[0], pool('worker', { paused: true })]);
    expect((await verify({ IPSEC_TIMEOUT: '30' })).last.split('\n')[0]).toMatch(
      /^IPsec in mode External is not as it should be after \d+ s$/,
    );
    standIn.reset([POOLS[0], pool('worker', { degraded: 'for a moment' })], POOLS);
    expect((await verify({ IPSEC_TIMEOUT: '30' })).status).toBe(0);
  });

  test('ends in time', async () => {
    standIn.reset([POOLS[0], pool('worker', { updated: 1 })]);
    const { status, last } = await verify({ IPSEC_TIMEOUT: '10' });
    expect(last).toMatch(/^IPsec in mode External is not as it should be after \d+ s\nWAIT {2}pool worker: 1 of 3 machines updated, .*\n$/);
    expect(status).toBe(1);
  });

  test('keeps what it saw where the time cuts the last look off', async () => {
    standIn.reset([POOLS[0], pool('worker', { updated: 1 })]);
    const seen = join(directory, 'seen');
    const hangs = client(`[ ! -e ${seen} ] || exec sleep 300; case " $* " in *" worker "*) : >${seen} ;; esac; exec kubectl "$@"`);
    const { status, last } = await verify({ OC: hangs, IPSEC_TIMEOUT: '12' });
    expect(status).toBe(1);
    expect(untimed(last)).toBe('IPsec in mode External is not as it should be after … s\n'
      + 'WAIT  pool worker: 1 of 3 machines updated, updating to rendered-worker-0b7f4c21\n');
  });
});

const AVAILABLE = policy('p', 'Available', '2/2 nodes successfully configured');
/** An object with another status, or with parts of the one that it has. */
function withStatus(document: ApiDocument, status: object | undefined): ApiDocument {
  return { ...document, status };
}
const statusOf = (document: ApiDocument) => document.status as { readonly [field: string]: unknown };

describe('a cluster that says too little', () => {
  test.each<[string, ApiDocument[], { [name: string]: string }, string[]]>([
    ['a pool without machines', [POOLS[0], pool('worker', { machines: 0 })], {},
      ['FAIL  pool worker: has no machines, so there is nothing to verify; leave it out unless machines belong in it']],
    ['a pool without a status', [POOLS[0], withStatus(POOLS[1], undefined)], {},
      ['WAIT  pool worker: has no count of machines yet', 'WAIT  pool worker: has no rendered configuration yet']],
    ['a pool without a count', [POOLS[0], withStatus(POOLS[1], { ...statusOf(POOLS[1]), machineCount: undefined })], {},
      ['WAIT  pool worker: has no count of machines yet']],
    ['a pool without conditions', [POOLS[0], withStatus(POOLS[1], { ...statusOf(POOLS[1]), conditions: undefined })], {},
      ['WAIT  pool worker: 3 of 3 machines updated, updating to rendered-worker-0b7f4c21']],
    [
      'a pool whose count contradicts its condition',
      [POOLS[0], withStatus(POOLS[1], { ...statusOf(POOLS[1]), updatedMachineCount: 2 })],
      {},
      ['WAIT  pool worker: 2 of 3 machines updated, updating to rendered-worker-0b7f4c21'],
    ],
    [
      'a pool without a rendered configuration, in which no extension is no evidence',
      [pool('master', { extension: false }), withStatus(POOLS[1], { ...statusOf(POOLS[1]), configuration: undefined })],
      { IPSEC_MODE: 'Disabled' },
      [
        'WAIT  pool worker: 3 of 3 machines updated, updating to rendered-worker-0b7f4c21',
        'WAIT  pool worker: has no rendered configuration yet',
      ],
    ],
    ['a policy without enactments', [...POOLS, AVAILABLE], { IPSEC_POLICIES: 'p' }, ['WAIT  policy p: enactments of 0 nodes, of 2']],
    [
      'a policy that is enacted on fewer nodes than it says',
      [...POOLS, AVAILABLE, enactment('p', 'worker-0', 'Available')],
      { IPSEC_POLICIES: 'p' },
      ['WAIT  policy p: enactments of 1 nodes, of 2'],
    ],
    [
      'a policy that is available on no node',
      [...POOLS, policy('p', 'Available', '0/0 nodes successfully configured')],
      { IPSEC_POLICIES: 'p' },
      ['FAIL  policy p: no node matches its selector'],
    ],
    [
      'a policy that does not say on how many nodes',
      [...POOLS, policy('p', 'Available'), enactment('p', 'worker-0', 'Available')],
      { IPSEC_POLICIES: 'p' },
      ['WAIT  policy p: available, but does not say on how many nodes'],
    ],
    [
      'enactments without a condition',
      [...POOLS, AVAILABLE, enactment('p', 'worker-0'), enactment('p', 'worker-1')],
      { IPSEC_POLICIES: 'p' },
      ['WAIT  policy p on worker-0: not begun', 'WAIT  policy p on worker-1: not begun'],
    ],
    ['an enactment of the policy before its last change', [...POOLS, { ...AVAILABLE, metadata: { name: 'p', generation: 2 } },
      enactment('p', 'worker-0', 'Available', '', 2), enactment('p', 'worker-1', 'Available', '', 1)], { IPSEC_POLICIES: 'p' },
    ['WAIT  policy p on worker-1: not begun with its latest change']],
  ])('as by %s, is not verified', async (_, documents, env, problems) => {
    standIn.reset(documents);
    const { status, last } = await verify(env);
    expect(status).toBe(1);
    expect(untimed(last)).toBe(
      [`IPsec in mode ${env.IPSEC_MODE ?? 'External'} is not as it should be after … s`, ...problems, ''].join('\n'),
    );
  });
});

describe('settings that say nothing', () => {
  const REFUSED = 'IPsec could not be verified, because it is not set what to verify, or with what';
  test.each<[{ [name: string]: string }, string[]]>([
    [{ IPSEC_MODE: 'banana' }, ["IPSEC_MODE ('banana') must be Disabled, External or Full"]],
    [{ IPSEC_MODE: '' }, ["IPSEC_MODE ('') must be Disabled, External or Full"]],
    [{ IPSEC_MODE: 'full' }, ["IPSEC_MODE ('full') must be Disabled, External or Full"]],
    [{ IPSEC_POOLS: '' }, ["IPSEC_POOLS ('') must name at least one MachineConfigPool, such as worker"]],
    [{ IPSEC_POOLS: ' ' }, ["IPSEC_POOLS (' ') must name at least one MachineConfigPool, such as worker"]],
    [
      { IPSEC_POOLS: '--all *' },
      [
        "'--all' in IPSEC_POOLS or IPSEC_POLICIES can't be an object's name: lower-case letters, digits, '-' and '.'",
        "'*' in IPSEC_POOLS or IPSEC_POLICIES can't be an object's name: lower-case letters, digits, '-' and '.'",
      ],
    ],
    [
      { IPSEC_POLICIES: 'a,b' },
      ["'a,b' in IPSEC_POOLS or IPSEC_POLICIES can't be an object's name: lower-case letters, digits, '-' and '.'"],
    ],
    [{ IPSEC_DATABASE: 'true' }, ["IPSEC_DATABASE ('true') must be yes or no"]],
    [{ IPSEC_TIMEOUT: '1h' }, ["IPSEC_TIMEOUT ('1h') must be a whole number of seconds, 0 to look once"]],
    [{ IPSEC_TIMEOUT: '08' }, ["IPSEC_TIMEOUT ('08') must be a whole number of seconds, 0 to look once"]],
    [{ IPSEC_INTERVAL: '0' }, ["IPSEC_INTERVAL ('0') must be a whole number of seconds, at least 1"]],
    [{ OC: 'no-such-oc' }, ["the command 'no-such-oc' is not there: use an image that has it"]],
  ])('such as %j are refused', async (env, problems) => {
    standIn.reset(POOLS);
    const lines = problems.map((problem) => `ERROR ${problem}`);
    expect(await verify(env)).toEqual({ status: 2, lines: [...lines, REFUSED], last: [REFUSED, ...lines, ''].join('\n') });
  });

  test.each(['date', 'grep', 'sed', 'sleep', 'sort', 'tail', 'timeout', 'tr'])('an image without %s verifies nothing', async (missing) => {
    const bin = mkdtempSync(join(directory, 'bin-'));
    for (const tool of ['date', 'grep', 'kubectl', 'sed', 'sh', 'sleep', 'sort', 'tail', 'timeout', 'tr'].filter((name) => name !== missing)) {
      symlinkSync(execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(bin, tool));
    }
    standIn.reset(POOLS);
    const { status, lines } = await verify({ PATH: bin });
    expect(lines).toEqual([`ERROR the command '${missing}' is not there: use an image that has it`, REFUSED]);
    expect(status).toBe(2);
  });
});

describe('a client', () => {
  const NO_ANSWER = 'IPsec in mode External could not be verified, because the cluster did not answer';

  test.each([
    ['prints nothing', 'exit 0', 'an empty answer'],
    ['prints a line break', 'echo', 'an empty answer'],
    ['prints garbage', "printf 'ok\\033[2J\\007'", "an answer that can't be read: ok[2J"],
    [
      'breaks off',
      "printf 'paused=\\nwanted=a\\nmachines=3\\nupdated=3\\ncurrent=a\\nsource=80-ipsec-worker-extensions\\nUpdated=True \\n'",
      "an answer that can't be read: Updated=True ",
    ],
    ['fails without a word', 'exit 7', 'no answer'],
    [
      'fails with one',
      'echo "error: You must be logged in to the server (Unauthorized)" >&2; exit 1',
      'error: You must be logged in to the server (Unauthorized)',
    ],
  ])('that %s gives no evidence', async (_, body, problem) => {
    const line = `ERROR pool worker: ${problem}`;
    expect(await verify({ OC: client(body), IPSEC_POOLS: 'worker' })).toEqual({
      status: 2,
      lines: [line, NO_ANSWER],
      last: `${NO_ANSWER}\n${line}\n`,
    });
  });

  test.each([
    ['hangs', 'exec sleep 300'],
    ['hangs and does not listen', "trap '' TERM INT HUP; while :; do sleep 300; done"],
    ['prints without end', 'while echo machines=3; do sleep 0.1; done'],
  ])('that %s does not outlive the time', async (_, body) => {
    const { status, lines } = await verify({ OC: client(body), IPSEC_TIMEOUT: '3', IPSEC_POLICIES: 'p' });
    expect(lines[0]).toMatch(/^ERROR pool master: no answer within \d s$/);
    expect(lines.slice(1)).toEqual([
      'ERROR pool worker: not asked, because the time is over',
      'ERROR policy p: not asked, because the time is over',
      NO_ANSWER,
    ]);
    expect(status).toBe(2);
  });

  test('that hangs for one object is asked for the others', async () => {
    standIn.reset(POOLS);
    const hangs = client('case " $* " in *" master "*) exec sleep 300 ;; esac; exec kubectl "$@"');
    const quick = join(mkdtempSync(join(directory, 'script-')), 'ipsec-verify.sh');
    writeFileSync(quick, readFileSync(SCRIPT, 'utf8').replace('question_seconds=60', 'question_seconds=2'));
    const { status, lines } = await verify({ OC: hangs, IPSEC_POOLS: 'master worker' }, quick);
    expect(lines.slice(0, 3)).toEqual(['ERROR pool master: no answer within 2 s', WELL[2], WELL[3]]);
    expect(status).toBe(2);
  });

  test('that warns beside its answer is understood', async () => {
    standIn.reset(POOLS);
    const warns = client('echo "W1125 a warning of the API" >&2; exec kubectl "$@"');
    expect(await verify({ OC: warns })).toMatchObject({ status: 0, last: 'IPsec verified in mode External: all 4 checks passed\n' });
  });
});

describe('a cluster that does not answer', () => {
  test('for lack of rights has a status of its own, and says which rights', async () => {
    standIn.reset(POOLS);
    standIn.forbidden = true;
    const { status, lines, last } = await verify({
      IPSEC_POLICIES: 'ipsec-storage', IPSEC_MODE: 'Full', IPSEC_DATABASE: 'yes', IPSEC_CONNECTIONS: 'ipsec-storage',
    });
    const right = (of: string, what: string) => `ERROR ${of}: no right to ${what} (system:serviceaccount:n:ipsec-verification)`;
    const problems = [
      right('pool master', 'get machineconfigpools.machineconfiguration.openshift.io'),
      right('pool worker', 'get machineconfigpools.machineconfiguration.openshift.io'),
      right('policy ipsec-storage', 'get nodenetworkconfigurationpolicies.nmstate.io'),
      right('pods of ovnkube-node', 'list pods in namespace openshift-ovn-kubernetes'),
      right('pods of machine-config-daemon', 'list pods in namespace openshift-machine-config-operator'),
    ];
    const words = 'IPsec in mode Full could not be verified, because rights are missing';
    expect({ status, lines, last }).toEqual({
      status: 2,
      lines: [
        ...problems,
        words,
        'To see who may: oc adm policy who-can get machineconfigpools.machineconfiguration.openshift.io',
        'To see who may: oc adm policy who-can get nodenetworkconfigurationpolicies.nmstate.io',
        'To see who may: oc adm policy who-can list pods -n openshift-ovn-kubernetes',
        'To see who may: oc adm policy who-can list pods -n openshift-machine-config-operator',
      ],
      last: `${[words, ...problems].join('\n')}\n`,
    });
  });

  test('names the right to run a command in a pod, and takes what it does not know in the words of the server', async () => {
    const forbidden = (message: string) => client(`echo 'Error from server (Forbidden): ${message}' >&2; exit 1`);
    const said = async (message: string) => (await verify({ OC: forbidden(message), IPSEC_POOLS: 'worker' })).lines[0];
    expect(await said('pods "a" is forbidden: User "u" cannot create resource "pods/exec" in API group "" in the namespace "n": RBAC: role "r" not found'))
      .toBe('ERROR pool worker: no right to create pods/exec in namespace n (u)');
    expect(await said('by a webhook')).toBe('ERROR pool worker: Error from server (Forbidden): by a webhook');
  });

  test('at all has that status too, without a file for the last words either', async () => {
    const { status, lines } = await verify({
      KUBECONFIG: join(directory, 'missing'),
      IPSEC_TERMINATION_LOG: join(directory, 'missing', 'log'),
    });
    expect(status).toBe(2);
    expect(lines[0]).toMatch(/^ERROR pool master: /);
    expect(existsSync(join(directory, 'missing'))).toBe(false);
  });
});

test('the script is clean for shellcheck as a POSIX one', () => {
  expect(execFileSync('shellcheck', ['--shell=sh', SCRIPT], { encoding: 'utf8' })).toBe('');
});

describe('the proof of encryption', () => {
  const ENCRYPTED = 'encrypted 192.0.2.0/24\nstatus=0\n';
  const connections = { IPSEC_CONNECTIONS: 'ipsec-storage' };
  const nodes = [machineConfigDaemon('mcd-a', 'worker-0'), machineConfigDaemon('mcd-b', 'worker-1')];
  const looked = async (answer: string, env: { [name: string]: string } = {}, pods = nodes) => {
    standIn.reset([...POOLS, ...pods]);
    standIn.execOutput = answer;
    const { status, lines } = await verify({ ...connections, ...env });
    return { status, said: lines.filter((line) => line.includes('connection')) };
  };

  test('asks each node through its machine-config-daemon', async () => {
    expect(await looked('encrypted 192.0.2.0/24\ncertificate left_server AB12\nstatus=0\n', { IPSEC_FINGERPRINTS: 'FF AB12' })).toEqual({
      status: 0,
      said: ['worker-0', 'worker-1'].flatMap((node) => [
        `OK    connection ipsec-storage on ${node}: the kernel encrypts for 192.0.2.0/24`,
        `OK    connection ipsec-storage on ${node}: certificate left_server is the one in the manifests`,
      ]),
    });
    expect(standIn.executed[0]).toMatch(
      /^openshift-machine-config-operator\/mcd-a: chroot \/rootfs \/bin\/sh -c .*ipsec-check\.sh prove.* prove ipsec-storage$/,
    );
  });

  test('fails where the kernel does not encrypt, and says why', async () => {
    const { status, said } = await looked(
      'ipsec-storage: the kernel has no ESP policy with security associations for 192.0.2.0/24\nstatus=1\n',
    );
    expect([status, said[0]]).toEqual([
      1,
      'WAIT  connection ipsec-storage on worker-0: the kernel has no ESP policy with security associations for 192.0.2.0/24',
    ]);
  });

  test('fails where a node has another certificate', async () => {
    const { status, said } = await looked('encrypted 192.0.2.0/24\ncertificate left_server AB12\nstatus=0\n', { IPSEC_FINGERPRINTS: 'FF' });
    expect([status, said[1]]).toEqual([
      1,
      'WAIT  connection ipsec-storage on worker-0: certificate left_server is not the one in the manifests',
    ]);
  });

  test('fails where no node has the connection, and passes over nodes without the script where nobody says which have it', async () => {
    const missing = '/bin/sh: line 1: /usr/local/bin/ipsec-check.sh: No such file or directory\nstatus=127\n';
    for (const answer of [missing, 'status=0\n']) {
      expect(await looked(answer)).toEqual({ status: 1, said: ['FAIL  connection ipsec-storage: none of the nodes has it'] });
    }
    standIn.reset([...POOLS, ...nodes]);
    standIn.execOutputIn = { 'mcd-a': missing, 'mcd-b': ENCRYPTED };
    expect((await verify(connections)).lines.filter((line) => line.includes('connection'))).toEqual([
      'OK    connection ipsec-storage on worker-1: the kernel encrypts for 192.0.2.0/24',
    ]);
  });

  test('says why a node can not be looked at', async () => {
    const { status, said } = await looked("ipsec-check: 'ip xfrm policy' failed: it needs root\nstatus=2\n");
    expect([status, said[0]]).toEqual([
      1, "FAIL  connection ipsec-storage on worker-0: can't be looked at: ipsec-check: 'ip xfrm policy' failed: it needs root",
    ]);
  });

  test.each([
    ['is lost', '', 'an empty answer'],
    ['is cut off', 'encrypted 192.0.2.0/24\n', "an answer that can't be read: encrypted 192.0.2.0/24"],
  ])('is no proof where an answer %s', async (_, answer, why) => {
    expect(await looked(answer)).toEqual({
      status: 2, said: ['worker-0', 'worker-1'].map((node) => `ERROR connection ipsec-storage on ${node}: ${why}`),
    });
  });

  test('waits for a pod that is not ready', async () => {
    const { said } = await looked('', {}, [machineConfigDaemon('mcd-a', 'worker-0', false)]);
    expect(said).toEqual(['WAIT  connection ipsec-storage on worker-0: the pod to ask with is not ready']);
  });

  describe('of nodes that are chosen by their labels', () => {
    const worker = 'ipsec-storage@node-role.kubernetes.io/worker=';
    const cluster = [
      ...POOLS, ...nodes, machineConfigDaemon('mcd-m', 'master-0'), clusterNode('master-0', ['control-plane', 'master']), clusterNode('worker-0', ['worker']),
      clusterNode('worker-1', ['worker', 'infra'], { zone: 'a' }),
    ];
    const proof = async (chosen: string, answers: { [pod: string]: string } = {}, documents: ApiDocument[] = cluster) => {
      standIn.reset(documents);
      standIn.execOutput = ENCRYPTED;
      standIn.execOutputIn = { 'mcd-m': '/bin/sh: 1: /usr/local/bin/ipsec-check.sh: not found\nstatus=127\n', ...answers };
      const { status, lines } = await verify({ IPSEC_CONNECTIONS: chosen });
      return { status, said: lines.filter((line) => line.includes('connection')) };
    };
    const encrypts = (host: string) => `OK    connection ipsec-storage on ${host}: the kernel encrypts for 192.0.2.0/24`;

    test('passes where each of them encrypts: the control plane, which has no script, is not asked', async () => {
      expect(await proof(worker)).toEqual({ status: 0, said: [encrypts('worker-0'), encrypts('worker-1')] });
      expect(standIn.executed.map((command) => command.split(':')[0])).toEqual([
        'openshift-machine-config-operator/mcd-a', 'openshift-machine-config-operator/mcd-b',
      ]);
    });

    test.each([
      ['several labels of one node', 'ipsec-storage@node-role.kubernetes.io/worker=,zone=a', ['worker-1']],
      ['two choices', 'ipsec-storage@kubernetes.io/hostname=worker-1 ipsec-storage@kubernetes.io/hostname=worker-0', ['worker-0', 'worker-1']],
      ['a value that begins like another', 'ipsec-storage@kubernetes.io/hostname=worker-1', ['worker-1']],
    ])('takes %s', async (_, chosen, hosts) => {
      const more = [...cluster, clusterNode('worker-10', []), machineConfigDaemon('mcd-c', 'worker-10')];
      expect(await proof(chosen, {}, more)).toEqual({ status: 0, said: hosts.map(encrypts) });
    });

    test('no label at all chooses every node', async () => {
      expect(await proof('ipsec-storage@')).toEqual({
        status: 1,
        said: [
          'WAIT  connection ipsec-storage on master-0: the node has no ipsec-check.sh: the MachineConfig of IpsecMonitoring is not on it yet',
          encrypts('worker-0'), encrypts('worker-1'),
        ],
      });
    });

    test.each([
      ['has no such connection', 'status=0\n', 'the node does not have it, though its labels are those of the endpoint'],
      ['does not encrypt', 'ipsec-storage: the kernel has no ESP policy with security associations for 192.0.2.0/24\nstatus=1\n',
        'the kernel has no ESP policy with security associations for 192.0.2.0/24'],
      ['is not updated yet', 'ipsec-check: /etc/ipsec-check/ipsec-storage is not there: the MachineConfig of IpsecMonitoring writes it\nstatus=2\n',
        'the MachineConfig of IpsecMonitoring on the node does not have it yet'],
    ])('fails where one of them %s', async (_, answer, why) => {
      expect(await proof(worker, { 'mcd-b': answer })).toEqual({
        status: 1, said: [encrypts('worker-0'), `WAIT  connection ipsec-storage on worker-1: ${why}`],
      });
    });

    test('fails where there are none, and where one of them can not be asked', async () => {
      expect(await proof('ipsec-storage@zone=b')).toEqual({
        status: 1, said: ['FAIL  connection ipsec-storage: no node has the labels that its endpoint selects'],
      });
      const without = cluster.filter(({ metadata }) => metadata.name !== 'mcd-b');
      expect(await proof(worker, {}, without)).toEqual({
        status: 1,
        said: [
          encrypts('worker-0'), 'WAIT  connection ipsec-storage on worker-1: there is no pod of machine-config-daemon to ask with',
        ],
      });
    });
  });

  test('refuses what chooses no nodes', async () => {
    expect((await verify({ IPSEC_CONNECTIONS: 'a@b=c|d' })).lines[0]).toBe(
      "ERROR 'a@b=c|d' in IPSEC_CONNECTIONS can't choose nodes: KEY=VALUE, with ',' between them, behind the '@'",
    );
  });

  test('refuses what is no connection', async () => {
    expect((await verify({ IPSEC_CONNECTIONS: 'a;b' })).lines[0]).toBe(
      "ERROR 'a;b' in IPSEC_CONNECTIONS can't be a connection: letters, digits, '-', '_', '.' and ':'",
    );
  });
});
