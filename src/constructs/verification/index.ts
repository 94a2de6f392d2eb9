export { IpsecVerification, IpsecVerificationProps } from './ipsec-verification';
