export { EspHardwareOffload, EspHardwareOffloadProps, EspOffloadFeature, NetworkInterfaceType } from './esp-hardware-offload';
export { ExternalIpsecEndpoint, ExternalIpsecEndpointProps } from './external-ipsec-endpoint';
export { IpsecIngressFirewall, IpsecIngressFirewallProps } from './ipsec-ingress-firewall';
export { IpsecTunnelRemoval, IpsecTunnelRemovalProps } from './ipsec-tunnel-removal';
