import { ClusterAddress, clusterAddressesIn, KNOWN_ADDRESSES } from '../../documents/cluster-addresses';
import { Guard, GuardFact, guardOf, GuardPrefix, guardsOf } from '../../documents/guards';
import { Ipv4Cidr } from '../../openshift/ip';
import { PrefixIndex } from '../../openshift/prefix-index';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** Addresses that are never another machine's (RFC 6890): this host, link-local (and OVN-Kubernetes' own), multicast and reserved. */
const NOT_REMOTE = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map((text) => Ipv4Cidr.parse(text)!);

const OTHERWISE = 'the guard drops what no tunnel carries, and the nodes are cut off';

export const guardCutsClusterOff: Rule = {
  id: 'guard-cuts-cluster-off',
  severity: 'error',
  title:
    'a guarded prefix that holds the default route, or an address that the cluster is known to need in clear: a network of the nodes, '
      + 'the pods or the '
      + 'services, another node, a gateway, a DNS server, a virtual address of the API or of ingress',
  why: 'The guard drops it, the node becomes NotReady, and only its console is left.',
  fix: 'Guard the addresses of the peers alone, or except what must be reached in clear (allowClear).',
  docs: DOCS.guard,

  on: {
    'machine-config'(machineConfig, report) {
      const guard = guardOf(machineConfig);
      if (!guard) return;
      const path = `${guard.pointer}/contents`;
      for (const { text, cidr } of guard.guarded) {
        const special = NOT_REMOTE.find((other) => cidr.overlaps(other));
        if (cidr.prefix === 0) {
          report({ path, message: `guarded prefix '${text}' is the default route: ${OTHERWISE}` });
        } else if (special) {
          report({
            path,
            message: `guarded prefix '${text}' has addresses of ${special.network}, `
          + `which are never a peer's: ${OTHERWISE}`,
          });
        }
      }
      for (const [prefix, address] of clashes([guard], addressesKnownTo(guard))) report({ path, message: messageOf(prefix, address) });
    },
    set(set, report) {
      const guards = guardsOf(set.machineConfigs);
      if (guards.length === 0) return;
      for (const [prefix, address, { machineConfig, pointer }] of clashes(guards, clusterAddressesIn(set))) {
        report({ subject: machineConfig.subject, path: `${pointer}/contents`, message: messageOf(prefix, address) });
      }
    },
  },
};

function messageOf({ text: guarded, cidr: own }: GuardPrefix, { cidr, text, what }: ClusterAddress): string {
  const told = own.network === cidr.network ? `is ${what}` : `${own.holds(cidr) ? 'holds' : 'lies in'} '${text}', which is ${what}`;
  return `guarded prefix '${guarded}' ${told}: ${OTHERWISE}`;
}

function addressesKnownTo({ known }: Guard): ClusterAddress[] {
  return (Object.keys(KNOWN_ADDRESSES) as GuardFact[])
    .flatMap((fact) => (known[fact] ?? []).map((address) => ({ ...address, ...KNOWN_ADDRESSES[fact] })));
}

interface Guarded {
  readonly guard: Guard;
  readonly prefix: GuardPrefix;
}

/** The prefixes that overlap an address that is not excepted, each once. Of two prefixes that overlap, one holds the other. */
function* clashes(guards: readonly Guard[], addresses: readonly ClusterAddress[]): Iterable<[GuardPrefix, ClusterAddress, Guard]> {
  const all = guards.flatMap((guard) => guard.guarded.filter(({ cidr }) => cidr.prefix > 0).map((prefix): Guarded => ({ guard, prefix })));
  const guarded = new PrefixIndex(all, ({ prefix }) => prefix.cidr);
  const told = new Set<GuardPrefix>();
  for (const address of addresses) {
    for (const { guard, prefix } of guarded.holdersOf(address.cidr)) {
      if (told.has(prefix) || guard.allows(address.cidr)) continue;
      told.add(prefix);
      yield [prefix, address, guard];
    }
  }
  const others = new PrefixIndex(addresses, ({ cidr }) => cidr);
  for (const { guard, prefix } of all) {
    if (told.has(prefix) || guard.allows(prefix.cidr)) continue;
    for (const address of others.holdersOf(prefix.cidr)) {
      // A single peer may well stand beside the nodes.
      if (prefix.cidr.isHost && address.kind === 'machines') continue;
      yield [prefix, address, guard];
      break;
    }
  }
}
