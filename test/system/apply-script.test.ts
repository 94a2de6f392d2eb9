import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { policy, pool } from './cluster-states';
import { requireTools, run } from './tools';
import { ExternalIpsecEndpoint, IpsecClusterConfig, IpsecGuard, IpsecRollout, IpsecRolloutProps, MtuMigration } from '../../src';
import { filledRollout, importByDaemonSet } from '../constructs/rollout/filled';

requireTools({ kubectl: 'kubectl (https://pkgs.k8s.io)', shellcheck: 'shellcheck', dash: 'dash' });

/** The names that the pool must have before the connections come. */
const ALL = ['99-worker-import-certs', '80-ipsec-worker-extensions'];

let folder: string;
let state: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apply-'));
  state = join(folder, 'cluster');
  mkdirSync(join(state, 'then'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * What takes the place of oc: objects are files, read by a real kubectl, so that its own JSONPath answers; what is applied is written
 * down, and may change the objects after some looks.
 */
function standIn(): void {
  writeFileSync(join(folder, 'oc'), `#!/bin/sh
cd "${state}" || exit 9
verb=$1 && shift
case $verb in
  get)
    kind=$1 name=$2
    case $name in -*) name=all ;; *) shift ;; esac
    shift
    while [ "$1" = -n ]; do shift 2; done
    if [ -e "looks-$kind-$name" ]; then sh ./"looks-$kind-$name"; fi
    [ -e "$kind-$name.json" ] || { echo "Error from server (NotFound): $kind \\"$name\\" not found" >&2; exit 1; }
    if [ "$name" = all ]; then cat "$kind-all.json"; exit; fi
    exec kubectl patch --local -f "$kind-$name.json" --type=merge -p '{}' "$@"
    ;;
  apply)
    for file; do :; done
    part=$(basename "$file" | sed 's/^[0-9]*-ipsec-//; s/-c[0-9a-f]*[.].*$//')
    echo "apply $part $*" | sed 's| -f .*||' >>log
    if [ -e "refuse-$part" ]; then cat "refuse-$part" >&2; exit 1; fi
    if [ -e "then/$part" ]; then sh "then/$part"; fi
    ;;
  delete) echo "delete $1 $2" >>log ;;
  *) exit 9 ;;
esac
`);
  chmodSync(join(folder, 'oc'), 0o755);
}

function put(kind: string, name: string, object: object): void {
  writeFileSync(join(state, `${kind}-${name}.json`), JSON.stringify(object));
}

/** What happens on the cluster when a chart is applied. */
function then(part: string, kind: string, name: string, object: object): void {
  writeFileSync(join(state, `${part}-${kind}-${name}.next`), JSON.stringify(object));
  const script = join(state, 'then', part);
  const before = existsSync(script) ? readFileSync(script, 'utf8') : '';
  writeFileSync(script, `${before}cp ${part}-${kind}-${name}.next ${kind}-${name}.json\n`);
}

const established = (name: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name },
  status: { conditions: [{ type: 'Established', status: 'True' }] },
});
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'nmstate-webhook' },
  status: { conditions: [{ type: 'Available', status: 'True' }] },
};
const job = (type: string) => ({
  apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'ipsec-verification' }, status: { conditions: [{ type, status: 'True' }] },
});
const POLICIES = 'nodenetworkconfigurationpolicies.nmstate.io';

interface PoolState {
  readonly wanted: string[];
  readonly current: string[];
  readonly paused?: boolean;
  readonly conditions?: { [type: string]: string };
}

function worker({ wanted, current, paused, conditions = { Updated: 'True', Degraded: 'False' } }: PoolState): object {
  const source = (names: string[]) =>
    ['00-worker', ...names].map((name) => ({ apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig', name }));
  const base = pool('worker') as any;
  return {
    ...base,
    spec: { ...base.spec, paused, configuration: { name: 'rendered-worker-b', source: source(wanted) } },
    status: {
      ...base.status,
      configuration: { name: 'rendered-worker-a', source: source(current) },
      conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })),
    },
  };
}

