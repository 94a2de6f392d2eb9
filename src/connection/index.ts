export { ConnectionDelivery, ConnectMode, EndpointState, IpsecConnectionType } from './connection';
export { DpdAction, Ikev2, LibreswanOptions, SendCertificate } from './libreswan-options';
export { PeerIdentity } from './peer-identity';
export {
  DhGroup, EspProposal, EspProposalProps, IkePrf, IkeProposal, IkeProposalProps, IpsecCipher, IpsecIntegrity,
} from './proposals';
