import { ownerOfInterface } from '../../src/openshift/interface-name';

test.each([
  ['lo', 'the kernel'], ['br-ex', 'OVN-Kubernetes'], ['br-ex1', 'OVN-Kubernetes'], ['br-int', 'OVN-Kubernetes'],
  ['br-local', 'OVN-Kubernetes'],
  ['br-nexthop0', 'OVN-Kubernetes'], ['ovn-k8s-mp0', 'OVN-Kubernetes'], ['ovn-k8s-gw0', 'OVN-Kubernetes'], ['ovs-system', 'Open vSwitch'],
  ['genev_sys_6081', 'Open vSwitch'], ['vxlan_sys_4789', 'Open vSwitch'], ['ovs-if-phys0', 'the Machine Config '
    + "Operator's configure-ovs.sh"],
  ['ovs-port-br-ex', "the Machine Config Operator's configure-ovs.sh"], ['br0', 'OpenShift SDN'], ['tun0', 'OpenShift SDN'],
])('%s belongs to %s', (name, owner) => {
  expect(ownerOfInterface(name)).toBe(owner);
});

test.each(['ipsec0', 'br-external', 'lo0', 'tun1', 'br1', 'ens2f0', 'to-ovn', 'ovs'])('%s is free', (name) => {
  expect(ownerOfInterface(name)).toBeUndefined();
});