/** A cluster on which everything goes well. */
function goesWell(): void {
  standIn();
  put('machineconfigpool', 'worker', worker({ wanted: [], current: [] }));
  then('operator', 'customresourcedefinition', 'nmstates.nmstate.io', established('nmstates.nmstate.io'));
  then('nmstate', 'customresourcedefinition', POLICIES, established(POLICIES));
  then('nmstate', 'deployment', 'nmstate-webhook', deployment);
  then('mode', 'machineconfigpool', 'worker', worker({ wanted: ALL, current: ALL }));
  then(
    'endpoints',
    'nodenetworkconfigurationpolicy',
    'ipsec-storage',
    policy('ipsec-storage', 'Available', '1/1 nodes successfully configured'),
  );
  then('verification', 'job', 'ipsec-verification', job('Complete'));
}

function apply(
  props: Partial<IpsecRolloutProps> = {}, mtuMigration?: MtuMigration, env: { [name: string]: string } = {},
  more: (rollout: IpsecRollout, cluster: IpsecClusterConfig, storage: ExternalIpsecEndpoint) => void = () => {},
) {
  const outdir = join(folder, 'dist');
  const { app, rollout, cluster, storage } = filledRollout({ outdir }, props, mtuMigration);
  more(rollout, cluster, storage);
  app.synth();
  rollout.writeApplyScript();
  const { code, stdout, stderr } = run(join(outdir, 'apply.sh'), [], {
    env: { OC: join(folder, 'oc'), APPLY_INTERVAL: '0', APPLY_TIMEOUT: '0', HOME: folder, ...env },
  });
  const log = existsSync(join(state, 'log')) ? readFileSync(join(state, 'log'), 'utf8').trimEnd().split('\n') : [];
  return { code, said: stdout.trimEnd().replace(/-c[0-9a-f]{7}/g, '').split('\n'), stderr: stderr.trimEnd(), log };
}

const ORDER = ['operator', 'nmstate', 'certificates', 'mode', 'endpoints'];
const applied = (...parts: string[]) => parts.map((part) => `apply ${part} --server-side`);

test('applies everything in order, says what it waits for, and can be run again', () => {
  goesWell();
  const expected = [...applied(...ORDER), 'delete job ipsec-verification', ...applied('verification')];
  const { code, said, stderr, log } = apply();
  expect({ code, stderr, log }).toEqual({ code: 0, stderr: '', log: expected });
  expect(said).toEqual([
    'NEED  the password of the bundle left_server, which nothing here brings, and without which it is not imported: '
      + '/etc/pki/ipsec/left_server.password on each node of role master, worker',
    'APPLY 0000-ipsec-operator.k8s.yaml',
    'WAIT  for the NMState operator', 'OK    the NMState operator',
    'APPLY 0001-ipsec-nmstate.k8s.yaml', 'APPLY 0002-ipsec-certificates.k8s.yaml', 'APPLY 0003-ipsec-mode.k8s.yaml',
    'WAIT  for pool worker to be updated', 'OK    pool worker to be updated',
    'WAIT  for the kind of the policies', 'OK    the kind of the policies',
    'WAIT  for the webhook of the policies', 'OK    the webhook of the policies',
    'APPLY 0004-ipsec-endpoints.k8s.yaml',
    'WAIT  for policy ipsec-storage', 'OK    policy ipsec-storage',
    'APPLY 0005-ipsec-verification.k8s.yaml',
    'WAIT  for job ipsec-verification', 'OK    job ipsec-verification',
    'OK    everything is applied',
  ]);
  expect(apply()).toMatchObject({ code: 0, log: [...expected, ...expected] });
});

