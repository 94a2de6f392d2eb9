export { OpenShiftIpsecValidation, OpenShiftIpsecValidationProps } from './cdk8s-plugin';
