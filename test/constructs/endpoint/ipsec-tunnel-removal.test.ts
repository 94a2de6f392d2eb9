import { Testing } from 'cdk8s';
import { clusterBeside, endpointProps, externalCluster, quietChart } from './fixtures';
import {
  EndpointState, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecMode, IpsecTunnelRemoval, IpsecTunnelRemovalProps, IpsecWarnings,
  NodeSelection, OpenShiftVersion,
} from '../../../src';

function removal(props: Partial<IpsecTunnelRemovalProps> = {}) {
  const chart = quietChart();
  const cluster = externalCluster(chart);
  const construct = new IpsecTunnelRemoval(chart, 'gone', {
    cluster, nodes: NodeSelection.hostname('worker-0.example.com'), interfaceName: 'ipsec-storage', ...props,
  });
  return { construct, policies: Testing.synth(chart).slice(1) };
}

describe('the removal of a tunnel', () => {
  test('is the documented policy', () => {
    expect(removal({ policyName: 'remove-ipsec' }).policies).toEqual([{
      apiVersion: 'nmstate.io/v1',
      kind: 'NodeNetworkConfigurationPolicy',
      metadata: { name: 'remove-ipsec' },
      spec: {
        nodeSelector: { 'kubernetes.io/hostname': 'worker-0.example.com' },
        desiredState: { interfaces: [{ name: 'ipsec-storage', type: 'ipsec', state: 'absent' }] },
      },
    }]);
  });

  test.each([
    ['a host', NodeSelection.hostname('worker-0.example.com')],
    ['hosts', NodeSelection.hostnames(['worker-0.example.com', 'worker-1.example.com'])],
    ['a role', NodeSelection.role('worker')],
  ])('replaces the policy that an endpoint for %s made', (_, nodes) => {
    const chart = quietChart();
    const made = new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(externalCluster(chart)), nodes });
    expect(removal({ nodes }).construct.policyNames).toEqual(made.policyNames);
  });

  test('is what an absent endpoint writes, under the same name', () => {
    const chart = quietChart();
    new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(externalCluster(chart)), state: EndpointState.ABSENT });
    expect(Testing.synth(chart).slice(1)).toEqual(removal().policies);
  });

  test('works on a cluster whose IPsec is disabled already', () => {
    const chart = quietChart();
    const cluster = new IpsecClusterConfig(chart, 'cluster', { mode: IpsecMode.DISABLED, openshiftVersion: OpenShiftVersion.of('4.16') });
    new IpsecTunnelRemoval(chart, 'gone', { cluster, nodes: NodeSelection.all(), interfaceName: 'ipsec-storage', maxUnavailable: '10%' });
    expect(Testing.synth(chart)[1].spec).toEqual({
      maxUnavailable: '10%',
      desiredState: { interfaces: [{ name: 'ipsec-storage', type: 'ipsec', state: 'absent' }] },
    });
  });

  test('beside an endpoint that wants the tunnel is told', () => {
    const chart = quietChart();
    const cluster = clusterBeside(chart);
    new ExternalIpsecEndpoint(chart, 'storage', endpointProps(cluster));
    new IpsecTunnelRemoval(chart, 'gone', {
      cluster,
      nodes: NodeSelection.hostname('worker-0.example.com'),
      interfaceName: 'ipsec-storage',
      policyName: 'remove-ipsec',
    });
    Testing.synth(chart);
    expect(IpsecWarnings.of(chart).list().map(({ ruleId, path }) => [ruleId, path])).toEqual([
      ['interface-duplicate', 'test/gone'], ['certificate-nickname', 'test/storage'],
    ]);
  });

  test('refuses a name that NetworkManager can\'t have', () => {
    expect(() => removal({ interfaceName: 'ipsec storage' })).toThrow(new Error(
      "test/gone: 'interfaceName' ('ipsec storage') must be letters, digits, '-', '_' and '.', "
        + 'beginning and ending with a letter or digit: '
        + 'NetworkManager takes it as the id of the connection, and the policy is named by it'));
  });
});
