export { IIpsecCertificate, IpsecCertificate } from './ipsec-certificate';
