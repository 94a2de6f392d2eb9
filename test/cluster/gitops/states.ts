/** States of pools and policies, as the operators write them, and what is not written yet. */
const MCP = { apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfigPool' };
const NNCP = { apiVersion: 'nmstate.io/v1', kind: 'NodeNetworkConfigurationPolicy' };

export const NAMES = ['99-worker-import-certs', '80-ipsec-worker-extensions'];

interface Pool {
  readonly names?: readonly string[];
  readonly current?: string;
  readonly observed?: number;
  readonly paused?: boolean;
  readonly conditions?: { readonly [type: string]: string };
}

function pool({ names = NAMES, current = 'rendered-worker-b', observed = 3, paused, conditions = {} }: Pool): object {
  const source = ['00-worker', ...names].map((name) => ({
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    name,
  }));
  const all = { Updated: 'True', Updating: 'False', Degraded: 'False', NodeDegraded: 'False', RenderDegraded: 'False', ...conditions };
  return {
    ...MCP,
    metadata: { name: 'worker', generation: 3 },
    spec: { ...paused === undefined ? {} : { paused }, configuration: { name: 'rendered-worker-b', source } },
    status: {
      observedGeneration: observed,
      configuration: { name: current, source },
      conditions: Object.entries(all).map(([type, status]) => ({ type, status, message: status === 'True' ? `${type} it is` : '' })),
    },
  };
}

function policy(type?: string): object {
  const conditions =
    type === undefined
      ? []
      : ['Available', 'Degraded', 'Progressing', 'Ignored'].map((each) => ({
        type: each,
        status: each === type ? 'True' : 'False',
        message: each === type ? `${type} it is` : '',
      }));
  return { ...NNCP, metadata: { name: 'ipsec-storage', generation: 1 }, status: { conditions } };
}

/** What Flux's CEL says of a status that is missing altogether; the poller takes it for Unknown, and asks again. */
export const UNKNOWN = 'ERROR .* no such attribute\\(s\\): status';

/** What each says of each state: Argo CD's health, and the status of Flux with the gate's expression. */
export const STATES: readonly (readonly [what: string, state: object, argoCd: string, flux: string])[] = [
  ['a pool without a status', { ...MCP, metadata: { name: 'worker', generation: 1 }, spec: {} }, 'Progressing', UNKNOWN],
  [
    'a pool with an empty status',
    { ...MCP, metadata: { name: 'worker', generation: 1 }, spec: {}, status: {} },
    'Progressing',
    'InProgress',
  ],
  ['a pool without a spec', { ...MCP, metadata: { name: 'worker', generation: 1 }, status: {} }, 'Progressing', 'InProgress'],
  ['an updated pool', pool({}), 'Healthy', 'Current'],
  ['an updated pool that has nothing of ours yet', pool({ names: [] }), 'Healthy', 'InProgress'],
  ['an updated pool with one of two', pool({ names: NAMES.slice(1) }), 'Healthy', 'InProgress'],
  ['an updated pool with another certificate', pool({ names: [`${NAMES[0]}-other`, NAMES[1]] }), 'Healthy', 'InProgress'],
  [
    'a rolling pool',
    pool({ current: 'rendered-worker-a', conditions: { Updated: 'False', Updating: 'True' } }),
    'Progressing',
    'InProgress',
  ],
  ['a pool whose conditions are still those of before', pool({ current: 'rendered-worker-a' }), 'Progressing', 'InProgress'],
  ['a pool whose status is of an earlier generation', pool({ observed: 2 }), 'Progressing', 'InProgress'],
  ['a degraded pool', pool({ current: 'rendered-worker-a', conditions: { Updated: 'False', Degraded: 'True' } }), 'Degraded', 'Failed'],
  ['a pool that can\'t be rendered', pool({ conditions: { RenderDegraded: 'True' } }), 'Degraded', 'Failed'],
  [
    'a paused pool with something to do',
    pool({ paused: true, current: 'rendered-worker-a', conditions: { Updated: 'False' } }),
    'Degraded',
    'InProgress',
  ],
  ['a paused pool with nothing to do', pool({ paused: true }), 'Healthy', 'Current'],
  ['a pool that is not paused', pool({ paused: false }), 'Healthy', 'Current'],
  ['a policy without a status', { ...NNCP, metadata: { name: 'p' } }, 'Progressing', UNKNOWN],
  ['a policy with an empty status', { ...NNCP, metadata: { name: 'p' }, status: {} }, 'Progressing', 'InProgress'],
  ['a policy without conditions', policy(), 'Progressing', 'InProgress'],
  ['an available policy', policy('Available'), 'Healthy', 'Current'],
  ['a policy that failed', policy('Degraded'), 'Degraded', 'Failed'],
  ['a policy in progress', policy('Progressing'), 'Progressing', 'InProgress'],
  ['a policy that matches no node', policy('Ignored'), 'Degraded', 'Failed'],
];

const THREE_NODES = { observedGeneration: 2, desiredNumberScheduled: 3, currentNumberScheduled: 3 };

function daemonSet(status?: object): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'ipsec-certificates', namespace: 'ipsec', generation: 2 },
    spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } } },
    ...status ? { status } : {},
  };
}

/** A `CertImportDaemonSet`, for which neither has a script of ours: its pods are ready when the certificate in NSS is the Secret's. */
export const DAEMON_SETS: typeof STATES = [
  ['a DaemonSet without a status', daemonSet(), 'Progressing', 'InProgress'],
  ['a DaemonSet of an earlier generation', daemonSet({ ...THREE_NODES, observedGeneration: 1 }), 'Progressing', 'InProgress'],
  [
    'a DaemonSet whose pods are not ready',
    daemonSet({ ...THREE_NODES, updatedNumberScheduled: 3, numberReady: 0, numberUnavailable: 3 }),
    'Progressing',
    'InProgress',
  ],
  [
    'a DaemonSet with one node that has another certificate',
    daemonSet({ ...THREE_NODES, updatedNumberScheduled: 3, numberReady: 2, numberAvailable: 2, numberUnavailable: 1 }),
    'Progressing',
    'InProgress',
  ],
  [
    'a DaemonSet that is being renewed',
    daemonSet({ ...THREE_NODES, updatedNumberScheduled: 1, numberReady: 3, numberAvailable: 3 }),
    'Progressing',
    'InProgress',
  ],
  [
    'a DaemonSet with the certificate on every node',
    daemonSet({ ...THREE_NODES, updatedNumberScheduled: 3, numberReady: 3, numberAvailable: 3 }),
    'Healthy',
    'Current',
  ],
];
