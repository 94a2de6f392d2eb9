/** What OVN-Kubernetes' Geneve header takes from the MTU of the machine network, in bytes. */
export const GENEVE_OVERHEAD = 100;

/** What ESP takes besides, in bytes (transport mode, AES-GCM; cluster-network-operator `getOVNEncapOverhead`). */
export const ESP_OVERHEAD = 46;

/** The MTUs that the Cluster Network Operator takes for an IPv4 cluster network, in bytes. */
export const MTU_RANGE = { from: 576, to: 65536 } as const;

/** Whether the Cluster Network Operator takes the number as an MTU. */
export function isMtu(mtu: number): boolean {
  return Number.isInteger(mtu) && mtu >= MTU_RANGE.from && mtu <= MTU_RANGE.to;
}

/** The largest cluster network MTU that leaves room for Geneve and ESP on a machine network of this MTU, in bytes. */
export function largestClusterMtu(machineMtu: number): number {
  return machineMtu - GENEVE_OVERHEAD - ESP_OVERHEAD;
}
