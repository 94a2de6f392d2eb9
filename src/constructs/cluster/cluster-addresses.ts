import { InputError } from '../../core/input-error';
import { Ipv4Cidr, isIpv4, isIpv6 } from '../../openshift/ip';

/** What is known of the cluster's own addresses, by the prop of `IpsecClusterConfig`. */
export interface ClusterAddresses {
  readonly machineNetworks?: readonly string[];
  readonly podNetworks?: readonly string[];
  readonly serviceNetworks?: readonly string[];
  readonly apiVips?: readonly string[];
}

/**
 * IPv6 of a cluster with both families is taken as it is: guards are about IPv4, the only one that IPsec to outside hosts has.
 *
 * @throws when a network is none, or an address is none
 */
export function refuseAddresses({ apiVips = [], ...addresses }: ClusterAddresses): void {
  for (const prop of ['machineNetworks', 'podNetworks', 'serviceNetworks'] as const) {
    for (const network of addresses[prop] ?? []) {
      if (isIpv6(network)) continue;
      const cidr = Ipv4Cidr.parse(network);
      if (!cidr) throw new InputError(`'${prop}' has '${network}', which must be a network in CIDR notation, such as '10.0.0.0/24'`);
      if (cidr.hasHostBits) {
        throw new InputError(`'${prop}' has '${network}', an address with a prefix: write '${cidr.network}' for the network`);
      }
    }
  }
  for (const address of apiVips) {
    if (isIpv4(address) || isIpv6(address)) continue;
    throw new InputError(`'apiVips' has '${address}', which must be an IP address, such as '10.0.0.2'`);
  }
}
