import { NodeSelectorIndex } from '../../documents/node-selectors';
import { isPlaceholder } from '../../documents/placeholders';
import { Connection, finalText, holderOf } from '../../documents/policies';
import type { Subnet } from '../../documents/subnets';
import { show } from '../../documents/values';
import type { Ipv4Cidr } from '../../openshift/ip';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanSubnetOverlap: Rule = {
  id: 'libreswan-subnet-overlap',
  severity: 'error',
  title:
    'two connections of one node for the same subnet behind the node (or the node itself) and the same one behind their peers; '
      + 'a warning where one\'s lies within the other\'s',
  why:
    'The kernel has one policy for a pair of subnets: libreswan refuses the second connection, or gives it what the first one had. Of '
      + 'subnets within each other the narrower one wins.',
  fix: 'Name each subnet in one connection, and no subnet within another one.',
  docs: DOCS.libreswan,

  on: {
    set({ connections }, report) {
      const index = new ClaimIndex();
      for (const connection of connections) {
        for (const claim of claimsOf(connection)) {
          // What was there before; a policy that is kept twice, such as here and in a policy of RHACM, is no conflict with itself.
          const same = index.add(claim);
          if (same && same.connection.name !== connection.name) report(foundIn(claim, same));
        }
      }
      if (!index.hasSeveralLengths) return;
      for (const connection of connections) {
        for (const claim of claimsOf(connection)) {
          const wider = index.wider(claim);
          if (wider && wider.connection.name !== connection.name) report(foundIn(claim, wider));
        }
      }
    },
  },
};

/** What a connection wants from the kernel: the traffic between two subnets. */
interface Claim {
  readonly connection: Connection;
  readonly remote: Subnet & { readonly cidr: Ipv4Cidr };
  /** What has to be equal for two to be in each other's way: the subnet behind the node, protocols and ports. */
  readonly beside: string;
}

const NONE: readonly Claim[] = [];

function claimsOf(connection: Connection): readonly Claim[] {
  const { settings, subnets, policy } = connection;
  if (subnets.length === 0 || policy.isState || connection.name === undefined) return NONE;
  for (const key in policy.selector) if (isPlaceholder(key) || isPlaceholder(policy.selector[key])) return NONE;
  const locals: string[] = [];
  for (const { key, text, cidr } of subnets) if (key.startsWith('left')) locals.push(cidr?.network ?? text);
  if (locals.length === 0) locals.push(finalText(settings, 'left') ?? '');
  // An interface of its own is a way of its own: the routes decide there.
  const ways = `${way(settings['ipsec-interface'] ?? 'no')} ${way(settings.leftprotoport)} ${way(settings.rightprotoport)}`;
  const claims: Claim[] = [];
  for (const remote of subnets) {
    // The default route holds everything, which a rule of its own says.
    if (!remote.key.startsWith('right') || !remote.cidr || remote.cidr.prefix === 0) continue;
    for (const local of locals) claims.push({ connection, remote: remote as Claim['remote'], beside: `${local} ${ways}` });
  }
  return claims;
}

/** As a list of them joins what it holds. */
function way(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}

/** Claims by what they are for, and by their nodes: each question costs a look for each length of prefix there is. */
class ClaimIndex {
  private readonly byPlace = new Map<string, NodeSelectorIndex<Claim>>();
  private readonly lengths = new Set<number>();

  /** Adds a claim; one of the same nodes for the same subnet that was there before. */
  public add(claim: Claim): Claim | undefined {
    const key = placeOf(claim, claim.remote.cidr.network);
    let known = this.byPlace.get(key);
    if (!known) this.byPlace.set(key, known = new NodeSelectorIndex());
    const { selector } = claim.connection.policy;
    const same = known.find(selector);
    known.add(selector, claim);
    this.lengths.add(claim.remote.cidr.prefix);
    return same;
  }

  /** Whether one subnet can hold another at all. */
  public get hasSeveralLengths(): boolean {
    return this.lengths.size > 1;
  }

  /** The narrowest of the same nodes whose subnet holds this one. */
  public wider(claim: Claim): Claim | undefined {
    const { cidr } = claim.remote;
    const wider = [...this.lengths].filter((length) => length < cidr.prefix).sort((one, other) => other - one);
    for (const length of wider) {
      const found = this.at(claim, cidr.widenedTo(length));
      if (found) return found;
    }
    return undefined;
  }

  private at(claim: Claim, network: string): Claim | undefined {
    return this.byPlace.get(placeOf(claim, network))?.find(claim.connection.policy.selector);
  }
}

function placeOf({ beside }: Claim, network: string): string {
  return `${network} ${beside}`;
}

function foundIn({ connection, remote }: Claim, other: Claim) {
  const isSame = remote.cidr.prefix === other.remote.cidr.prefix;
  const which = `connection '${other.connection.name}' of ${holderOf(other.connection)} '${other.connection.policy.name}'`;
  return {
    subject: connection.subject,
    path: `${connection.settingsPath}/${remote.key}`,
    severity: isSame ? 'error' as const : 'warning' as const,
    message: `'${remote.key}' (${show(remote.text)}) ` + (isSame
      ? `is also that of ${which} on the same nodes: the kernel has one policy for it, and one of the two connections does not work`
      : `lies within ${show(other.remote.text)} of ${which} on the same nodes: what is for it goes this way, `
        + 'and the other way while this connection is not there'),
  };
}
