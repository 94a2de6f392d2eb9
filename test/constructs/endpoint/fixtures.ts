import { App, Chart, Testing } from 'cdk8s';
import {
  ExternalIpsecEndpoint, ExternalIpsecEndpointProps, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecWarnings,
  NodeSelection, OpenShiftVersion,
} from '../../../src';

/** A chart whose warnings are read by the test instead of told on standard error. */
export function quietChart(): Chart {
  const chart = Testing.chart();
  IpsecWarnings.of(chart).silence();
  return chart;
}

/** A cluster in a chart of its own beside this one: live policies are applied after its Network object. */
export function clusterBeside(chart: Chart, version?: string): IpsecClusterConfig {
  return externalCluster(new Chart(chart.node.root as App, 'network'), version);
}

export function externalCluster(chart: Chart, version = '4.16'): IpsecClusterConfig {
  return new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of(version), routingViaHost: true,
  });
}

/** The props of a connection that has nothing to complain about. */
export function endpointProps(cluster: IpsecClusterConfig): ExternalIpsecEndpointProps {
  return {
    cluster,
    certificate: IpsecCertificate.fromNickname('left_server'),
    nodes: NodeSelection.hostname('worker-0.example.com'),
    interfaceName: 'ipsec-storage',
    host: 'storage.example.com',
    remoteSubnet: '10.1.2.3/32',
    type: IpsecConnectionType.TRANSPORT,
  };
}

/** The manifests and warnings of one connection on a cluster of its own. */
export function endpoint(props: Partial<ExternalIpsecEndpointProps> = {}, version = '4.16') {
  const chart = quietChart();
  const construct = new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(clusterBeside(chart, version)), ...props });
  const policies = Testing.synth(chart).filter(({ kind }) => kind === 'NodeNetworkConfigurationPolicy');
  return {
    construct,
    policies,
    libreswan: policies[0]?.spec.desiredState.interfaces[0].libreswan,
    // That nothing in the chart imports the certificate is true of each of these, and so nobody knows its CA.
    warnings: IpsecWarnings.of(chart)
      .list()
      .filter(({ ruleId }) => ruleId !== 'certificate-nickname' && ruleId !== 'libreswan-certificate-unasked')
      .map(({ ruleId, message }) => `${ruleId}: ${message}`),
  };
}
