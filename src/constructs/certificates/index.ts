export { CertImportMachineConfig, CertImportMachineConfigProps } from './cert-import-machine-config';
export { HostCertificates, HostCertificatesProps } from './host-certificates';
export { CertRemovalMachineConfig, CertRemovalMachineConfigProps } from './cert-removal-machine-config';
export { CertificateRotation, CertificateRotationProps } from './certificate-rotation';
export { ImportScript } from './import-script';
export { IIpsecCertificate, IpsecCertificate } from './ipsec-certificate';
