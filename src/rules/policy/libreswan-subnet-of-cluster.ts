import type { Severity } from '../../core/finding';
import { ClusterAddress, clusterAddressesIn, clusterAddressesOf } from '../../documents/cluster-addresses';
import type { ClusterFacts } from '../../documents/facts';
import type { Connection } from '../../documents/policies';
import type { Subnet } from '../../documents/subnets';
import { show } from '../../documents/values';
import type { Ipv4Cidr } from '../../openshift/ip';
import { PrefixIndex } from '../../openshift/prefix-index';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** A DNS server may well stand behind the peer, and to reach a gateway takes no packet that is addressed to it. */
const OF_NO_CONCERN: readonly ClusterAddress['kind'][] = ['dns', 'gateway'];

export const libreswanSubnetOfCluster: Rule = {
  id: 'libreswan-subnet-of-cluster',
  severity: 'error',
  title:
    'a `rightsubnet` that holds a network or an address of the nodes; a warning where it is a part of their network, or where it and a '
      + 'network of the pods or the services overlap',
  why:
    'The kernel sends to the peer what the nodes send to each other, and drops what comes back in clear: the node becomes NotReady. '
      + 'Addresses of pods and services never reach the peer: OVN-Kubernetes delivers them inside the cluster.',
  fix: 'Name the subnets behind the peer so that none of the cluster\'s own addresses is in them.',
  docs: DOCS.libreswan,

  on: {
    connection(connection, report, { addresses }) {
      if (!addresses) return;
      const known = knownOf(addresses);
      for (const subnet of remoteSubnets(connection)) {
        const clashing = known.filter((address) => concerns(address, subnet) && address.cidr.overlaps(subnet.cidr));
        const address = clashing.find((one) => severityOf(one, subnet.cidr) === 'error') ?? clashing[0] as ClusterAddress | undefined;
        if (address) report(foundIn(connection, subnet, address));
      }
    },
    set(set, report) {
      const addresses = clusterAddressesIn(set).filter(({ kind }) => !OF_NO_CONCERN.includes(kind));
      if (addresses.length === 0) return;
      const clashing = clashes(distinctSubnets(set.differingConnections), addresses);
      if (clashing.size === 0) return;
      for (const connection of set.connections) {
        for (const subnet of remoteSubnets(connection)) {
          const address = clashing.get(subnet.cidr.network);
          if (address) report({ subject: connection.subject, ...foundIn(connection, subnet, address) });
        }
      }
    },
  },
};

interface RemoteSubnet extends Subnet {
  readonly cidr: Ipv4Cidr;
}

/** The default route holds everything, which a rule of its own says. */
function remoteSubnets({ subnets }: Connection): RemoteSubnet[] {
  return subnets.filter((subnet): subnet is RemoteSubnet => subnet.key.startsWith('right') && (subnet.cidr?.prefix ?? 0) > 0);
}

/** A single peer may well stand beside the nodes. */
function concerns({ kind }: ClusterAddress, { cidr }: Pick<RemoteSubnet, 'cidr'>): boolean {
  return !cidr.isHost || kind === 'pods' || kind === 'services';
}

/** Each subnet once: thousands of nodes have the same. */
function distinctSubnets(connections: readonly Connection[]): Ipv4Cidr[] {
  const byNetwork = new Map<string, Ipv4Cidr>();
  for (const connection of connections) {
    for (const { cidr } of remoteSubnets(connection)) byNetwork.set(cidr.network, cidr);
  }
  return [...byNetwork.values()];
}

/** The subnets by their texts, each with the worst address that it has in common with. Of two prefixes that overlap, one holds the other. */
function clashes(subnets: readonly Ipv4Cidr[], addresses: readonly ClusterAddress[]): Map<string, ClusterAddress> {
  const found = new Map<string, ClusterAddress>();
  const add = (cidr: Ipv4Cidr, address: ClusterAddress) => {
    if (!concerns(address, { cidr })) return;
    const known = found.get(cidr.network);
    if (!known || severityOf(known, cidr) === 'warning' && severityOf(address, cidr) === 'error') found.set(cidr.network, address);
  };
  const holders = new PrefixIndex(addresses, ({ cidr }) => cidr);
  for (const cidr of subnets) for (const address of holders.holdersOf(cidr)) add(cidr, address);
  const held = new PrefixIndex(subnets, (cidr) => cidr);
  for (const address of addresses) for (const cidr of held.holdersOf(address.cidr)) add(cidr, address);
  return found;
}

/** Only where all of a node's address or network goes to the peer is it certain that nodes lose each other. */
function severityOf({ kind, cidr }: ClusterAddress, subnet: Ipv4Cidr): Severity {
  return (kind === 'node' || kind === 'machines' || kind === 'virtual') && subnet.holds(cidr) ? 'error' : 'warning';
}

function foundIn({ settings, settingsPath }: Connection, { key, text, cidr }: RemoteSubnet, address: ClusterAddress) {
  // What is for certain ports alone, or has a route of its own, leaves nodes their way to each other.
  const isPartial = settings.rightprotoport !== undefined || settings.leftprotoport !== undefined
    || (settings['ipsec-interface'] !== undefined && settings['ipsec-interface'] !== 'no');
  const severity = isPartial ? 'warning' : severityOf(address, cidr);
  return { path: `${settingsPath}/${key}`, severity, message: `'${key}' (${show(text)}) ${consequence(address, cidr, severity)}` };
}

function consequence({ kind, text, what, cidr }: ClusterAddress, subnet: Ipv4Cidr, severity: Severity): string {
  const relation = subnet.holds(cidr) ? 'holds' : 'lies in';
  const where = `${relation} '${text}', which is ${what}`;
  if (kind === 'pods' || kind === 'services') {
    return `${where}: what is sent to those addresses stays in the cluster, and never reaches the peer`;
  }
  return severity === 'error'
    ? `${where}: the kernel sends what is for it to the peer, and the nodes lose each other`
    : `${where}: the kernel sends to the peer what nodes send to each other at these addresses`;
}

const remembered = new WeakMap<object, readonly ClusterAddress[]>();

/** The few addresses that a program names, read once for all connections of its cluster. */
function knownOf(addresses: NonNullable<ClusterFacts['addresses']>): readonly ClusterAddress[] {
  let known = remembered.get(addresses);
  if (!known) remembered.set(addresses, known = clusterAddressesOf(addresses));
  return known;
}
