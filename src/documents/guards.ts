import { bytesOf, MachineConfigObject } from './machine-config/machine-configs';
import { annotationsOf } from './subjects';
import { Ipv4Cidr } from '../openshift/ip';
import { PrefixIndex } from '../openshift/prefix-index';

/** Where a node has the table of its guard; RHEL keeps nftables rules there, so SELinux lets `nft` read them. */
export const GUARD_PATH = '/etc/nftables/ipsec-guard.nft';

/** The sets of the guard's table. */
export const GUARDED_SET = 'guarded';
export const ALLOWED_SET = 'allowed';

/** What a guard's prefixes were held against, by the prop of the cluster that said it; annotations of the MachineConfig. */
export const GUARD_ANNOTATIONS = {
  machineNetworks: 'ipsec.cdk8s.io/guard-machine-networks',
  podNetworks: 'ipsec.cdk8s.io/guard-pod-networks',
  serviceNetworks: 'ipsec.cdk8s.io/guard-service-networks',
  apiVips: 'ipsec.cdk8s.io/guard-api-vips',
} as const;

/** What a guard can be told of the cluster's addresses. */
export type GuardFact = keyof typeof GUARD_ANNOTATIONS;

/** A prefix in a set of a guard's table. */
export interface GuardPrefix {
  readonly text: string;
  readonly cidr: Ipv4Cidr;
}

/** The guard that a MachineConfig brings to the nodes. */
export interface Guard {
  readonly machineConfig: MachineConfigObject;
  /** JSON pointer from the MachineConfig to the file with the table. */
  readonly pointer: string;
  readonly guarded: readonly GuardPrefix[];
  readonly allowed: readonly GuardPrefix[];
  /** The addresses of the cluster that its annotations name; undefined where nothing is said of them. */
  readonly known: { readonly [fact in GuardFact]?: readonly GuardPrefix[] };
  /** Whether all of a prefix may be reached in clear. */
  allows(cidr: Ipv4Cidr): boolean;
}

/** The guard in a MachineConfig, where it has one whose table can be read. */
export function guardOf(machineConfig: MachineConfigObject): Guard | undefined {
  const file = machineConfig.files.find(({ path }) => path === GUARD_PATH);
  const text = file && bytesOf(file)?.toString('utf8');
  if (!file || text === undefined) return undefined;
  const allowed = elementsOf(text, ALLOWED_SET);
  const exceptions = new PrefixIndex(allowed, ({ cidr }) => cidr);
  return {
    machineConfig,
    pointer: file.pointer,
    guarded: elementsOf(text, GUARDED_SET),
    allowed,
    known: knownBy(machineConfig),
    allows: (cidr) => exceptions.hasHolderOf(cidr),
  };
}

/** The guards of a set. */
export function guardsOf(machineConfigs: readonly MachineConfigObject[]): Guard[] {
  return machineConfigs.flatMap((machineConfig) => guardOf(machineConfig) ?? []);
}

/** The prefixes in a set of a guard's table, in its order. */
export function elementsOf(table: string, set: string): GuardPrefix[] {
  const elements = new RegExp(`^\\s*set ${set} \\{[^}]*?elements = \\{([^}]*)\\}`, 'm').exec(table)?.[1] ?? '';
  return prefixesIn(elements);
}

/** The IPv4 prefixes in a list with commas; an address is a prefix of one host. What is neither is passed over. */
function prefixesIn(text: string): GuardPrefix[] {
  return text.split(',').flatMap((part) => {
    const prefix = part.trim();
    const cidr = Ipv4Cidr.parse(prefix.includes('/') ? prefix : `${prefix}/32`);
    return cidr ? [{ text: prefix, cidr }] : [];
  });
}

function knownBy({ subject }: MachineConfigObject): Guard['known'] {
  const annotations = new Map(annotationsOf(subject));
  return Object.fromEntries(Object.entries(GUARD_ANNOTATIONS).flatMap(([fact, annotation]) => {
    const value = annotations.get(annotation);
    return typeof value === 'string' ? [[fact, prefixesIn(value)]] : [];
  }));
}
