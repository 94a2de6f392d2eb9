export { CertImportMachineConfig, CertImportMachineConfigProps } from './cert-import-machine-config';
export { HostCertificates, HostCertificatesProps } from './host-certificates';
export { ImportScript } from './import-script';
export { IIpsecCertificate, IpsecCertificate } from './ipsec-certificate';
