/** The label of a MachineConfig that says which pool takes it. */
export const MACHINE_CONFIG_ROLE_LABEL = 'machineconfiguration.openshift.io/role';

/** What the label of a node's role begins with; the role follows, and the value is empty. */
export const NODE_ROLE_PREFIX = 'node-role.kubernetes.io/';

/** The label of a node that holds its name. */
export const HOSTNAME_LABEL = 'kubernetes.io/hostname';
