import { sameTree } from './ignition-tree';
import type { DocumentSet } from '../documents/document-set';
import type { NodeSelector } from '../documents/node-selectors';
import { finalText, holderOf, hostOf, IpsecInterface, roleOf } from '../documents/policies';
import { subnetsIn } from '../documents/subnets';

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
  /** The certificate that the nodes show. */
  readonly certificate?: string;
  readonly selector: NodeSelector;
  /** Whether its settings change and no node reboots for it, so that those of before stay in use. */
  readonly waits?: boolean;
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
  const matched = new Set<IpsecInterface>();
  const plans: TunnelPlan[] = [];
  for (const old of before.liveInterfaces) {
    const same = now.find(old);
    if (same) matched.add(same);
    plans.push(same ? planOfBoth(old, same, context) : planOf(old, fateWithout(old, context)));
  }
  for (const one of after.liveInterfaces) if (!matched.has(one)) plans.push(planOf(one, 'comes-up'));
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
  const { selector } = old.policy;
  return {
    ...plan,
    // A keyfile takes the tunnel over on these nodes, and on others of its pool.
    ...now.keyfile && !old.keyfile ? { nodes: nodesOf(old), selector } : {},
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

/** Interfaces by name: the same nodes first, then nodes that contain the old ones. */
class InterfaceIndex {
  private readonly exact = new Map<string, IpsecInterface>();
  private readonly byName = new Map<string, IpsecInterface[]>();

  public constructor(interfaces: readonly IpsecInterface[]) {
    for (const own of interfaces) {
      const key = this.keyOf(own);
      // A live one counts more than an absent one: the last policy that is applied decides, and both can't be meant.
      if (!this.exact.has(key) || !own.absent) this.exact.set(key, own);
      const wide = Object.keys(own.policy.selector).length === 0 || roleOf(own.policy) !== undefined;
      if (wide) this.byName.set(own.name ?? '', [...this.byName.get(own.name ?? '') ?? [], own]);
    }
  }

  public find(old: IpsecInterface): IpsecInterface | undefined {
    const exact = this.exact.get(this.keyOf(old));
    if (exact) return exact;
    const { selector } = old.policy;
    return this.byName
      .get(old.name ?? '')
      ?.find((own) => takesOver(own, old) || Object.entries(own.policy.selector).every(([label, value]) => selector[label] === value));
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
  const subnets = subnetsIn(settings).filter(({ key }) => key.startsWith('right')).map(({ text }) => text);
  return {
    policy: own.policy.name,
    delivery: deliveryOf(own),
    interface: own.name ?? '(unknown)',
    change,
    nodes: nodesOf(own),
    peer: finalText(settings, 'right') ?? '',
    protects: subnets,
    certificate: finalText(settings, 'leftcert'),
    selector: own.policy.selector,
  };
}

function nodesOf({ policy }: IpsecInterface): string {
  if (policy.isState) return `the nodes of ${policy.name}`;
  const host = hostOf(policy);
  if (host !== undefined) return host;
  const role = roleOf(policy);
  if (role !== undefined) return `nodes of role ${role}`;
  const labels = Object.entries(policy.selector).map(([label, value]) => value === '' ? label : `${label}=${value}`);
  return labels.length === 0 ? 'all nodes' : labels.sort().join(', ');
}

function sorted(value: { readonly [key: string]: unknown } = {}): [string, unknown][] {
  return Object.entries(value).sort(([one], [other]) => compare(one, other));
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
