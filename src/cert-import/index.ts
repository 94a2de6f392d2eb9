export { CertImportMachineConfig, CertImportMachineConfigProps } from './cert-import-machine-config';
export { ImportScript } from './import-script';
export { IIpsecCertificate, IpsecCertificate } from './ipsec-certificate';
