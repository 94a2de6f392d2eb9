/** OVN-Kubernetes names the certificates of pod-to-pod IPsec by the node's system id, in the same NSS database. */
export const RESERVED_PREFIX = 'ovs_';

/** Whether a nickname or common name belongs to traffic between pods. */
export function isReservedName(name: string): boolean {
  return name.startsWith(RESERVED_PREFIX);
}
