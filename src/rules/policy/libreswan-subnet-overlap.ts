import { oncePerShared } from '../../core/shared';
import { NodeSelector, NodeSelectorIndex } from '../../documents/node-selectors';
import { Connection, finalText, holderOf } from '../../documents/policies';
import type { Subnet } from '../../documents/subnets';
import { PlainObject, show } from '../../documents/values';
import { Ipv4Cidr } from '../../openshift/ip';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanSubnetOverlap: Rule = {
  id: 'libreswan-subnet-overlap',
  severity: 'error',
  title:
    'two connections of one node for the same subnet behind the node (or the node itself) and the same one behind their peers; '
      + 'a warning where the traffic of one is a part of the other\'s, or they have some in common',
  why:
    'The kernel has one policy for a pair of subnets: libreswan refuses the second connection, or gives it what the first one had. Of '
      + 'subnets within each other the narrower one wins.',
  fix: 'Name each subnet in one connection, and no subnet within another one.',
  docs: DOCS.libreswan,

  on: {
    set({ connections }, report) {
      const claims: Claim[] = [];
      for (const connection of connections) addClaims(connection, claims);
      const index = new ClaimIndex();
      for (const claim of claims) {
        // What was there before; a policy that is kept twice, such as here and in a policy of RHACM, is no conflict with itself.
        const same = index.add(claim);
        if (same && same.connection.name !== claim.connection.name) report(foundIn(claim, same, sameClaim(claim)));
      }
      if (!index.hasSeveralLengths) return;
      index.addCrossings(claims);
      for (const claim of claims) {
        const wider = index.wider(claim);
        if (wider && wider.connection.name !== claim.connection.name) report(foundIn(claim, wider, withinClaim(claim, wider)));
        const crossing = index.crossing(claim);
        if (crossing && crossing.connection.name !== claim.connection.name) report(foundIn(claim, crossing, crossedClaim(claim, crossing)));
      }
    },
  },
};

interface KnownSubnet extends Subnet {
  readonly cidr: Ipv4Cidr;
}

/** The traffic between two subnets. */
interface Traffic {
  readonly local: Subnet;
  readonly remote: KnownSubnet;
  /** What else has to be equal for two to be in each other's way: interface, protocols and ports. */
  readonly ways: string;
  /** All that in one text. */
  readonly place: string;
}

/** What a connection wants from the kernel. */
interface Claim extends Traffic {
  readonly connection: Connection;
}

function addClaims(connection: Connection, claims: Claim[]): void {
  const { settings, subnets, policy } = connection;
  if (subnets.length === 0 || policy.isState || policy.nodesAreUnknown || connection.name === undefined) return;
  for (const { local, remote, ways, place } of trafficOf(settings, subnets)) claims.push({ connection, local, remote, ways, place });
}

/** Thousands of connections have their settings, and so their subnets, in common. */
const trafficOf = oncePerShared((settings: PlainObject, subnets: readonly Subnet[]): readonly Traffic[] => {
  // An interface of its own is a way of its own: the routes decide there.
  const ways = `${wordOf(settings['ipsec-interface'] ?? 'no')} ${wordOf(settings.leftprotoport)} ${wordOf(settings.rightprotoport)}`;
  const locals = localsOf(settings, subnets);
  const traffic: Traffic[] = [];
  for (const remote of subnets) {
    if (!isBehindPeer(remote)) continue;
    for (const local of locals) traffic.push({ local, remote, ways, place: placeOf({ local, remote, ways }) });
  }
  return traffic;
});

/** A value as a text, also where it is a map that has its own idea of that. */
function wordOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

/** The default route holds everything, which a rule of its own says. */
function isBehindPeer(subnet: Subnet): subnet is KnownSubnet {
  return subnet.key.startsWith('right') && subnet.cidr !== undefined && subnet.cidr.prefix !== 0;
}

function localsOf(settings: PlainObject, subnets: readonly Subnet[]): readonly Subnet[] {
  const isBehindNode = ({ key }: Subnet) => key.startsWith('left');
  return subnets.some(isBehindNode) ? subnets.filter(isBehindNode) : [nodeItself(finalText(settings, 'left') ?? '')];
}

function nodeItself(left: string): Subnet {
  return { key: 'left', text: left, cidr: Ipv4Cidr.parse(`${left}/32`) };
}

/** Claims by their two subnets, and by their nodes: each question costs a look for each length of prefix there is at either end. */
class ClaimIndex {
  private readonly byPlace = new Map<string, ClaimsOfPlace>();
  /** By each wider subnet than their own behind the peer. */
  private readonly byWiderRemote = new Map<string, NodeSelectorIndex<Claim>>();
  private readonly locals = new Lengths();
  private readonly remotes = new Lengths();

  /** Adds one, and tells one of the same nodes for the same subnets, and of another name, that was there before. */
  public add(claim: Claim): Claim | undefined {
    this.locals.add(claim.local);
    this.remotes.add(claim.remote);
    let known = this.byPlace.get(claim.place);
    if (!known) this.byPlace.set(claim.place, known = new ClaimsOfPlace());
    return known.findAndAdd(claim);
  }

  /** Whether one subnet can hold another at all. */
  public get hasSeveralLengths(): boolean {
    return this.locals.areSeveral || this.remotes.areSeveral;
  }

  /** Makes ready for `crossing`, when all claims have been added. */
  public addCrossings(claims: readonly Claim[]): void {
    if (!this.locals.areSeveral || !this.remotes.areSeveral) return;
    for (const claim of claims) {
      const local = networkOf(claim.local);
      for (const remote of this.remotes.widerThan(claim.remote)) {
        indexAt(this.byWiderRemote, placeOf(claim, local, remote)).add(claim.connection.policy.selector, claim);
      }
    }
  }

