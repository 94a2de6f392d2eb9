import { DocumentSet } from '../../src/documents/document-set';
import type { Plan } from '../../src/plan/model';
import { planOf } from '../../src/plan/plan';

export interface ConfigParts {
  readonly name?: string;
  readonly role?: string;
  readonly files?: readonly object[];
  readonly units?: readonly object[];
  readonly spec?: object;
  readonly annotations?: object;
}

export function machineConfig({
  name = '99-worker-own',
  role = 'worker',
  files = [],
  units = [],
  spec = {},
  annotations = {},
}: ConfigParts = {}): object {
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name, labels: { 'machineconfiguration.openshift.io/role': role }, annotations },
    spec: { config: { ignition: { version: '3.4.0' }, storage: { files }, systemd: { units } }, ...spec },
  };
}

export function file(path: string, content: string, more: object = {}): object {
  return { path, mode: 420, overwrite: true, contents: { source: `data:,${encodeURIComponent(content)}` }, ...more };
}

export function pool(name: string, spec: object): object {
  return { apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfigPool', metadata: { name }, spec };
}

export function network(mode: string): object {
  return {
    apiVersion: 'operator.openshift.io/v1',
    kind: 'Network',
    metadata: { name: 'cluster' },
    spec: { defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode } } } },
  };
}

export function disruptionPolicy(policy: object): object {
  return {
    apiVersion: 'operator.openshift.io/v1',
    kind: 'MachineConfiguration',
    metadata: { name: 'cluster' },
    spec: { nodeDisruptionPolicy: policy },
  };
}

export const restart = (serviceName: string) => ({ type: 'Restart', restart: { serviceName } });

/** A policy with a tunnel; `absent` takes it down. */
export function tunnel(
  name: string,
  { absent = false, host = 'worker-0', settings = {} }: { absent?: boolean; host?: string; settings?: object } = {},
): object {
  const libreswan = {
    left: '%defaultroute',
    leftcert: 'left_server',
    right: 'storage.example.com',
    rightsubnet: '192.0.2.10/32',
    ...settings,
  };
  return {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name: `policy-${name}` },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': host },
      desiredState: { interfaces: [absent ? { name, type: 'ipsec', state: 'absent' } : { name, type: 'ipsec', libreswan }] },
    },
  };
}

export function planned(
  before: readonly object[], after: readonly object[], nodes: { readonly [pool: string]: number } = {},
  files?: readonly (readonly object[])[],
): Plan {
  return planOf(new DocumentSet(before), new DocumentSet(after), {
    nodes: new Map(Object.entries(nodes)),
    rebootMinutes: 12,
    time: new Date('2026-11-27T00:00:00Z'),
    files,
  });
}
