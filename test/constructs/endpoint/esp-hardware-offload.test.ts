import { Testing } from 'cdk8s';
import { externalCluster, quietChart } from './fixtures';
import { EspHardwareOffload, EspHardwareOffloadProps, EspOffloadFeature, NetworkInterfaceType, NodeSelection } from '../../../src';

function offload(props: Partial<EspHardwareOffloadProps> = {}) {
  const chart = quietChart();
  const construct = new EspHardwareOffload(chart, 'offload', {
    cluster: externalCluster(chart),
    nodes: NodeSelection.role('worker'),
    interfaceName: 'ens2f0',
    interfaceType: NetworkInterfaceType.ETHERNET,
    ...props,
  });
  return { construct, policies: Testing.synth(chart).slice(1) };
}

describe('ESP hardware offload', () => {
  test('is switched off by its three kernel features, and nothing else of the interface is touched', () => {
    expect(offload().policies).toEqual([{
      apiVersion: 'nmstate.io/v1',
      kind: 'NodeNetworkConfigurationPolicy',
      metadata: { name: 'esp-offload-ens2f0' },
      spec: {
        nodeSelector: { 'node-role.kubernetes.io/worker': '' },
        desiredState: {
          interfaces: [{
            name: 'ens2f0',
            type: 'ethernet',
            state: 'up',
            ethtool: { feature: { 'tx-esp-segmentation': false, 'esp-hw-offload': false, 'esp-tx-csum-hw-offload': false } },
          }],
        },
      },
    }]);
  });

  test('leaves a feature alone that the driver has fixed', () => {
    const { policies } = offload({
      interfaceName: 'bond1',
      interfaceType: NetworkInterfaceType.BOND,
      features: [EspOffloadFeature.ESP_HW_OFFLOAD],
    });
    expect(policies[0].spec.desiredState.interfaces).toEqual([
      { name: 'bond1', type: 'bond', state: 'up', ethtool: { feature: { 'esp-hw-offload': false } } },
    ]);
  });

  test('has a policy a host, each with a name of its own', () => {
    expect(offload({ nodes: NodeSelection.hostname('worker-0.example.com') }).construct.policyNames).toEqual([
      'esp-offload-ens2f0-worker-0',
    ]);
    expect(
      offload({ nodes: NodeSelection.hostnames(['a.example.com', 'b.example.com']), interfaceName: 'Storage_0' }).construct.policyNames,
    ).toEqual(['esp-offload-storage-0-a', 'esp-offload-storage-0-b']);
  });

  test.each<[string, Partial<EspHardwareOffloadProps>, string]>([
    ['a name that the kernel can\'t have', { interfaceName: 'enp129s0f0np0v12' },
      "'interfaceName' ('enp129s0f0np0v12') must be the kernel's name of an interface: at most 15 characters, without '/', "
        + "':' and white space, such as 'ens2f0'"],
    [
      'no feature',
      { features: [] },
      "'features' (an empty list) must name at least one feature, and each once; leave it out for all three",
    ],
    ['a feature twice', { features: [EspOffloadFeature.ESP_HW_OFFLOAD, EspOffloadFeature.ESP_HW_OFFLOAD] },
      "'features' (esp-hw-offload, esp-hw-offload) must name at least one feature, and each once; leave it out for all three"],
    ...['br-ex', 'br-int', 'ovs-system', 'ovn-k8s-mp0', 'genev_sys_6081'].map((interfaceName): [string, Partial<EspHardwareOffloadProps>, string] => [
      `${interfaceName}, which is Open vSwitch's`, { interfaceName },
      `'interfaceName' ('${interfaceName}') is an interface of Open vSwitch, where OpenShift switches ESP offload off itself, `
        + 'and which NMState must leave alone: '
        + 'name an interface that is not attached to it',
    ]),
  ])('refuses %s', (_, props, message) => {
    expect(() => offload(props)).toThrow(new Error(`test/offload: ${message}`));
  });
});
