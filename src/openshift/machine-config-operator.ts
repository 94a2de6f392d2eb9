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