describe('a certificate that comes by a DaemonSet', () => {
  const daemonSet = (status: object) => ({
    apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'ipsec-cert-import-gateway', namespace: 'ipsec', generation: 2 }, status,
  });
  const applyWith = (status: object) => {
    goesWell();
    then('mode', 'daemonset', 'ipsec-cert-import-gateway', daemonSet(status));
    return apply({}, undefined, {}, (rollout, cluster) => importByDaemonSet(rollout.mode, cluster));
  };

  test.each([
    ['is ready on two nodes', { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 2 }],
    ['has no node yet', { observedGeneration: 2, desiredNumberScheduled: 0, numberReady: 0 }],
  ])('that %s is waited for between the pools and the connections', (_, status) => {
    const { code, said } = applyWith(status);
    expect(code).toBe(0);
    expect(said.slice(said.indexOf('OK    pool worker to be updated'), said.indexOf('APPLY 0004-ipsec-endpoints.k8s.yaml'))).toEqual([
      'OK    pool worker to be updated',
      'WAIT  for the pods of daemonset ipsec-cert-import-gateway', 'OK    the pods of daemonset ipsec-cert-import-gateway',
      'WAIT  for the kind of the policies', 'OK    the kind of the policies',
      'WAIT  for the webhook of the policies', 'OK    the webhook of the policies',
    ]);
  });

  test.each([
    ['is on one of two nodes', { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 1 }, '1 of 2 pods are ready: oc describe pods -n ipsec says why'],
    ['is the old one on a node', { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberReady: 2 }, '2 of 2 pods are ready: oc describe pods -n ipsec says why'],
    ['was not looked at', { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 2 }, 'its controller has not looked at it yet'],
    ['has no status', {}, 'its controller has not looked at it yet'],
  ])('that %s stops it before the connections', (_, status, reason) => {
    const { code, stderr, log } = applyWith(status);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `STOP  the pods of daemonset ipsec-cert-import-gateway: not within 0 s; ${reason}` });
    expect(log).not.toContain(applied('endpoints')[0]);
  });
});

test('a guard among the endpoints is waited for before the policies', () => {
  goesWell();
  then('endpoints', 'machineconfigpool', 'worker', worker({ wanted: [...ALL, '99-worker-ipsec-guard'], current: [...ALL, '99-worker-ipsec-guard'] }));
  const { code, said } = apply({}, undefined, {}, (rollout, cluster, storage) => {
    new IpsecGuard(rollout.endpoints, 'guard', { cluster, roles: ['worker'], endpoints: [storage] });
  });
  expect(code).toBe(0);
  expect(said.slice(said.indexOf('APPLY 0004-ipsec-endpoints.k8s.yaml'), said.indexOf('APPLY 0005-ipsec-verification.k8s.yaml'))).toEqual([
    'APPLY 0004-ipsec-endpoints.k8s.yaml',
    'WAIT  for pool worker to be updated', 'OK    pool worker to be updated',
    'WAIT  for policy ipsec-storage', 'OK    policy ipsec-storage',
  ]);
});

