import { isPlaceholder } from './placeholders';
import type { Subject } from './subjects';
import { at, isMissing, PlainObject, record, text } from './values';

export const OVN = '/spec/defaultNetwork/ovnKubernetesConfig';
export const IPSEC_CONFIG = `${OVN}/ipsecConfig`;

/** An `operator.openshift.io` Network. Most that people keep are partial, to be applied or merged. */
export interface NetworkObject {
  readonly subject: Subject;
  /** `ovnKubernetesConfig`, as far as it is stated. */
  readonly ovn: PlainObject;
  /** `ipsecConfig`, where it is a map. */
  readonly ipsec?: PlainObject;
  /** What the operator makes of `ipsecConfig`: an empty mode is the legacy way to say Full. Undefined where it is not stated. */
  readonly mode?: string;
}

export function networkOf(subject: Subject): NetworkObject | undefined {
  if (subject.kind !== 'Network' || !subject.apiVersion.startsWith('operator.openshift.io/')) return undefined;
  const ovn = record(at(subject.object.spec, 'defaultNetwork', 'ovnKubernetesConfig')) ?? {};
  const ipsec = record(ovn.ipsecConfig);
  const mode = !ipsec || isPlaceholder(ipsec.mode) ? undefined : isMissing(ipsec.mode) ? 'Full' : text(ipsec.mode);
  return { subject, ovn, ipsec, mode };
}

/** Whether the object switches IPsec on. */
export function encrypts({ mode }: NetworkObject): boolean {
  return mode === 'External' || mode === 'Full';
}

/** `migration.mtu`, its fields by name. */
export interface MtuMigrationFields {
  readonly from: unknown;
  readonly to: unknown;
  readonly machineFrom: unknown;
  readonly machineTo: unknown;
}

/** `migration.mtu`, where it is stated. */
export function mtuMigration({ subject }: NetworkObject): MtuMigrationFields | undefined {
  const mtu = record(at(subject.object.spec, 'migration', 'mtu'));
  return mtu && {
    from: at(mtu, 'network', 'from'),
    to: at(mtu, 'network', 'to'),
    machineFrom: at(mtu, 'machine', 'from'),
    machineTo: at(mtu, 'machine', 'to'),
  };
}
