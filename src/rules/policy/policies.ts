import type { NodeSelector } from './node-selectors';
import type { Subject } from '../subjects';
import { at, isMissing, isTemplate, list, PlainObject, record, text } from '../values';

/** A NodeNetworkConfigurationPolicy. */
export interface NodePolicy {
  readonly subject: Subject;
  readonly name: string;
  readonly selector: NodeSelector;
  readonly interfaces: readonly IpsecInterface[];
}

/** An interface of type `ipsec` in a policy. */
export interface IpsecInterface {
  readonly policy: NodePolicy;
  readonly subject: Subject;
  /** Undefined where it is missing, or a template writes it. */
  readonly name?: string;
  readonly absent: boolean;
  /** JSON pointer from the policy to the interface. */
  readonly path: string;
  /** Its `libreswan`, of whatever type it is. */
  readonly libreswan: unknown;
}

/** A live interface and its settings. */
export interface Connection extends IpsecInterface {
  /** The keys that are set; what is null is not. */
  readonly settings: PlainObject;
  /** JSON pointer from the policy to the settings. */
  readonly settingsPath: string;
  /** Whether NetworkManager-libreswan fills in what is not written. */
  readonly filledIn: boolean;
}

export function policyOf(subject: Subject): NodePolicy | undefined {
  if (subject.kind !== 'NodeNetworkConfigurationPolicy' || !subject.apiVersion.startsWith('nmstate.io/')) return undefined;
  const spec = record(subject.object.spec);
  const interfaces: IpsecInterface[] = [];
  const policy: NodePolicy = { subject, name: subject.name ?? '(no name)', selector: selectorOf(record(spec?.nodeSelector)), interfaces };
  list(at(spec?.desiredState, 'interfaces')).forEach((candidate, i) => {
    const ipsec = record(candidate);
    if (ipsec?.type !== 'ipsec') return;
    const { name, state, libreswan } = ipsec;
    interfaces.push({ policy, subject, name: isTemplate(name) ? undefined : text(name), absent: state === 'absent', path: `/spec/desiredState/interfaces/${i}`, libreswan });
  });
  return policy;
}

function selectorOf(given: PlainObject = {}): NodeSelector {
  for (const key in given) {
    if (typeof given[key] !== 'string') return Object.fromEntries(Object.entries(given).map(([label, value]) => [label, String(value)]));
  }
  return given as NodeSelector;
}

/** The interface as a connection; undefined where it is absent or has no settings. */
export function connectionOf(own: IpsecInterface): Connection | undefined {
  const section = record(own.libreswan);
  return own.absent || !section ? undefined : new LiveConnection(own, section);
}

class LiveConnection implements Connection {
  public readonly policy: NodePolicy;
  public readonly subject: Subject;
  public readonly name?: string;
  public readonly absent: boolean;
  public readonly path: string;
  public readonly libreswan: unknown;
  public readonly settings: PlainObject;

  public constructor(own: IpsecInterface, section: PlainObject) {
    ({ policy: this.policy, subject: this.subject, name: this.name, absent: this.absent, path: this.path, libreswan: this.libreswan } = own);
    this.settings = withoutMissing(section);
  }

  public get settingsPath(): string {
    return `${this.path}/libreswan`;
  }

  public get filledIn(): boolean {
    return this.settings['nm-auto-defaults'] !== false;
  }
}

/** The section itself where nothing in it is null, which is so for almost all. */
function withoutMissing(section: PlainObject): PlainObject {
  for (const key in section) {
    if (isMissing(section[key])) return Object.fromEntries(Object.entries(section).filter(([, value]) => !isMissing(value)));
  }
  return section;
}

/** The value of a key as a text that is final; undefined where it is missing, no text, or a template writes it. */
export function finalText(settings: PlainObject, key: string): string | undefined {
  const value = settings[key];
  return typeof value === 'string' && !isTemplate(value) ? value : undefined;
}

/** The one node of a policy, where its selector names it. */
export function hostOf({ selector }: NodePolicy): string | undefined {
  return selector['kubernetes.io/hostname'];
}

/** The role of a policy's nodes, where its selector names one; `control-plane` is the newer name of `master`. */
export function roleOf({ selector }: NodePolicy): string | undefined {
  const prefix = 'node-role.kubernetes.io/';
  const role = Object.keys(selector).find((key) => key.startsWith(prefix))?.slice(prefix.length);
  return role === 'control-plane' ? 'master' : role;
}
