export { DhGroup, IkePrf, IpsecCipher, IpsecIntegrity } from './algorithms';
export { ConnectionDelivery, ConnectMode, EndpointState, IpsecConnectionType } from './connection';
export { DpdAction, Ikev2, LibreswanOptions, SendCertificate } from './libreswan-options';
export { PeerIdentity } from './peer-identity';
export { EspProposal, EspProposalProps, IkeProposal, IkeProposalProps } from './proposals';
