/** The longest name of a network interface: IFNAMSIZ is 16 with the zero at its end. */
export const MAX_INTERFACE_NAME_LENGTH = 15;

/** Whether the kernel takes the text as the name of a network interface (`dev_valid_name`). */
export function isKernelInterfaceName(text: string): boolean {
  return /^[^\s/:]+$/.test(text) && Buffer.byteLength(text) <= MAX_INTERFACE_NAME_LENGTH && text !== '.' && text !== '..';
}

/**
 * Names of interfaces and NetworkManager connections that a node of OpenShift has from elsewhere.
 *
 * Sources: ovn-kubernetes `go-controller/pkg/types/const.go`; Machine Config Operator `configure-ovs.sh` (br-ex, br-ex1,
 * ovs-port-…, ovs-if-…); openshift/sdn (br0, tun0, vxlan_sys_4789); Open vSwitch names its tunnels `<kind>_sys_<port>`.
 */
const OWNED: readonly (readonly [name: RegExp, owner: string])[] = [
  [/^lo$/, 'the kernel'],
  [/^(?:br-(?:ex1?|int|local|nexthop0)|ovn-k8s-.*)$/, 'OVN-Kubernetes'],
  [/^(?:ovs-(?:system|netdev)|(?:genev|vxlan|gre)_sys(?:_\d+)?)$/, 'Open vSwitch'],
  [/^ovs-(?:if|port)-.*$/, "the Machine Config Operator's configure-ovs.sh"],
  [/^(?:br0|tun0)$/, 'OpenShift SDN'],
];

/** Who has an interface of this name on every node; undefined where the name is free. */
export function ownerOfInterface(name: string): string | undefined {
  return OWNED.find(([pattern]) => pattern.test(name))?.[1];
}
