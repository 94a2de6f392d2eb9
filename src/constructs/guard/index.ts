export { IpsecAutoconnect, IpsecAutoconnectProps } from './ipsec-autoconnect';
export { IpsecGuard, IpsecGuardProps } from './ipsec-guard';
