export { NodeSelection } from './node-selection';
export { OpenShiftVersion } from './openshift-version';
export { Platform } from './platform';
