import { ApiDocument } from './api-stand-in';

type Condition = { type: string; status: string; reason?: string; message?: string; lastTransitionTime?: string };

function condition(type: string, status: boolean, message = '', reason = ''): Condition {
  return { type, status: status ? 'True' : 'False', reason, message, lastTransitionTime: '2026-03-01T12:00:00Z' };
}

interface PoolState {
  readonly machines?: number;
  readonly updated?: number;
  readonly extension?: boolean;
  readonly paused?: boolean;
  readonly degraded?: string;
  /** Rendered, but not looked at by the node controller yet: the conditions are still those of the configuration before. */
  readonly stale?: boolean;
}

/** A MachineConfigPool as the Machine Config Operator writes its status. */
export function pool(name: string, state: PoolState = {}): ApiDocument {
  const { machines = 3, updated = machines, extension = true, paused = false, degraded, stale = false } = state;
  const extensions = extension ? [`80-ipsec-${name === 'master' ? 'master' : 'worker'}-extensions`] : [];
  const sources = [`00-${name}`, `01-${name}-kubelet`, ...extensions, `99-${name}-import-certs`];
  const source = sources.map((config) => ({ apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig', name: config }));
  const done = updated === machines && !stale;
  const current = done ? `rendered-${name}-0b7f4c21` : `rendered-${name}-5d6e9a30`;
  const updating = updated < machines && !degraded && !paused;
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfigPool',
    metadata: { name },
    spec: {
      configuration: { name: `rendered-${name}-0b7f4c21`, source },
      machineConfigSelector: { matchLabels: { 'machineconfiguration.openshift.io/role': name } },
      nodeSelector: { matchLabels: { [`node-role.kubernetes.io/${name}`]: '' } },
      paused,
    },
    status: {
      configuration: { name: current, source: done || extension ? source : source.filter(({ name: config }) => !config.startsWith('80-')) },
      machineCount: machines,
      updatedMachineCount: updated,
      readyMachineCount: updated,
      unavailableMachineCount: updating ? 1 : 0,
      degradedMachineCount: degraded ? 1 : 0,
      observedGeneration: 7,
      conditions: [
        condition('RenderDegraded', false),
        condition('NodeDegraded', degraded !== undefined, degraded ?? '', degraded ? '1 nodes are reporting degraded status on sync' : ''),
        condition('Degraded', degraded !== undefined, degraded ?? ''),
        condition('Updated', updated === machines, updated === machines ? `All nodes are updated with MachineConfig ${current}` : ''),
        condition('Updating', updating, updating ? `All nodes are updating to MachineConfig rendered-${name}-0b7f4c21` : ''),
      ],
    },
  };
}

type PolicyCondition = 'Available' | 'Degraded' | 'Progressing' | 'Ignored';

/** A NodeNetworkConfigurationPolicy as kubernetes-nmstate writes its status; without a condition none is written yet. */
export function policy(name: string, state?: PolicyCondition, message = ''): ApiDocument {
  const types: PolicyCondition[] = ['Available', 'Degraded', 'Progressing', 'Ignored'];
  return {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name, generation: 1 },
    spec: { desiredState: { interfaces: [{ name, type: 'ipsec', libreswan: { right: 'storage.example.com' } }] } },
    ...(state === undefined ? {} : {
      status: {
        conditions: types.map((type) => ({
          ...condition(type, type === state, type === state ? message : ''),
          lastHeartbeatTime: '2026-03-01T12:00:00Z',
        })),
      },
    }),
  };
}

type EnactmentCondition = 'Failing' | 'Available' | 'Progressing' | 'Pending' | 'Aborted';

/** A NodeNetworkConfigurationEnactment: one policy on one node. */
export function enactment(policyName: string, node: string, state?: EnactmentCondition, message = '', policyGeneration = 1): ApiDocument {
  const types: EnactmentCondition[] = ['Failing', 'Available', 'Progressing', 'Pending', 'Aborted'];
  return {
    apiVersion: 'nmstate.io/v1beta1',
    kind: 'NodeNetworkConfigurationEnactment',
    metadata: { name: `${node}.${policyName}`, labels: { 'nmstate.io/policy': policyName, 'nmstate.io/node': node } },
    ...(state === undefined ? {} : {
      status: {
        desiredState: { interfaces: [{ name: policyName, type: 'ipsec' }] },
        policyGeneration,
        conditions: types.map((type) => ({
          ...condition(type, type === state, type === state ? message : ''),
          lastHeartbeatTime: '2026-03-01T12:00:00Z',
        })),
      },
    }),
  };
}

/** A pod of ovnkube-node. */
export function ovnkubeNode(name: string, ready = true): ApiDocument {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'openshift-ovn-kubernetes', labels: { app: 'ovnkube-node' } },
    spec: { containers: [{ name: 'ovn-controller', image: 'ovn' }, { name: 'nbdb', image: 'ovn' }] },
    status: { phase: 'Running', conditions: [condition('Initialized', true), condition('Ready', ready)] },
  };
}

/** The pod by which a node is asked. */
export function machineConfigDaemon(name: string, node: string, ready = true): ApiDocument {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'openshift-machine-config-operator', labels: { 'k8s-app': 'machine-config-daemon' } },
    spec: { nodeName: node, containers: [{ name: 'machine-config-daemon', image: 'mcd' }, { name: 'kube-rbac-proxy', image: 'proxy' }] },
    status: { phase: 'Running', conditions: [condition('Initialized', true), condition('Ready', ready)] },
  };
}

/** A node with its labels. */
export function clusterNode(name: string, roles: readonly string[], labels: { readonly [label: string]: string } = {}): ApiDocument {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/hostname': name,
        ...Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, ''])),
        ...labels,
      },
    },
    status: { conditions: [condition('Ready', true)] },
  };
}
