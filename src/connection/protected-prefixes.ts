import { remoteSubnetsOf } from './subnet-pairs';
import { Ipv4Cidr } from '../openshift/ip';

/** What says which addresses lie behind the peer of a connection. */
export interface RemoteAddresses {
  readonly host: string;
  readonly remoteSubnet?: string;
  readonly remoteSubnets?: readonly string[];
  readonly rightsubnets?: readonly string[];
}

/**
 * The addresses that a connection is to carry traffic to and from: what lies behind the peer.
 *
 * Whether the connection is to be on the nodes or not plays no part: what it protected stays guarded until its guard lets go of it.
 */
export function protectedPrefixes({ rightsubnets = [], ...remote }: RemoteAddresses): Ipv4Cidr[] {
  const texts = [...remoteSubnetsOf(remote), ...rightsubnets.flatMap((given) => given.split(','))];
  return texts.flatMap((text) => Ipv4Cidr.parse(text.trim()) ?? []);
}