  /** The narrowest of the same nodes whose subnets hold these; one of the two may be the same. */
  public wider(claim: Claim): Claim | undefined {
    const { local, remote, connection } = claim;
    const locals = [networkOf(local), ...this.locals.widerThan(local)];
    const remotes = [networkOf(remote), ...this.remotes.widerThan(remote)];
    for (const [i, wideLocal] of locals.entries()) {
      for (const [j, wideRemote] of remotes.entries()) {
        const found = i + j > 0 && this.byPlace.get(placeOf(claim, wideLocal, wideRemote))?.find(connection.policy.selector);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** One of the same nodes whose subnet behind the node holds this one, while this one's behind the peer holds the other's. */
  public crossing(claim: Claim): Claim | undefined {
    if (this.byWiderRemote.size === 0) return undefined;
    for (const local of this.locals.widerThan(claim.local)) {
      const found = this.byWiderRemote.get(placeOf(claim, local))?.find(claim.connection.policy.selector);
      if (found) return found;
    }
    return undefined;
  }
}

/**
 * The claims for one pair of subnets by their nodes. Those of one name are never in each other's way, and in most fleets there is but one
 * name for a pair: they are sorted by their nodes when somebody asks.
 */
class ClaimsOfPlace {
  private unsorted: Claim[] = [];
  private index?: NodeSelectorIndex<Claim>;

  /** One of the same nodes that was there before; where all have one name, none is told. */
  public findAndAdd(claim: Claim): Claim | undefined {
    if (!this.index && (this.unsorted.length === 0 || this.unsorted[0].connection.name === claim.connection.name)) {
      this.unsorted.push(claim);
      return undefined;
    }
    return this.sorted().findAndAdd(claim.connection.policy.selector, claim);
  }

  public find(selector: NodeSelector): Claim | undefined {
    return this.sorted().find(selector);
  }

  private sorted(): NodeSelectorIndex<Claim> {
    if (!this.index) {
      this.index = new NodeSelectorIndex();
      for (const claim of this.unsorted) this.index.findAndAdd(claim.connection.policy.selector, claim);
      this.unsorted = [];
    }
    return this.index;
  }
}

/** The lengths of prefixes at one end. */
class Lengths {
  private readonly lengths = new Set<number>();
  private sorted?: readonly number[];

  public add({ cidr }: Subnet): void {
    if (!cidr) return;
    this.lengths.add(cidr.prefix);
    this.sorted = undefined;
  }

  public get areSeveral(): boolean {
    return this.lengths.size > 1;
  }

  /** The subnets that hold this one, the narrowest first. */
  public widerThan({ cidr }: Subnet): string[] {
    if (!cidr) return [];
    this.sorted ??= [...this.lengths].sort((one, other) => other - one);
    return this.sorted.filter((length) => length < cidr.prefix).map((length) => cidr.widenedTo(length));
  }
}

function indexAt(indices: Map<string, NodeSelectorIndex<Claim>>, place: string): NodeSelectorIndex<Claim> {
  let index = indices.get(place);
  if (!index) indices.set(place, index = new NodeSelectorIndex());
  return index;
}

function placeOf({ local, remote, ways }: Omit<Traffic, 'place'>, localNetwork = networkOf(local), remoteNetwork = networkOf(remote)): string {
  return `${remoteNetwork} ${localNetwork} ${ways}`;
}

/** A subnet in its one text. */
function networkOf({ cidr, text }: Subnet): string {
  return cidr?.network ?? text;
}

function foundIn({ connection, local, remote }: Claim, other: Claim, { end, severity, says }: Relation) {
  const which = `connection '${other.connection.name}' of ${holderOf(other.connection)} '${other.connection.policy.name}'`;
  return {
    subject: connection.subject,
    path: `${connection.settingsPath}/${(end === 'local' ? local : remote).key}`,
    severity,
    message: says(`${which} on the same nodes`),
  };
}

/** What there is to say of two claims. */
interface Relation {
  /** The end where they differ. */
  readonly end: 'local' | 'remote';
  readonly severity: 'error' | 'warning';
  readonly says: (which: string) => string;
}

function sameClaim({ remote }: Claim): Relation {
  return {
    end: 'remote',
    severity: 'error',
    says: (which) => `${quoted(remote)} is also that of ${which}: the kernel has one policy for it, and one of the two connections does not work`,
  };
}

const OTHERWISE = 'this way, and the other way while this connection is not there';

function withinClaim({ local, remote }: Claim, other: Claim): Relation {
  const severity = 'warning';
  if (networkOf(local) === networkOf(other.local)) {
    const says = (which: string) => `${quoted(remote)} lies within ${show(other.remote.text)} of ${which}: what is for it goes ${OTHERWISE}`;
    return { end: 'remote', severity, says };
  }
  const isSameRemote = networkOf(remote) === networkOf(other.remote);
  return {
    end: 'local',
    severity,
    says: (which) => `${quoted(local)} lies within ${show(other.local.text)} of ${which}, `
      + (isSameRemote ? `which is for the same ${quoted(remote)}` : `as ${quoted(remote)} lies within its ${show(other.remote.text)}`)
      + `: what is between the two goes ${OTHERWISE}`,
  };
}

function crossedClaim({ local, remote }: Claim, other: Claim): Relation {
  return {
    end: 'local',
    severity: 'warning',
    says: (which) => `${quoted(local)} lies within ${show(other.local.text)} of ${which}, while ${quoted(remote)} holds its `
      + `${show(other.remote.text)}: what is between ${show(local.text)} and ${show(other.remote.text)} goes ${OTHERWISE}`,
  };
}

function quoted({ key, text }: Subnet): string {
  return `'${key}' (${show(text)})`;
}
