import type { NodeSelector } from './node-selectors';
import { isPlaceholder } from './placeholders';
import type { Subject } from './subjects';
import { Subnet, subnetsIn } from './subnets';
import { at, isMissing, PlainObject, record, text } from './values';
import { oncePerShared } from '../core/shared';
import { HOSTNAME_LABEL, NODE_ROLE_PREFIX } from '../openshift/labels';
import type { LibreswanOption } from '../openshift/libreswan-option';
import { libreswanOption } from '../openshift/libreswan-options';
import { keyfileOption } from '../openshift/network-manager';

/** A NodeNetworkConfigurationPolicy, or an nmstate state that stands without one. */
export interface NodePolicy {
  readonly subject: Subject;
  readonly name: string;
  readonly selector: NodeSelector;
  /** Whether a template fills in a part of the selector: for one policy with something else than for another. */
  readonly nodesAreUnknown: boolean;
  readonly interfaces: readonly IpsecInterface[];
  /** Whether it is a state that stands without a policy: which nodes it reaches is not in it, and the selector is empty. */
  readonly isState: boolean;
}

/** A keyfile of NetworkManager, which a MachineConfig brings. */
export interface Keyfile {
  /** The path of the file on the node. */
  readonly path: string;
  readonly uuid?: string;
}

/** An interface of type `ipsec` in a policy, or the same connection in a keyfile of NetworkManager. */
export interface IpsecInterface {
  /** The policy; for a keyfile, what would be one: its nodes are those of the MachineConfig's pool. */
  readonly policy: NodePolicy;
  /** Where it is no policy that has the connection. */
  readonly keyfile?: Keyfile;
  readonly subject: Subject;
  /** Undefined where it is missing, or a template writes it. */
  readonly name?: string;
  readonly absent: boolean;
  /** JSON pointer from the policy to the interface. */
  readonly path: string;
  /** Its `libreswan`, of whatever type it is. */
  readonly libreswan: unknown;
  /** The keys of `libreswan` that are set, where it is a map; what is null is not. */
  readonly settings?: PlainObject;
  /** JSON pointer from the policy to the settings. */
  readonly settingsPath: string;
  /** Whether NetworkManager-libreswan fills in what is not written. */
  readonly filledIn: boolean;
}

/** A live interface with its settings. */
export interface Connection extends IpsecInterface {
  readonly settings: PlainObject;
  readonly subnets: readonly Subnet[];
}

export function isPolicy({ kind, apiVersion }: Subject): boolean {
  return kind === 'NodeNetworkConfigurationPolicy' && apiVersion.startsWith('nmstate.io/');
}

export function policyOf(subject: Subject): NodePolicy | undefined {
  const isState = subject.isState ?? false;
  if (!isState && !isPolicy(subject)) return undefined;
  const spec = record(subject.object.spec);
  const interfaces: IpsecInterface[] = [];
  const selector = selectorOf(record(spec?.nodeSelector));
  const policy: NodePolicy = {
    subject,
    name: subject.name ?? '(no name)',
    selector,
    nodesAreUnknown: hasPlaceholder(selector),
    interfaces,
    isState,
  };
  const given = at(spec?.desiredState, 'interfaces');
  if (Array.isArray(given)) for (const said of saidIn(given)) interfaces.push(new PolicyInterface(policy, said));
  return policy;
}

/** The policy in a document that differs from that of another one in its name and its node alone. */
export function policyAlike(document: object, other: NodePolicy): NodePolicy {
  const { subject: { apiVersion, kind }, nodesAreUnknown } = other;
  const object = document as PlainObject;
  const { name } = object.metadata as { readonly name: string };
  const { nodeSelector: selector } = object.spec as { readonly nodeSelector: NodeSelector };
  const interfaces: IpsecInterface[] = [];
  const subject: Subject = { object, apiVersion, kind, name, namespace: undefined, document, pointer: '' };
  const policy: NodePolicy = { subject, name, selector, nodesAreUnknown, interfaces, isState: false };
  for (const own of other.interfaces as readonly PolicyInterface[]) interfaces.push(own.in(policy));
  return policy;
}

/** Policies with one list of interfaces in common have what it says in common. */
const saidIn = oncePerShared((given: readonly unknown[]) => {
  const said: Said[] = [];
  for (let i = 0; i < given.length; i++) {
    const ipsec = record(given[i]);
    if (ipsec?.type === 'ipsec') said.push(new Said(i, ipsec));
  }
  return said;
});

/**
 * How often anyone has looked from an interface to its policy. Whoever judges interfaces sees by it whether a judgement was
 * about the interface alone, and so holds for each that says the same.
 */
export function looksAtPolicies(): number {
  return looks;
}

let looks = 0;

/** What an interface says, as a key to what was worked out for another that says the same; undefined where it is not plain. */
export function contentOf(own: IpsecInterface): string | undefined {
  return own instanceof PolicyInterface ? own.content() : undefined;
}

/** Whether two interfaces say the same at the same place, told without a text made of each; where in doubt they do not. */
export function saysTheSame(one: IpsecInterface, other: IpsecInterface): boolean {
  return one instanceof PolicyInterface && other instanceof PolicyInterface && one.saysTheSame(other);
}

/** What an interface says. What rules ask rarely is worked out when they do: a set may hold ten thousand. */
class Said {
  public readonly absent: boolean;
  public readonly settings?: PlainObject;
  public readonly name?: string;
  private knownSubnets?: readonly Subnet[];
  private knownPath?: string;
  private knownSettingsPath?: string;