describe('stops', () => {
  test('at a file that the cluster refuses, with the reason and what to do about a conflict', () => {
    goesWell();
    writeFileSync(
      join(state, 'refuse-mode'),
      'error: Apply failed with 1 conflict: conflict with "argocd-controller": .spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig.mode\n',
    );
    const { code, stderr, log } = apply();
    expect([code, log]).toEqual([1, applied('operator', 'nmstate', 'certificates', 'mode')]);
    expect(stderr.replace(/-c[0-9a-f]{7}/g, '')).toBe(
      'error: Apply failed with 1 conflict: conflict with "argocd-controller": .spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig.mode\n'
        + 'STOP  0003-ipsec-mode.k8s.yaml is not applied. Where another tool manages a field, let one of the two have it, '
        + 'or set APPLY_FORCE=yes to take it over',
    );
  });

  test.each<[string, PoolState, string]>([
    [
      'updated, but with nothing of ours rendered yet',
      { wanted: [], current: [] },
      'not within 0 s; 99-worker-import-certs is not on all nodes yet',
    ],
    ['with all but one', { wanted: ALL, current: ALL.slice(0, 1) }, 'not within 0 s; 80-ipsec-worker-extensions is not on all nodes yet'],
    [
      'with a longer name of another one',
      { wanted: ALL, current: [`${ALL[0]}-storage`, ALL[1]] },
      'not within 0 s; 99-worker-import-certs is not on all nodes yet',
    ],
    ['updating', { wanted: ALL, current: ALL, conditions: { Updated: 'False' } }, 'not within 0 s; its nodes are being updated'],
    ['paused', { wanted: ALL, current: [], paused: true }, 'it is paused, and takes no change before it is unpaused'],
    [
      'degraded',
      { wanted: ALL, current: [], conditions: { Updated: 'False', Degraded: 'True' } },
      'it is degraded: see oc describe machineconfigpool worker',
    ],
    ['without a status', { wanted: [], current: [], conditions: {} }, 'not within 0 s; 99-worker-import-certs is not on all nodes yet'],
  ])('at a pool that is %s', (_, poolState, reason) => {
    goesWell();
    then('mode', 'machineconfigpool', 'worker', worker(poolState));
    // What takes a person is asked twice.
    const { code, stderr, log } = apply({}, undefined, {
      APPLY_TIMEOUT: reason.startsWith('not within') ? '0' : '1',
      APPLY_INTERVAL: reason.startsWith('not within') ? '0' : '1',
    });
    expect([code, stderr, log]).toEqual([
      1,
      `STOP  pool worker to be updated: ${reason}`,
      applied('operator', 'nmstate', 'certificates', 'mode'),
    ]);
  });

  test.each<['Degraded' | 'Ignored', string]>([
    ['Degraded', 'it is degraded: see oc get nodenetworkconfigurationenactment -l nmstate.io/policy=ipsec-storage'],
    ['Ignored', 'no node matches its selector'],
  ])('at a policy that is %s', (condition, reason) => {
    goesWell();
    then('endpoints', 'nodenetworkconfigurationpolicy', 'ipsec-storage', policy('ipsec-storage', condition, 'x'));
    expect(apply({}, undefined, { APPLY_TIMEOUT: '1', APPLY_INTERVAL: '1' })).toMatchObject({
      code: 1,
      stderr: `STOP  policy ipsec-storage: ${reason}`,
      log: applied(...ORDER),
    });
  });

  test('at an operator that does not come', () => {
    goesWell();
    rmSync(join(state, 'then', 'operator'));
    expect(apply()).toMatchObject({
      code: 1,
      stderr:
        'STOP  the NMState operator: not within 0 s; the cluster said: Error from server (NotFound): '
          + 'customresourcedefinition "nmstates.nmstate.io" not found',
      log: applied('operator'),
    });
  });

  test('at a verification that fails', () => {
    goesWell();
    then('verification', 'job', 'ipsec-verification', job('Failed'));
    expect(apply({}, undefined, { APPLY_TIMEOUT: '1', APPLY_INTERVAL: '1' })).toMatchObject({
      code: 1, stderr: 'STOP  job ipsec-verification: it failed: see oc logs -n openshift-gitops job/ipsec-verification',
    });
  });

  test.each([
    [{ OC: 'no-such-oc' }, "STOP  the command 'no-such-oc' is not there: install the OpenShift CLI, or name it with OC"],
    [{ APPLY_TIMEOUT: '2h' }, "STOP  APPLY_TIMEOUT and APPLY_INTERVAL ('2h') must be whole numbers of seconds"],
  ])('before anything where it is set wrongly: %j', (env, stderr) => {
    goesWell();
    expect(apply({}, undefined, env)).toMatchObject({ code: 1, stderr, log: [] });
  });
});

test('takes fields over only where it is told to', () => {
  goesWell();
  expect(apply({}, undefined, { APPLY_FORCE: 'yes' }).log.slice(0, 2)).toEqual([
    'apply operator --server-side --force-conflicts',
    'apply nmstate --server-side --force-conflicts',
  ]);
});

