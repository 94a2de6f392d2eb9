import { Chart } from 'cdk8s';
import {
  ExternalIpsecEndpoint,
  ExternalIpsecEndpointProps,
  IpsecClusterConfig,
  IpsecClusterConfigProps,
  IpsecConnectionType,
  IpsecMode,
  OpenShiftVersion,
} from '../../../src';
import { endpointProps } from '../endpoint/fixtures';

/** What there is to know of a cluster's addresses. */
export const ADDRESSES = {
  machineNetworks: ['10.0.0.0/24'],
  podNetworks: ['10.128.0.0/14', 'fd01::/48'],
  serviceNetworks: ['172.30.0.0/16'],
  apiVips: ['10.0.0.2', '10.0.0.3'],
};

export function guardedCluster(chart: Chart, props: Partial<IpsecClusterConfigProps> = {}): IpsecClusterConfig {
  return new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16'), routingViaHost: true, ...ADDRESSES, ...props,
  });
}

export function storage(chart: Chart, cluster: IpsecClusterConfig, props: Partial<ExternalIpsecEndpointProps> = {}): ExternalIpsecEndpoint {
  return new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(cluster), remoteSubnet: '192.0.2.10/32', ...props });
}

export function gateway(chart: Chart, cluster: IpsecClusterConfig, props: Partial<ExternalIpsecEndpointProps> = {}): ExternalIpsecEndpoint {
  return new ExternalIpsecEndpoint(chart, 'gateway', {
    ...endpointProps(cluster),
    interfaceName: 'ipsec-gateway',
    host: 'gateway.example.com',
    remoteSubnet: '198.51.100.0/24',
    type: IpsecConnectionType.TUNNEL,
    ...props,
  });
}
