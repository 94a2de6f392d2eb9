/** What OVN-Kubernetes' Geneve header takes from the MTU of the machine network, in bytes. */
export const GENEVE_OVERHEAD = 100;

/** What ESP takes besides, in bytes (transport mode, AES-GCM; cluster-network-operator `getOVNEncapOverhead`). */
export const ESP_OVERHEAD = 46;

/** The MTUs that the Cluster Network Operator takes, in bytes. */
export const MTU_RANGE = { from: 576, to: 65536 } as const;

/** The smallest MTU that it takes where a cluster network is IPv6, in bytes (RFC 8200). */
export const MIN_MTU_IPV6 = 1280;

/** Whether the Cluster Network Operator takes the number as an MTU. */
export function isMtu(mtu: unknown, minimum: number = MTU_RANGE.from): mtu is number {
  return typeof mtu === 'number' && Number.isInteger(mtu) && mtu >= minimum && mtu <= MTU_RANGE.to;
}

/** The largest cluster network MTU on a machine network of this MTU, in bytes: Geneve alone, which is the cluster's default. */
export function largestMtuWithoutEsp(machineMtu: number): number {
  return machineMtu - GENEVE_OVERHEAD;
}

/** The largest cluster network MTU that leaves room for Geneve and ESP on a machine network of this MTU, in bytes. */
export function largestClusterMtu(machineMtu: number): number {
  return largestMtuWithoutEsp(machineMtu) - ESP_OVERHEAD;
}
