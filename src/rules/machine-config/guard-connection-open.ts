import type { DocumentSet } from '../../documents/document-set';
import { GuardPrefix, guardsOf } from '../../documents/guards';
import { isPlaceholder } from '../../documents/placeholders';
import { Connection, roleOf } from '../../documents/policies';
import { show } from '../../documents/values';
import type { Ipv4Cidr } from '../../openshift/ip';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const guardConnectionOpen: Rule = {
  id: 'guard-connection-open',
  severity: 'warning',
  title: 'a connection of nodes that have a guard, for a `rightsubnet` that the guard does not guard, or not all of it; '
    + 'a connection of all nodes where the guard is on some of them',
  why: 'While its tunnel is down, what is for that subnet goes out in clear, and the guard beside it looks as if nothing could.',
  fix: "Name the connection's endpoint in 'endpoints' of the IpsecGuard, or acknowledge that its traffic may go in clear.",
  docs: DOCS.guard,

  on: {
    set({ connections, machineConfigs }, report) {
      const guards = guardedByRole(machineConfigs);
      if (guards.size === 0) return;
      const open = new OpenRoles(guards);
      for (const connection of connections) {
        if (!canBeGuarded(connection)) continue;
        const { subject, policy, settingsPath, subnets } = connection;
        for (const { key, text, cidr } of subnets) {
          if (!key.startsWith('right') || !cidr || cidr.prefix === 0) continue;
          const role = open.find(policy.selector, roleOf(policy), cidr);
          if (role === undefined) continue;
          report({ subject, path: `${settingsPath}/${key}`, ...openness(`'${key}' (${show(text)})`, role, guards) });
        }
      }
    },
  },
};

/** For nodes whose role nobody says. */
const ANY = '';

/** A guard in a sentence, with what else its nodes would have where it is a pool's own. */
function nameOf(role: string, guards: ReadonlyMap<string, unknown>): string {
  if (role === ANY) return 'any guard of the set';
  const takesPlace = role !== 'worker' && role !== 'master' && guards.has('worker');
  return `the guard of role '${role}'${takesPlace ? ", which takes the place of worker's on its nodes" : ''}`;
}

/** What of it is open, and the fix, where it is another one than the rule's. */
function openness(subnet: string, role: string, guards: ReadonlyMap<string, unknown>): { readonly message: string; readonly fix?: string } {
  if (role === ANY || guards.has(role)) {
    return {
      message: `${subnet} is not guarded by ${nameOf(role, guards)}, and goes in clear while the tunnel is down`,
    };
  }
  return {
    message: `${subnet} has a guard on nodes of ${[...guards.keys()].map((each) => `role '${each}'`).join(', ')}, and the policy selects all nodes: `
      + `those of role '${role}' have no guard, and it goes in clear from there while the tunnel is down`,
    fix: `Add '${role}' to 'roles' of the IpsecGuard, select the nodes of the guard alone, or acknowledge that it may go in clear.`,
  };
}

/** A state without a policy names no nodes, a template fills in others, and what is for certain ports a guard can't know. */
function canBeGuarded({ policy: { isState, selector }, settings }: Connection): boolean {
  if (isState || settings.leftprotoport !== undefined || settings.rightprotoport !== undefined) return false;
  return !Object.entries(selector).some((entry) => entry.some(isPlaceholder));
}

/** What the guards of each role guard; those whose role is not known guard no connection for certain. */
function guardedByRole(machineConfigs: DocumentSet['machineConfigs']): Map<string, GuardPrefix[]> {
  const byRole = new Map<string, GuardPrefix[]>();
  for (const { machineConfig: { role }, guarded } of guardsOf(machineConfigs)) {
    if (role === undefined) continue;
    const known = byRole.get(role);
    if (known) known.push(...guarded);
    else byRole.set(role, [...guarded]);
  }
  return byRole;
}

/** The roles that nodes of every cluster have. */
const EVERYWHERE = ['master', 'worker'];

/** Answers for which role a subnet is open, once for each of the few subnets and roles that connections have. */
class OpenRoles {
  private readonly byRole = new Map<string, Addresses>();
  private readonly all: Addresses;
  private readonly known = new Map<string, string | undefined>();

  public constructor(private readonly guards: ReadonlyMap<string, readonly GuardPrefix[]>) {
    this.all = new Addresses([...guards.values()].flat());
  }

  /** A role whose guard leaves some of the subnet open, `ANY` where all of them do and the nodes may have any; undefined for none. */
  public find(selector: object, role: string | undefined, cidr: Ipv4Cidr): string | undefined {
    const isOfAllNodes = role === undefined && Object.keys(selector).length === 0;
    const key = `${cidr.network} ${role ?? (isOfAllNodes ? '*' : ANY)}`;
    if (!this.known.has(key)) this.known.set(key, this.look(role, isOfAllNodes, cidr));
    return this.known.get(key);
  }

  private look(role: string | undefined, isOfAllNodes: boolean, cidr: Ipv4Cidr): string | undefined {
    if (role === undefined && !isOfAllNodes) return this.all.hold(cidr) ? undefined : ANY;
    const roles = isOfAllNodes ? [...new Set([...this.guards.keys(), ...EVERYWHERE])] : this.onNodesOf(role!);
    return roles.find((each) => !this.of(each).hold(cidr));
  }

  /**
   * The guards that nodes of a role may have. A node has one alone: the file and the unit of its own pool's take the place of worker's.
   * Nodes of such pools are workers too.
   */
  private onNodesOf(role: string): string[] {
    if (role === 'worker') return [...this.guards.keys()].filter((each) => each !== 'master');
    if (this.guards.has(role)) return [role];
    return role !== 'master' && this.guards.has('worker') ? ['worker'] : [];
  }

  private of(role: string): Addresses {
    let addresses = this.byRole.get(role);
    if (!addresses) this.byRole.set(role, addresses = new Addresses(this.guards.get(role) ?? []));
    return addresses;
  }
}

/** Addresses as ranges that do not touch: neighbours that make up a wider subnet hold it together. */
class Addresses {
  private readonly firsts: number[] = [];
  private readonly ends: number[] = [];

  public constructor(prefixes: readonly GuardPrefix[]) {
    const sorted = prefixes.map(({ cidr }) => cidr).sort((one, other) => one.first - other.first);
    for (const cidr of sorted) {
      const last = this.ends.length - 1;
      if (last >= 0 && cidr.first <= this.ends[last]) {
        this.ends[last] = Math.max(this.ends[last], endOf(cidr));
      } else {
        this.firsts.push(cidr.first);
        this.ends.push(endOf(cidr));
      }
    }
  }

  public hold(cidr: Ipv4Cidr): boolean {
    let [low, high] = [0, this.firsts.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.firsts[middle] <= cidr.first) low = middle + 1;
      else high = middle;
    }
    return low > 0 && endOf(cidr) <= this.ends[low - 1];
  }
}

/** The first address after a subnet. */
function endOf({ first, prefix }: Ipv4Cidr): number {
  return first + 2 ** (32 - prefix);
}
