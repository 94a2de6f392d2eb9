import type { DisruptionPolicy } from '../documents/disruption-policies';
import type { DocumentSet } from '../documents/document-set';
import type { DaemonSetImport } from '../documents/imports/daemon-set-imports';
import type { CertificateImport } from '../documents/imports/imports';
import type { MachineConfigObject } from '../documents/machine-config/machine-configs';
import type { NetworkObject } from '../documents/networks';
import type { Connection, IpsecInterface, NodePolicy } from '../documents/policies';
import type { Subject } from '../documents/subjects';

/** What a rule can read, by the word that it says so with. */
export interface Judged {
  /** An `operator.openshift.io` Network. */
  readonly 'network': NetworkObject;
  /** A NodeNetworkConfigurationPolicy. */
  readonly 'policy': NodePolicy;
  /** An interface of type `ipsec`, absent ones among them, or a keyfile of such a connection. */
  readonly 'interface': IpsecInterface;
  /** A live interface of type `ipsec` with its settings, or a keyfile of such a connection. */
  readonly 'connection': Connection;
  readonly 'machine-config': MachineConfigObject;
  /** What a MachineConfiguration says that a change on a node does. */
  readonly 'disruption-policy': DisruptionPolicy;
  /** A certificate that a MachineConfig brings to the nodes. */
  readonly 'import': CertificateImport;
  /** A certificate that a DaemonSet brings to the nodes. */
  readonly 'daemon-set-import': DaemonSetImport;
  /** Any object. */
  readonly 'object': Subject;
  /** All objects of one cluster. */
  readonly 'set': DocumentSet;
}

const NONE: readonly never[] = [];

const VIEWS: { readonly [On in keyof Judged]: (set: DocumentSet) => readonly Judged[On][] } = {
  'network': ({ networks }) => networks,
  'policy': ({ policies }) => policies,
  'interface': ({ interfaces }) => interfaces,
  'connection': ({ connections }) => connections,
  'machine-config': ({ machineConfigs }) => machineConfigs,
  'disruption-policy': ({ disruptionPolicies }) => disruptionPolicies,
  'import': (set) => set.machineConfigs.length === 0 ? NONE : set.certificateImports.all,
  'daemon-set-import': ({ daemonSetImports }) => daemonSetImports,
  'object': ({ subjects }) => subjects,
  'set': (set) => [set],
};

/** Everything of one kind that a rule can read. */
export function thingsIn<On extends keyof Judged>(set: DocumentSet, on: On): readonly Judged[On][] {
  return VIEWS[on](set) as readonly Judged[On][];
}
