export { CertImportMachineConfig } from './cert-import-machine-config';
export { CertImportMachineConfigProps } from './cert-import-machine-config-props';
export { HostCertificates, HostCertificatesProps } from './host-certificates';
export { CertRemovalMachineConfig, CertRemovalMachineConfigProps } from './cert-removal-machine-config';
export { CertificateRotation, CertificateRotationProps } from './certificate-rotation';
export { ImportScript } from './import-script';
export { IIpsecCertificate, IpsecCertificate } from './ipsec-certificate';
export { CertImportDaemonSet, CertImportDaemonSetProps } from './daemonset/cert-import-daemon-set';
export { CliImage } from './daemonset/cli-image';
export { NodeSecret, NodeSecretOptions, NodeSecretsOptions } from './daemonset/node-secret';
export {
  CertificateKeyAlgorithm,
  CertManagerIssuer,
  HostCertManagerCertificates,
  HostCertManagerCertificatesProps,
} from './daemonset/host-cert-manager-certificates';
