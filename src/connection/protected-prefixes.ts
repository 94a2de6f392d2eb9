import { Ipv4Cidr, isIpv4 } from '../openshift/ip';

/** What says which addresses lie behind the peer of a connection. */
export interface RemoteAddresses {
  readonly host: string;
  readonly remoteSubnet?: string;
  readonly rightsubnets?: readonly string[];
}

/**
 * The addresses that a connection is to carry traffic to and from: what lies behind the peer.
 *
 * Whether the connection is to be on the nodes or not plays no part: what it protected stays guarded until its guard lets go of it.
 */
export function protectedPrefixes({ host, remoteSubnet, rightsubnets = [] }: RemoteAddresses): Ipv4Cidr[] {
  const texts = [remoteSubnet ?? (isIpv4(host) ? `${host}/32` : ''), ...rightsubnets.flatMap((given) => given.split(','))];
  return texts.flatMap((text) => Ipv4Cidr.parse(text.trim()) ?? []);
}
