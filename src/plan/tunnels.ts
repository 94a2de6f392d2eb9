import { sameTree } from './ignition-tree';
import type { DocumentSet } from '../documents/document-set';
import type { NodeSelector } from '../documents/node-selectors';
import { finalText, holderOf, hostOf, IpsecInterface, roleOf } from '../documents/policies';
import { subnetsIn } from '../documents/subnets';
import { NODE_ROLE_PREFIX } from '../openshift/labels';

/** What becomes of a tunnel. */
export type TunnelFate = 'comes-up' | 'goes-down' | 'restarts' | 'renews' | 'stays-behind' | 'stays';

/** A tunnel, and what becomes of it. */
export interface TunnelPlan {
  /** The policy; the MachineConfig, where a keyfile has the connection. */
  readonly policy: string;
  readonly delivery: Delivery;
  /** How it was delivered before, where that changes. */
  readonly formerly?: { readonly delivery: Delivery; readonly policy: string };
  readonly interface: string;
  readonly change: TunnelFate;
  /** Its nodes, for people. */
  readonly nodes: string;
  /** The peer's name or address; empty where it is not written. */
  readonly peer: string;
  /** What is encrypted towards the peer: a host or subnet. */
  readonly protects: readonly string[];
  /** The subnets behind the nodes, where there are some. */
  readonly local: readonly string[];
  /** The certificate that the nodes show. */
  readonly certificate?: string;
  readonly selector: NodeSelector;
  /** Whether its settings change and no node reboots for it, so that those of before stay in use. */
  readonly waits?: boolean;
  /** Other nodes of which these are taken to be some, or to hold some, as no manifest says; before the change, or after it. */
  readonly among?: { readonly nodes: string; readonly side: 'before' | 'after' };
  /** What its policy does not do any more, where it stays behind: the policy is gone, has no such interface, or selects fewer nodes. */
  readonly left?: 'policy' | 'interface' | 'nodes';
}

/** What brings a connection to the nodes: a policy of NMState, or a keyfile of NetworkManager in a MachineConfig. */
export type Delivery = 'nmstate' | 'keyfile';

/** What the rest of a change means for tunnels. */
export interface TunnelContext {
  /** Nicknames whose certificates change. */
  readonly renewed: ReadonlySet<string>;
  /** Whether the nodes that have a MachineConfig reboot. */
  readonly reboots: (machineConfig: string) => boolean;
}

/** Every tunnel of both sets, in the order of their policies and interfaces. */
export function tunnelsOf(before: DocumentSet, after: DocumentSet, context: TunnelContext): TunnelPlan[] {
  const now = new InterfaceIndex(after.interfaces);
  const was = new InterfaceIndex(before.liveInterfaces);
  const kept = new Set(after.policies.map(({ name }) => name));
  const [matched, wider] = [new Set<IpsecInterface>(), new Set<IpsecInterface>()];
  const plans: TunnelPlan[] = [];
  for (const old of before.liveInterfaces) {
    const same = now.same(old);
    const around = same ? undefined : now.around(old);
    if (same) {
      matched.add(same);
      plans.push(planOfBoth(old, same, context));
      continue;
    }
    if (around) {
      wider.add(around);
      plans.push({ ...planOfBoth(old, around, context), nodes: nodesOf(old), selector: old.policy.selector, ...among(old, around, 'after') });
      continue;
    }
    const some = now.within(old).filter((one) => !was.same(one));
    for (const one of some) {
      matched.add(one);
      plans.push({ ...planOfBoth(old, one, context), ...among(one, old, 'before') });
    }
    const rest = planOf(old, fateWithout(old, context));
    const left = some.length > 0 ? 'nodes' : kept.has(old.policy.name) ? 'interface' : 'policy';
    plans.push({ ...rest, ...some.length > 0 ? { nodes: othersOf(old) } : {}, ...rest.change === 'stays-behind' ? { left } : {} });
  }
  for (const one of after.liveInterfaces) {
    if (!matched.has(one)) plans.push({ ...planOf(one, 'comes-up'), ...wider.has(one) ? { nodes: othersOf(one) } : {} });
  }
  return plans.sort(
    (one, other) => compare(one.policy, other.policy) || compare(one.interface, other.interface) || compare(one.nodes, other.nodes),
  );
}

/** NMState leaves alone what no policy names. A keyfile goes with its MachineConfig, and the connection with the next boot. */
function fateWithout(old: IpsecInterface, { reboots }: TunnelContext): TunnelFate {
  return old.keyfile && reboots(old.policy.name) ? 'goes-down' : 'stays-behind';
}

function planOfBoth(old: IpsecInterface, now: IpsecInterface, context: TunnelContext): TunnelPlan {
  const plan = planOf(now, fateOf(old, now, context));
  const { peer, protects, local, certificate } = planOf(old, plan.change);
  return {
    ...plan,
    // What is absent says nothing of what it was.
    ...now.absent ? { peer, protects, local, certificate } : {},
    ...isMoved(old, now) ? { formerly: { delivery: deliveryOf(old), policy: old.policy.name } } : {},
    ...now.keyfile && isChanged(old, now) && !context.reboots(now.policy.name) ? { waits: true } : {},
  };
}

function fateOf(old: IpsecInterface, now: IpsecInterface, { renewed, reboots }: TunnelContext): TunnelFate {
  if (now.absent) return 'goes-down';
  // NetworkManager reads a keyfile when it starts.
  if (isChanged(old, now) && (!now.keyfile || reboots(now.policy.name))) return 'restarts';
  const certificate = now.settings && finalText(now.settings, 'leftcert');
  return certificate !== undefined && renewed.has(certificate) ? 'renews' : 'stays';
}

