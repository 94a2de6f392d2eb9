import { MIGRATION, MtuMigrationOf } from './mtu-migration';
import { ConfigSource, render, RenderedConfig } from './rendered-config';
import type { DocumentSet } from '../documents/document-set';
import type { NetworkObject } from '../documents/networks';
import { encrypts, IPSEC_CONFIG } from '../documents/networks';
import { isPlaceholder } from '../documents/placeholders';
import { at, list, PlainObject, record, text } from '../documents/values';
import { HOSTNAME_LABEL, MACHINE_CONFIG_ROLE_LABEL } from '../openshift/labels';

/** The pool of the node that only votes, which some clusters have. */
export const ARBITER = 'arbiter';

/** Pools that every cluster has, or that take no MachineConfigs but their own. */
const OWN_ROLE_ONLY = ['master', 'worker', ARBITER];

/** Pools for which the network operator writes a MachineConfig with libreswan. */
const EXTENSION_ROLES = ['master', 'worker'];

/** The roles that every node has one of; custom pools have what workers have. */
const EVERY_NODE = ['master', 'worker'];

/** A MachineConfig, and where what it says comes from. */
export interface PoolSource extends ConfigSource {
  readonly labels: PlainObject;
  /** The object that people change for it: itself, or the Network object where an operator writes it. */
  readonly object: string;
  /** Where in that object the cause is, if not in the field that changes. */
  readonly cause?: string;
}

/** The pools of a set of manifests, with what reaches them. */
export class Pools {
  public readonly names: readonly string[];
  public readonly sources: readonly PoolSource[];
  private readonly objects: ReadonlyMap<string, PlainObject>;
  private readonly pausing: ReadonlySet<string>;
  private readonly byRole = new Map<string, number[]>();
  private readonly taken = new Map<string, readonly PoolSource[]>();
  private readonly configs = new Map<string, RenderedConfig>();

  /** @param operator what operators write for the set */
  public constructor(set: Pick<DocumentSet, 'machineConfigs' | 'pools'>, operator: readonly PoolSource[], others: readonly string[] = []) {
    this.objects = new Map(set.pools.map(({ name, object }) => [name ?? '', object]));
    this.pausing = new Set(set.pools.filter(({ object }) => at(object.spec, 'paused') === true).map(({ name }) => name ?? ''));
    const own = set.machineConfigs.filter(({ hasRole, role }) => hasRole && role !== undefined).map(({ subject, role }): PoolSource => ({
      name: subject.name ?? '',
      role: role!,
      labels: record(at(subject.object.metadata, 'labels')) ?? {},
      object: `MachineConfig/${subject.name ?? ''}`,
      spec: record(subject.object.spec) ?? {},
    }));
    const known = new Set(own.map(({ name }) => name));
    this.sources = [...own, ...operator.filter(({ name }) => !known.has(name))];
    for (const [place, { role }] of this.sources.entries()) {
      const places = this.byRole.get(role);
      if (places) places.push(place);
      else this.byRole.set(role, [place]);
    }
    this.names = [...new Set([...this.sources.map(({ role }) => role), ...this.objects.keys(), ...others])]
      .filter((name) => name !== '')
      .sort();
  }

  /** The MachineConfigs that a pool takes. */
  public of(pool: string): readonly PoolSource[] {
    let taken = this.taken.get(pool);
    if (!taken) this.taken.set(pool, taken = this.select(pool));
    return taken;
  }

  public rendered(pool: string): RenderedConfig {
    let config = this.configs.get(pool);
    if (!config) this.configs.set(pool, config = render(this.of(pool)));
    return config;
  }

  /** Whether the set pauses a pool and ends the pause again, as a rollout does. */
  public isPausedMeanwhile(pool: string): boolean {
    return this.pausing.has(pool) && !this.isPaused(pool);
  }

  public isPaused(pool: string): boolean {
    return at(this.objects.get(pool)?.spec, 'paused') === true;
  }

  /** Whether the set has the pool itself, so that its selector and its pause are known. */
  public has(pool: string): boolean {
    return this.objects.has(pool);
  }

  /** `maxUnavailable` as it is written: a number, or a share such as `10%`. */
  public maxUnavailable(pool: string): string | number {
    const value = at(this.objects.get(pool)?.spec, 'maxUnavailable');
    return typeof value === 'number' || typeof value === 'string' ? value : 1;
  }

