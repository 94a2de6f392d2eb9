import { InputError } from '../core/input-error';
import { Ipv4Cidr, isIpv4 } from '../openshift/ip';

/** What says which subnets a connection is for. */
export interface SubnetParts {
  readonly host: string;
  readonly remoteSubnet?: string;
  readonly remoteSubnets?: readonly string[];
  readonly localSubnet?: string;
  readonly localSubnets?: readonly string[];
}

/** A subnet behind the node and one behind the peer, which one connection is for. */
export interface SubnetPair {
  /** Undefined for the node itself. */
  readonly local?: string;
  /** Undefined where nothing says it. */
  readonly remote?: string;
  /** What follows the interface name in the name of its connection; empty for what `remoteSubnet` and `localSubnet` say. */
  readonly suffix: string;
  /** The props that the two come from, as messages quote them. */
  readonly localProp: string;
  readonly remoteProp: string;
}

/** One side of a pair. */
interface End {
  readonly subnet?: string;
  readonly prop: string;
  /** Whether it comes from the prop for the one subnet, or is its default. */
  readonly isPlain: boolean;
}

/**
 * The pairs of subnets that an endpoint names: each behind the node with each behind the peer.
 *
 * No OpenShift release has lists of subnets that reach libreswan, so each pair is a connection of its own. Its name follows from the
 * pair alone: a subnet that is added, or named in another order, renames no other connection.
 *
 * @throws when a list is empty, names a subnet twice or no subnet
 */
export function subnetPairs(parts: SubnetParts): SubnetPair[] {
  const remotes = remoteEnds(parts);
  const locals = endsOf('localSubnet', parts.localSubnet, parts.localSubnets);
  if (locals.length === 1 && remotes.length === 1 && locals[0].isPlain && remotes[0].isPlain) return [pairOf(locals[0], remotes[0])];
  return remotes
    .flatMap((remote) => locals.map((local) => pairOf(local, remote)))
    // The connection that keeps the plain name comes first; the others by their places, in whatever order they are named.
    .sort((one, other) => Number(other.suffix === '') - Number(one.suffix === '')
      || comparePlaces(one.remote, other.remote) || comparePlaces(one.local, other.local));
}

/** The subnets behind the peer of an endpoint, as far as it says them. */
export function remoteSubnetsOf(parts: Pick<SubnetParts, 'host' | 'remoteSubnet' | 'remoteSubnets'>): string[] {
  return remoteEnds(parts).flatMap(({ subnet }) => subnet ?? []);
}

function remoteEnds({ host, remoteSubnet, remoteSubnets }: Pick<SubnetParts, 'host' | 'remoteSubnet' | 'remoteSubnets'>): End[] {
  const own = remoteSubnet ?? (remoteSubnets === undefined && isIpv4(host) ? `${host}/32` : undefined);
  return endsOf('remoteSubnet', own, remoteSubnets);
}

/** The one subnet and those of the list. The list may name the one again, so that it can name all of them. */
function endsOf(prop: string, own: string | undefined, list: readonly string[] | undefined): End[] {
  if (list === undefined) return [{ subnet: own, prop, isPlain: true }];
  if (list.length === 0) throw new InputError(`'${prop}s' (an empty list) must name a subnet: leave it out instead`);
  const seen = new Set<string>();
  for (const subnet of list) {
    refuseOther(`'${prop}s' has`, subnet);
    if (seen.has(subnet)) throw new InputError(`'${prop}s' has '${subnet}' twice: name it once`);
    seen.add(subnet);
  }
  if (own === undefined) return list.map((subnet) => ({ subnet, prop: `${prop}s`, isPlain: false }));
  refuseOther(`'${prop}' is`, own);
  const more = list.filter((subnet) => subnet !== own).map((subnet) => ({ subnet, prop: `${prop}s`, isPlain: false }));
  return [{ subnet: own, prop, isPlain: true }, ...more];
}

/** Connections are named by their subnets: two texts for one subnet would be two names. */
function refuseOther(where: string, subnet: string): void {
  const cidr = Ipv4Cidr.parse(subnet);
  if (cidr?.network === subnet) return;
  const fix = cidr
    ? `an address with a prefix: write '${cidr.network}' for the subnet, or '${subnet.split('/')[0]}/32' for the one host`
    : "which must be an IPv4 subnet in CIDR notation, such as '10.1.0.0/16'";
  throw new InputError(`${where} '${subnet}', ${fix}`);
}

function pairOf(local: End, remote: End): SubnetPair {
  const suffix = local.isPlain && remote.isPlain
    ? ''
    : [local.subnet, remote.subnet].flatMap((subnet) => subnet === undefined ? [] : subnet.replace(/[./]/g, '-')).join('-to-');
  return { local: local.subnet, remote: remote.subnet, suffix, localProp: local.prop, remoteProp: remote.prop };
}

function comparePlaces(one: string | undefined, other: string | undefined): number {
  const [first, second] = [one, other].map((subnet) => subnet === undefined ? undefined : Ipv4Cidr.parse(subnet));
  return (first?.first ?? -1) - (second?.first ?? -1) || (first?.prefix ?? -1) - (second?.prefix ?? -1);
}