function isChanged(old: IpsecInterface, now: IpsecInterface): boolean {
  return isMoved(old, now) || old.keyfile?.uuid !== now.keyfile?.uuid || !sameTree(sorted(old.settings), sorted(now.settings));
}

/** Whether a live tunnel is delivered in another way. */
function isMoved(old: IpsecInterface, now: IpsecInterface): boolean {
  return !now.absent && deliveryOf(old) !== deliveryOf(now);
}

function deliveryOf(own: IpsecInterface): Delivery {
  return holderOf(own) === 'policy' ? 'nmstate' : 'keyfile';
}

/** That some nodes are among others, where it is taken to be so: neither a host nor a label says which role a node has. */
function among(few: IpsecInterface, many: IpsecInterface, side: 'before' | 'after'): Pick<TunnelPlan, 'among'> {
  return few.keyfile || many.keyfile || isWithin(few, many) ? {} : { among: { nodes: nodesOf(many), side } };
}

/** Whether every node of one is a node of the other, by what stands there. */
function isWithin({ policy: few }: IpsecInterface, { policy: many }: IpsecInterface): boolean {
  return Object.entries(many.selector).every(([label, value]) => few.selector[label] === value);
}

/** Whether a node may be of both, by what stands there. */
function mayShare({ policy: one }: IpsecInterface, { policy: other }: IpsecInterface): boolean {
  return Object.entries(other.selector).every(([label, value]) => one.selector[label] === undefined || one.selector[label] === value);
}

/** Interfaces by name: the same nodes first, then nodes that contain the old ones, then nodes among them. */
class InterfaceIndex {
  private readonly exact = new Map<string, IpsecInterface>();
  private readonly wide = new Map<string, IpsecInterface[]>();
  private readonly hosts = new Map<string, IpsecInterface[]>();

  public constructor(interfaces: readonly IpsecInterface[]) {
    for (const own of interfaces) {
      const key = this.keyOf(own);
      // A live one counts more than an absent one: the last policy that is applied decides, and both can't be meant.
      if (!this.exact.has(key) || !own.absent) this.exact.set(key, own);
      const kind = hostOf(own.policy) === undefined ? this.wide : this.hosts;
      const known = kind.get(own.name ?? '');
      if (known) known.push(own);
      else kind.set(own.name ?? '', [own]);
    }
  }

  /** The one on the same nodes. */
  public same(old: IpsecInterface): IpsecInterface | undefined {
    return this.exact.get(this.keyOf(old));
  }

  /** One on nodes that have those of the old one among them: surely, else as is meant. */
  public around(old: IpsecInterface): IpsecInterface | undefined {
    const wide = this.wide.get(old.name ?? '') ?? [];
    return wide.find((own) => isWithin(old, own)) ?? wide.find((own) => takesOver(own, old))
      ?? (roleOf(old.policy) !== undefined || old.keyfile ? undefined : wide.find((own) => !own.keyfile && mayShare(own, old)));
  }

  /** Those on some of the old one's nodes: hosts as is meant, others surely. */
  public within(old: IpsecInterface): readonly IpsecInterface[] {
    if (hostOf(old.policy) !== undefined || old.policy.isState || old.keyfile) return [];
    const [hosts, wide] = [this.hosts, this.wide].map((kind) => kind.get(old.name ?? '') ?? []);
    return [...hosts.filter((own) => mayShare(own, old)), ...wide.filter((own) => isWithin(own, old))].filter(({ absent }) => !absent);
  }

  private keyOf({ name, policy }: IpsecInterface): string {
    return JSON.stringify([name, policy.isState ? policy.name : '', sorted(policy.selector)]);
  }
}

/** Which pool a host or a label is of stands nowhere: a keyfile of the name of a policy's tunnel is meant to take its place. */
function takesOver(now: IpsecInterface, old: IpsecInterface): boolean {
  return now.keyfile !== undefined && !old.keyfile && roleOf(old.policy) === undefined;
}

function planOf(own: IpsecInterface, change: TunnelFate): TunnelPlan {
  const settings = own.settings ?? {};
  const behind = (end: 'left' | 'right') => subnetsIn(settings).filter(({ key }) => key.startsWith(end)).map(({ text }) => text);
  return {
    policy: own.policy.name,
    delivery: deliveryOf(own),
    interface: own.name ?? '(unknown)',
    change,
    nodes: nodesOf(own),
    peer: finalText(settings, 'right') ?? '',
    protects: behind('right'),
    local: behind('left'),
    certificate: finalText(settings, 'leftcert'),
    selector: own.policy.selector,
  };
}

function nodesOf({ policy }: IpsecInterface): string {
  if (policy.isState) return `the nodes of ${policy.name}`;
  const host = hostOf(policy);
  if (host !== undefined) return host;
  const role = roleOf(policy);
  const labels = Object.entries(policy.selector)
    .filter(([label]) => role === undefined || !label.startsWith(NODE_ROLE_PREFIX))
    .map(([label, value]) => value === '' ? label : `${label}=${value}`)
    .sort().join(', ');
  if (role !== undefined) return `nodes of role ${role}${labels === '' ? '' : ` with ${labels}`}`;
  return labels === '' ? 'all nodes' : labels;
}

/** The nodes of one that are not told of by themselves. */
function othersOf(own: IpsecInterface): string {
  const nodes = nodesOf(own);
  if (nodes === 'all nodes') return 'the other nodes';
  return nodes.startsWith('nodes ') ? `the other ${nodes}` : `the other nodes of ${nodes}`;
}

function sorted(value: { readonly [key: string]: unknown } = {}): [string, unknown][] {
  return Object.entries(value).sort(([one], [other]) => compare(one, other));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
