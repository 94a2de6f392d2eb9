import type { PeerConnection } from './peer-connection';
import type { FileNames, PeerHost } from './peer-host';
import { comment, nodesOf } from './words';
import { PEER_GUARD_TABLE, peerGuardTable } from '../connection/nftables';
import { InputError } from '../core/input-error';
import { printable } from '../core/printable';
import { Ipv4Cidr, isIpv4 } from '../openshift/ip';

/** How the file of a host's guard ends. */
export const GUARD_EXTENSION = '.guard.nft';

/**
 * A guard for the host itself: while there is no tunnel the nodes' guard drops what comes from the host in clear, and nothing else
 * keeps the host from sending it.
 *
 * @throws where the addresses of the nodes are not known, are all there are, or a connection protects certain ports alone
 */
export function guardFile(host: PeerHost, { nodeAddresses = [] }: FileNames): string {
  const { connections } = host;
  for (const connection of connections) refusePorts(connection);
  const nodes = [...connections.flatMap((connection) => nodeEndOf(connection, nodeAddresses)), ...nodeAddresses.map(cidrOf)];
  const hasSubnets = connections.every(({ peer }) => peer.subnets.length > 0);
  const behind = hasSubnets ? connections.flatMap(({ peer }) => peer.subnets.map(cidrOf)) : [];
  const isAll = behind.some(({ prefix }) => prefix === 0);
  return `${comment(headLines(host)).join('\n')}\n${peerGuardTable({ nodes, behind: isAll ? [] : behind })}`;
}

function headLines({ host, stem, connections }: PeerHost): string[] {
  const path = `/etc/nftables/${stem}${GUARD_EXTENSION}`;
  return [
    `The guard of ${host}, where this file goes: drops what goes between it and ${nodesOf(connections)} of an OpenShift cluster while no IPsec `
      + 'security association carries it. IKE and ESP pass. It holds no secret.',
    'Load it when the tunnel is up, from a session that does not come from one of these nodes:',
    `    install -D -m 644 ${stem}${GUARD_EXTENSION} ${path}`,
    `    nft -f ${path}`,
    'For each boot: the line below at the end of /etc/sysconfig/nftables.conf (RHEL) or /etc/nftables.conf (Debian), and nftables.service enabled.',
    `    include "${path}"`,
    'See what it dropped:',
    `    nft list table ${PEER_GUARD_TABLE}`,
    'Take it away:',
    `    nft delete table ${PEER_GUARD_TABLE}`,
  ];
}

/** What the connection carries at the nodes' end: what lies behind them, or the nodes themselves. */
function nodeEndOf({ name, nodes, node: { address, subnets } }: PeerConnection, given: readonly string[]): Ipv4Cidr[] {
  const ends = subnets.length > 0 ? subnets.map(cidrOf) : isIpv4(address) ? [cidrOf(address)] : [];
  if (ends.some(({ prefix }) => prefix === 0)) {
    throw new InputError(`the connection '${name}' is for every address behind ${nodes.join(', ')}, and a guard would cut the host off from `
      + 'everything: write one by hand, for the addresses that the nodes have');
  }
  if (ends.length > 0 || given.length > 0) return ends;
  throw new InputError(`the addresses of ${nodes.join(', ')}, which the guard of the host is for, are not in the connection '${name}': give them as `
    + "nodeAddresses ('--node-address'), as the host sees them, or give the endpoint left");
}

/** The guard knows addresses alone. */
function refusePorts({ name, peer, node }: PeerConnection): void {
  const ports = peer.protoport ?? node.protoport;
  if (ports === undefined) return;
  throw new InputError(`the connection '${name}' protects ${ports} alone, and a guard drops everything that no tunnel carries: write one by hand, `
    + 'for these ports, or let the connection protect all of them');
}

function cidrOf(text: string): Ipv4Cidr {
  const cidr = Ipv4Cidr.parse(isIpv4(text) ? `${text}/32` : text);
  if (!cidr) throw new InputError(`'${printable(text)}' is no IPv4 address or network, and a guard knows no other`);
  return cidr;
}

/** @throws where an address is none, in the words of `named` */
export function checkNodeAddresses(addresses: readonly string[] = [], named: string): void {
  for (const text of addresses) {
    const cidr = Ipv4Cidr.parse(isIpv4(text) ? `${text}/32` : text);
    if (cidr && !cidr.hasHostBits && cidr.prefix > 0) continue;
    throw new InputError(`${named} ('${printable(text)}') must be the IPv4 address of a node, or a network of nodes in CIDR notation, such as `
      + "'192.0.2.21' or '192.0.2.0/24'");
  }
}