  /** How many nodes a pool says it has; one where it selects a host. */
  public nodes(pool: string): number | undefined {
    const object = this.objects.get(pool);
    const count = at(object?.status, 'machineCount');
    if (typeof count === 'number') return count;
    return text(at(object?.spec, 'nodeSelector', 'matchLabels', HOSTNAME_LABEL)) === undefined ? undefined : 1;
  }

  private select(pool: string): readonly PoolSource[] {
    const selector = at(this.objects.get(pool)?.spec, 'machineConfigSelector');
    if (record(selector) && !isPlaceholder(selector)) {
      const matches = matcherOf(selector);
      const roles = rolesOf(selector);
      const candidates = roles ? this.ofRoles(roles) : this.sources;
      return candidates.filter(({ labels, role }) => matches({ ...labels, [MACHINE_CONFIG_ROLE_LABEL]: role }));
    }
    return this.ofRoles(OWN_ROLE_ONLY.includes(pool) ? [pool] : ['worker', pool]);
  }

  /** The MachineConfigs of some roles, in their order. */
  private ofRoles(roles: readonly string[]): readonly PoolSource[] {
    const places = [...new Set(roles)].flatMap((role) => this.byRole.get(role) ?? []);
    return places.sort((one, other) => one - other).map((place) => this.sources[place]);
  }
}

/** What a label selector of Kubernetes matches; one that says nothing matches nothing here, as in the operator. */
function matcherOf(selector: unknown): (labels: PlainObject) => boolean {
  const wanted = Object.entries(record(at(selector, 'matchLabels')) ?? {});
  const expressions = list(at(selector, 'matchExpressions')).map((expression) => ({
    label: String(at(expression, 'key')), operator: at(expression, 'operator'), values: new Set(list(at(expression, 'values'))),
  }));
  if (wanted.length === 0 && expressions.length === 0) return () => false;
  return (labels) => wanted.every(([label, value]) => labels[label] === value) && expressions.every(({ label, operator, values }) => {
    const isOne = Object.hasOwn(labels, label) && values.has(labels[label]);
    switch (operator) {
      case 'In': return isOne;
      case 'NotIn': return !isOne;
      case 'Exists': return Object.hasOwn(labels, label);
      case 'DoesNotExist': return !Object.hasOwn(labels, label);
      default: return false;
    }
  });
}

/** The only roles that a selector can match; undefined where it says nothing of that. */
function rolesOf(selector: unknown): readonly string[] | undefined {
  const role = at(selector, 'matchLabels', MACHINE_CONFIG_ROLE_LABEL);
  if (role !== undefined) return [String(role)];
  const expression = list(at(selector, 'matchExpressions'))
    .find((each) => at(each, 'key') === MACHINE_CONFIG_ROLE_LABEL && at(each, 'operator') === 'In');
  return expression === undefined ? undefined : list(at(expression, 'values')).map(String);
}

/** What the network operator makes of the mode of IPsec. */
export class IpsecModeOf {
  /** The mode that a set says; undefined where it has no Network object with it. */
  public readonly mode?: string;

  public constructor(networks: readonly NetworkObject[], assumed?: string) {
    this.mode = networks.map(({ mode }) => mode).find((mode) => mode !== undefined) ?? assumed;
  }

  public get isOn(): boolean {
    return this.mode !== undefined && encrypts({ mode: this.mode } as NetworkObject);
  }

  /** The MachineConfigs with libreswan, which the operator writes as soon as IPsec is on (OpenShift 4.15 and later). */
  public extensions(): PoolSource[] {
    if (!this.isOn) return [];
    return EXTENSION_ROLES.map((role) => ({
      name: extensionName(role), role, labels: {}, object: 'Network/cluster', cause: IPSEC_CONFIG, spec: { extensions: ['ipsec'] },
    }));
  }
}

/** What the operator writes for the nodes of every pool while an MTU migration is under way; `00-<role>` holds more than that. */
export function migrationSources({ active }: MtuMigrationOf, hasArbiter: boolean): PoolSource[] {
  if (active === undefined) return [];
  const unit = { name: 'mtu-migration.service', enabled: true, contents: active };
  return [...EVERY_NODE, ...hasArbiter ? [ARBITER] : []].map((role) => ({
    name: `00-${role} (MTU migration)`, role, labels: {}, object: 'Network/cluster', cause: MIGRATION, spec: { config: { systemd: { units: [unit] } } },
  }));
}

/** The MachineConfig that installs libreswan on the nodes of a role. */
export function extensionName(role: string): string {
  return `80-ipsec-${role}-extensions`;
}
