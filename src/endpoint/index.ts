export { DpdAction, EndpointState, Ikev2, IpsecConnectionType, LibreswanOptions, SendCertificate } from './connection';
export { ExternalIpsecEndpoint, ExternalIpsecEndpointProps } from './external-ipsec-endpoint';
export { PeerIdentity } from './peer-identity';
