import type { CertificateImport } from './certificate/imports';
import type { DocumentSet } from './document-set';
import type { MachineConfigObject } from './machine-config/machine-configs';
import type { NetworkObject } from './network/networks';
import type { Connection, IpsecInterface, NodePolicy } from './policy/policies';
import type { Subject } from './subjects';

/** What a rule can read, by the word that it says so with. */
export interface Judged {
  /** An `operator.openshift.io` Network. */
  readonly 'network': NetworkObject;
  /** A NodeNetworkConfigurationPolicy. */
  readonly 'policy': NodePolicy;
  /** An interface of type `ipsec`, absent ones among them. */
  readonly 'interface': IpsecInterface;
  /** A live interface of type `ipsec` with its settings. */
  readonly 'connection': Connection;
  readonly 'machine-config': MachineConfigObject;
  /** A certificate that a MachineConfig brings to the nodes. */
  readonly 'import': CertificateImport;
  /** Any object. */
  readonly 'object': Subject;
  /** All objects of one cluster. */
  readonly 'set': DocumentSet;
}
