import { ALLOWED_SET, GUARDED_SET } from '../documents/guards';
import { Ipv4Cidr, withoutContained } from '../openshift/ip';

/** The table of the guard: `nft list table inet ipsec_guard`. */
export const GUARD_TABLE = 'inet ipsec_guard';

/** What a guard's table is made of. */
export interface GuardTableParts {
  /** What traffic to and from must be carried by a security association. */
  readonly guarded: readonly Ipv4Cidr[];
  /** What of it may go in clear. */
  readonly allowed: readonly Ipv4Cidr[];
  /** Whether connections have network interfaces of their own (`ipsec1`), whose traffic the kernel encrypts behind them. */
  readonly hasInterfaces: boolean;
}

/** The chains that the kernel calls, and where it does. */
const HOOKS = {
  postrouting: 'type filter hook postrouting priority 300; policy accept;',
  input: 'type filter hook input priority 0; policy accept;',
  forward: 'type filter hook forward priority 0; policy accept;',
};

/**
 * The nftables table of a guard, as `nft -f` takes it: one transaction, which also replaces an older one.
 *
 * The chains that the kernel calls are not made anew then, their rules are: where a table is deleted and made in one transaction, the
 * kernel has the chains of both for a moment, and a packet may pass the new one before it counts and the old one when it counts no
 * longer (measured: one in some 20,000 that came while it was replaced). Prefixes stay in a named set for the same reason.
 *
 * `rt ipsec missing` says that no policy with a security association was found for the packet's route. It is asked in
 * `postrouting` behind source NAT (priority 100), which looks the route up again: traffic of pods leaves under the node's address.
 * `meta ipsec missing` says that the packet was not decrypted on its way in. ESP itself passes each hook as well.
 *
 * @see https://www.netfilter.org/projects/nftables/manpage.html
 */
export function guardTable({ guarded, allowed, hasInterfaces }: GuardTableParts): string {
  return `# Drops what goes to or comes from the guarded addresses while no IPsec security association carries it.
# See what it dropped: nft list table ${GUARD_TABLE}. Switch it off until the next boot: systemctl stop ipsec-guard.service
${replacingTable({
  table: GUARD_TABLE,
  sets: { [GUARDED_SET]: guarded, [ALLOWED_SET]: allowed },
  leaving: `ip daddr @${GUARDED_SET}`,
  arriving: `ip saddr @${GUARDED_SET}`,
  passing: ['lo', ...(hasInterfaces ? ['ipsec*'] : [])],
  exceptions: allowed.length > 0 ? ALLOWED_SET : undefined,
})}`;
}

/** The table of a guard on a host outside the cluster: `nft list table inet ipsec_peer_guard`. */
export const PEER_GUARD_TABLE = 'inet ipsec_peer_guard';

/** What the table on a host outside the cluster is made of. */
export interface PeerGuardTableParts {
  /** The nodes, or what lies behind them, as the host sees their addresses. */
  readonly nodes: readonly Ipv4Cidr[];
  /** What lies behind the host; none where it is the host itself that the nodes talk to. */
  readonly behind: readonly Ipv4Cidr[];
}

/**
 * The same guard for the other end, as `nft -f` takes it.
 *
 * @see https://www.netfilter.org/projects/nftables/manpage.html
 */
export function peerGuardTable({ nodes, behind }: PeerGuardTableParts): string {
  const own = (direction: string) => behind.length > 0 ? ` ip ${direction} @behind` : '';
  return replacingTable({
    table: PEER_GUARD_TABLE,
    sets: { nodes, behind },
    leaving: `ip daddr @nodes${own('saddr')}`,
    arriving: `ip saddr @nodes${own('daddr')}`,
    passing: ['lo'],
  });
}

interface ReplacingTable {
  readonly table: string;
  /** The sets that its rules name; an empty one goes where an older table had it. */
  readonly sets: { readonly [name: string]: readonly Ipv4Cidr[] };
  /** What a packet is that must be carried by an association when it leaves. */
  readonly leaving: string;
  /** And when it arrives. */
  readonly arriving: string;
  /** The interfaces that are not looked at. */
  readonly passing: readonly string[];
  /** The set of what may go in clear. */
  readonly exceptions?: string;
}

function replacingTable({ table, sets, leaving, arriving, passing, exceptions }: ReplacingTable): string {
  const interfaces = (direction: string) => passing.map((name) => `    ${direction}name "${name}" accept\n`).join('');
  const excepted = (direction: string) => exceptions === undefined ? '' : `    ip ${direction} @${exceptions} accept\n`;
  const hook = (name: keyof typeof HOOKS) => `chain ${name} {\n    ${HOOKS[name]}`;
  const all = Object.entries(sets);
  return `table ${table} {
${all.map(([name]) => set(name)).join('')}${Object.entries(HOOKS).map(([name, at]) => `  chain ${name} { ${at} }\n`).join('')}\
  chain leaving { }
  chain arriving { }
}
# The rules are replaced and the chains stay: chains made anew would let a packet through that comes in that moment.
flush table ${table}
${all.map(([name, prefixes]) => `${prefixes.length > 0 ? 'flush' : 'delete'} set ${table} ${name}\n`).join('')}\
table ${table} {
${all.map(([name, prefixes]) => prefixes.length > 0 ? set(name, prefixes) : '').join('')}
  ${hook('postrouting')}
    ${leaving} rt ipsec missing jump leaving
  }

  ${hook('input')}
    ${arriving} meta ipsec missing jump arriving
  }

  ${hook('forward')}
    ${arriving} meta ipsec missing jump arriving
  }

  chain leaving {
${interfaces('oif')}    meta l4proto esp accept
    udp sport { 500, 4500 } accept comment "IKE, and ESP in UDP"
${excepted('daddr')}    limit rate 6/minute burst 3 packets log prefix "ipsec-guard drops, leaving in clear: " level warn
    counter drop
  }

  chain arriving {
${interfaces('iif')}    meta l4proto esp accept
    udp dport { 500, 4500 } accept comment "IKE, and ESP in UDP"
${excepted('saddr')}    limit rate 6/minute burst 3 packets log prefix "ipsec-guard drops, arriving in clear: " level warn
    counter drop
  }
}
`;
}

/** A set of prefixes, or its declaration; nftables refuses one that holds an element twice. */
function set(name: string, prefixes: readonly Ipv4Cidr[] = []): string {
  if (prefixes.length === 0) return `  set ${name} { type ipv4_addr; flags interval; }\n`;
  const elements = withoutContained(prefixes).map((prefix) => prefix.isHost ? prefix.network.slice(0, -'/32'.length) : prefix.network);
  return `  set ${name} {
    type ipv4_addr
    flags interval
    elements = { ${elements.join(', ')} }
  }
`;
}
