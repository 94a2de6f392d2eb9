export { EspHardwareOffload, EspHardwareOffloadProps, EspOffloadFeature, NetworkInterfaceType } from './esp-hardware-offload';
export { ExternalIpsecEndpoint } from './external-ipsec-endpoint';
export { ExternalIpsecEndpointProps } from './external-ipsec-endpoint-props';
export { IpsecIngressFirewall, IpsecIngressFirewallProps } from './ipsec-ingress-firewall';
export { IpsecTunnelRemoval, IpsecTunnelRemovalProps } from './ipsec-tunnel-removal';
