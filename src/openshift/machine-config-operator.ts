import type { VersionFloor } from './openshift-version';

/**
 * What the Machine Config Operator takes.
 *
 * Source: openshift/machine-config-operator (pkg/controller/common/helpers.go, pkg/controller/common/reconcile.go).
 */

/** `MaxMachineConfigSize`, in bytes of JSON: the limit of etcd, for all MachineConfigs of a pool together. */
export const MAX_MACHINE_CONFIG_BYTES = 1_572_864;

/** `SupportedExtensions`; older releases know fewer. */
export const SUPPORTED_EXTENSIONS: readonly string[] = [
  'two-node-ha', 'ipsec', 'usbguard', 'kerberos', 'kernel-devel', 'sandboxed-containers', 'sysstat',
];

/** The file that skips the operator's validation, and that no MachineConfig may write. */
export const FORCE_FILE = '/run/machine-config-daemon-force';

/** `nodeDisruptionPolicy` without a feature gate; the Technology Preview of 4.16 matches exact paths alone. */
export const DISRUPTION_POLICY_FLOOR: VersionFloor = ['4.17'];

/** The API's limits of a node disruption policy: `MaxItems` in openshift/api (operator/v1/types_machineconfiguration.go). */
export const MAX_POLICIES = 50;
export const MAX_POLICY_ACTIONS = 10;
