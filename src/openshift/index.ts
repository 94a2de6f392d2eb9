export { IpsecPort, IpsecPorts, NatTraversal } from './ipsec-ports';
export { NodeSelection } from './node-selection';
export { OpenShiftVersion } from './openshift-version';
export { Platform } from './platform';