  public constructor(public readonly index: number, public readonly ipsec: PlainObject) {
    this.absent = ipsec.state === 'absent';
    this.name = isPlaceholder(ipsec.name) ? undefined : text(ipsec.name);
    this.settings = withoutMissing(record(ipsec.libreswan));
  }

  public get path(): string {
    return this.knownPath ??= `/spec/desiredState/interfaces/${this.index}`;
  }

  public get settingsPath(): string {
    return this.knownSettingsPath ??= `${this.path}/libreswan`;
  }

  public get subnets(): readonly Subnet[] {
    return this.knownSubnets ??= subnetsIn(this.settings ?? {});
  }
}

/** What an interface says, and the policy that it stands in. */
class PolicyInterface implements IpsecInterface {
  public readonly absent: boolean;
  public readonly settings?: PlainObject;

  public constructor(private readonly holder: NodePolicy, private readonly said: Said) {
    this.absent = said.absent;
    this.settings = said.settings;
  }

  /** The same in another policy. */
  public in(policy: NodePolicy): PolicyInterface {
    return new PolicyInterface(policy, this.said);
  }

  public get policy(): NodePolicy {
    looks++;
    return this.holder;
  }

  public get subject(): Subject {
    looks++;
    return this.holder.subject;
  }

  public saysTheSame({ said }: PolicyInterface): boolean {
    if (this.said === said) return true;
    const { index, ipsec } = this.said;
    if (index !== said.index || !sameValues(ipsec, said.ipsec, 'libreswan')) return false;
    const [section, other] = [record(ipsec.libreswan), record(said.ipsec.libreswan)];
    return section !== undefined && other !== undefined && sameValues(section, other);
  }

  /** JSON tells plain values apart, and the index is a part of each pointer to them. */
  public content(): string | undefined {
    const { index, ipsec } = this.said;
    const section = record(ipsec.libreswan);
    for (const key in ipsec) if (key !== 'libreswan' && !isPlain(ipsec[key])) return undefined;
    for (const key in section) if (!isPlain(section[key])) return undefined;
    if (!section && !isMissing(ipsec.libreswan)) return undefined;
    return `${index}${JSON.stringify(ipsec)}`;
  }

  public get name(): string | undefined {
    return this.said.name;
  }

  public get libreswan(): unknown {
    return this.said.ipsec.libreswan;
  }

  public get path(): string {
    return this.said.path;
  }

  public get settingsPath(): string {
    return this.said.settingsPath;
  }

  public get subnets(): readonly Subnet[] {
    return this.said.subnets;
  }

  public get filledIn(): boolean {
    return this.settings?.['nm-auto-defaults'] !== false;
  }
}

/** Whether two maps have the same keys with the same plain values, apart from one key. */
function sameValues(one: PlainObject, other: PlainObject, except?: string): boolean {
  let keys = 0;
  for (const key in one) {
    keys++;
    if (key !== except && !(one[key] === other[key] && isPlain(one[key]))) return false;
  }
  for (const key in other) {
    keys--;
    if (!(key in one)) return false;
  }
  return keys === 0;
}

/** Whether JSON tells a value from every other one of its kind. */
function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function selectorOf(given: PlainObject = {}): NodeSelector {
  for (const key in given) {
    if (typeof given[key] !== 'string') return Object.fromEntries(Object.entries(given).map(([label, value]) => [label, String(value)]));
  }
  return given as NodeSelector;
}

function hasPlaceholder(selector: NodeSelector): boolean {
  for (const key in selector) if (isPlaceholder(key) || isPlaceholder(selector[key])) return true;
  return false;
}

/** Whether the interface is a connection: not absent, and with settings. */
export function isConnection(own: IpsecInterface): own is Connection {
  return !own.absent && own.settings !== undefined;
}

/** The section itself where nothing in it is null, which is so for almost all. */
function withoutMissing(section: PlainObject | undefined): PlainObject | undefined {
  for (const key in section) {
    if (isMissing(section[key])) return Object.fromEntries(Object.entries(section).filter(([, value]) => !isMissing(value)));
  }
  return section;
}

/** The value of a key as a text that is final; undefined where it is missing, no text, or a template writes it. */
export function finalText(settings: PlainObject, key: string): string | undefined {
  const value = settings[key];
  return typeof value === 'string' && !isPlaceholder(value) ? value : undefined;
}

/** The one node of a policy, where its selector names it. */
export function hostOf({ selector }: NodePolicy): string | undefined {
  return selector[HOSTNAME_LABEL];
}

/** What a connection stands in, as messages call it. */
export function holderOf({ keyfile }: IpsecInterface): string {
  return keyfile ? 'MachineConfig' : 'policy';
}

/** What the node knows of a key of the connection: nmstate for a policy, NetworkManager's plugin for a keyfile. */
export function optionOf({ keyfile }: IpsecInterface, key: string): LibreswanOption | undefined {
  return keyfile ? keyfileOption(key) : libreswanOption(key);
}

/** The role of a policy's nodes, where its selector names one; `control-plane` is the newer name of `master`. */
export function roleOf({ selector }: NodePolicy): string | undefined {
  for (const key in selector) {
    if (!key.startsWith(NODE_ROLE_PREFIX)) continue;
    const role = key.slice(NODE_ROLE_PREFIX.length);
    return role === 'control-plane' ? 'master' : role;
  }
  return undefined;
}
