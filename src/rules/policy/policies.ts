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
  /** The value of a key as a text that is final; undefined where it is missing, no text, or a template writes it. */
  readonly value: (key: string) => string | undefined;
  /** Whether NetworkManager-libreswan fills in what is not written. */
  readonly filledIn: boolean;
}

export function policyOf(subject: Subject): NodePolicy | undefined {
  if (subject.kind !== 'NodeNetworkConfigurationPolicy' || !subject.apiVersion.startsWith('nmstate.io/')) return undefined;
  const selector = record(at(subject.object.spec, 'nodeSelector')) ?? {};
  const interfaces: IpsecInterface[] = [];
  const policy: NodePolicy = {
    subject,
    name: subject.name ?? '(no name)',
    selector: Object.values(selector).every((value) => typeof value === 'string') ? selector as NodeSelector
      : Object.fromEntries(Object.entries(selector).map(([key, value]) => [key, String(value)])),
    interfaces,
  };
  for (const [i, candidate] of list(at(subject.object.spec, 'desiredState', 'interfaces')).entries()) {
    const ipsec = record(candidate);
    if (ipsec?.type !== 'ipsec') continue;
    interfaces.push({
      policy,
      subject,
      name: isTemplate(ipsec.name) ? undefined : text(ipsec.name),
      absent: ipsec.state === 'absent',
      path: `/spec/desiredState/interfaces/${i}`,
      libreswan: ipsec.libreswan,
    });
  }
  return policy;
}

/** The interface as a connection, or nothing where it is absent or has no settings. */
export function connectionsOf(own: IpsecInterface): Connection[] {
  const section = record(own.libreswan);
  if (own.absent || !section) return [];
  const settings = Object.values(section).some(isMissing)
    ? Object.fromEntries(Object.entries(section).filter(([, value]) => !isMissing(value))) : section;
  return [{
    ...own,
    settings,
    settingsPath: `${own.path}/libreswan`,
    value: (key) => isTemplate(settings[key]) ? undefined : text(settings[key]),
    filledIn: settings['nm-auto-defaults'] !== false,
  }];
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