test('a pause ends when everything is rendered for the pool', () => {
  goesWell();
  then('mode', 'machineconfigpool', 'worker', worker({ wanted: ALL, current: [], paused: true }));
  then('unpause', 'machineconfigpool', 'worker', worker({ wanted: ALL, current: ALL }));
  expect(apply({ pause: true })).toMatchObject({
    code: 0,
    log: expect.arrayContaining(applied('pause', 'certificates', 'mode', 'unpause', 'endpoints')),
  });
});

test('a pause does not end before', () => {
  goesWell();
  then('mode', 'machineconfigpool', 'worker', worker({ wanted: ALL.slice(0, 1), current: [], paused: true }));
  expect(apply({ pause: true })).toMatchObject({
    code: 1,
    stderr: 'STOP  pool worker to be rendered: not within 0 s; 80-ipsec-worker-extensions is not rendered yet',
    log: applied('operator', 'nmstate', 'pause', 'certificates', 'mode'),
  });
});

describe('an MTU migration', () => {
  const migration = () => MtuMigration.forIpsec({ machineMtu: 1500 });
  const network = (mtu: number) => ({
    apiVersion: 'config.openshift.io/v1',
    kind: 'Network',
    metadata: { name: 'cluster' },
    status: { clusterNetworkMTU: mtu },
  });
  const rendered = (unit: string) => ({
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name: 'rendered-worker-a' },
    spec: { config: { systemd: { units: [{ name: unit }] } } },
  });

  test('comes first, and everything else when all nodes are prepared', () => {
    goesWell();
    put('network.config.openshift.io', 'cluster', network(1400));
    writeFileSync(join(state, 'machineconfigpool-all.json'), 'worker\n');
    then('migration', 'machineconfig', 'rendered-worker-a', rendered('mtu-migration.service'));
    const { code, said, log } = apply({ mtuMigration: migration() }, migration().finalized());
    expect([code, log.slice(0, 2)]).toEqual([0, applied('migration', 'operator')]);
    expect(said.slice(1, 4)).toEqual([
      'APPLY 0000-ipsec-migration.k8s.yaml',
      'WAIT  for all pools to be prepared for an MTU of 1354',
      'OK    all pools to be prepared for an MTU of 1354',
    ]);
  });

  test('is waited for', () => {
    goesWell();
    put('network.config.openshift.io', 'cluster', network(1400));
    writeFileSync(join(state, 'machineconfigpool-all.json'), 'worker\n');
    put('machineconfig', 'rendered-worker-a', rendered('kubelet.service'));
    expect(apply({ mtuMigration: migration() }, migration().finalized())).toMatchObject({
      code: 1,
      stderr: 'STOP  all pools to be prepared for an MTU of 1354: not within 0 s; '
        + 'pool worker has no nodes that are prepared for it yet',
      log: applied('migration'),
    });
  });

  test('is not begun again when it is done', () => {
    goesWell();
    put('network.config.openshift.io', 'cluster', network(1354));
    const { code, said, log } = apply({ mtuMigration: migration() }, migration().finalized());
    expect([code, log[0], said[1]]).toEqual([0, applied('operator')[0], 'OK    the cluster network has an MTU of 1354 already']);
  });
});

test.each<[string, Partial<IpsecRolloutProps>, MtuMigration | undefined]>([
  ['plain', {}, undefined],
  [
    'with everything',
    { pause: true, mtuMigration: MtuMigration.forIpsec({ machineMtu: 1500 }) },
    MtuMigration.forIpsec({ machineMtu: 1500 }).finalized(),
  ],
])('is quiet under shellcheck, and understood by dash, %s', (_, props, mtuMigration) => {
  const file = join(folder, 'apply.sh');
  filledRollout({}, props, mtuMigration).rollout.writeApplyScript(file);
  expect(run('shellcheck', [file])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  expect(run('dash', ['-n', file]).code).toBe(0);
});
