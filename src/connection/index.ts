export { DpdAction, EndpointState, Ikev2, IpsecConnectionType, LibreswanOptions, SendCertificate } from './connection';
export { PeerIdentity } from './peer-identity';
