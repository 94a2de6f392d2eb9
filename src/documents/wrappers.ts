import { isMissing, PlainObject, record, step, text } from './values';

/** A kind of object that holds others, and where in it they are: JSON pointers, with `*` for every key or item. */
export interface Wrapper {
  readonly kind: string;
  /** The apiVersion, or its beginning where it ends with '/': the version of a group moves. */
  readonly api: string;
  /** Whole objects. */
  readonly objects?: readonly string[];
  /** Texts with YAML documents. */
  readonly texts?: readonly string[];
  /** Texts with YAML documents, in Base64. */
  readonly base64?: readonly string[];
  /** nmstate states, as a map. */
  readonly states?: readonly string[];
  /** Objects whose apiVersion, kind and name stand beside what is in them. */
  readonly generated?: readonly string[];
  /** Templates of RHACM: objects with how they are enforced. */
  readonly templates?: string;
  /** The managed cluster that the contents are for. */
  readonly cluster?: (object: PlainObject) => string | undefined;
}

const namespace = ({ metadata }: PlainObject) => text(record(metadata)?.namespace);
const manifests = '/manifests/*';

/**
 * Sources: the APIs of openshift/api (Template), open-cluster-management-io/api (ManifestWork, AddOnTemplate), openshift/hive (SyncSet),
 * kyverno/kyverno, openshift/assisted-service (NMStateConfig), openshift/installer (AgentConfig), stolostron/siteconfig (ClusterInstance)
 * and openshift-kni/cnf-features-deploy (SiteConfig, extra manifests in ConfigMaps).
 */
const WRAPPERS: readonly Wrapper[] = [
  { kind: 'Template', api: 'template.openshift.io/', objects: ['/objects/*'] },
  { kind: 'Template', api: 'v1', objects: ['/objects/*'] },
  { kind: 'ConfigMap', api: 'v1', texts: ['/data/*'], base64: ['/binaryData/*'], cluster: namespace },
  { kind: 'Secret', api: 'v1', texts: ['/stringData/*'], base64: ['/data/*'], cluster: namespace },
  { kind: 'ManifestWork', api: 'work.open-cluster-management.io/', objects: [`/spec/workload${manifests}`], cluster: namespace },
  { kind: 'ManifestWorkReplicaSet', api: 'work.open-cluster-management.io/', objects: [`/spec/manifestWorkTemplate/workload${manifests}`] },
  { kind: 'AddOnTemplate', api: 'addon.open-cluster-management.io/', objects: [`/spec/agentSpec/workload${manifests}`] },
  { kind: 'Policy', api: 'policy.open-cluster-management.io/', objects: ['/spec/policy-templates/*/objectDefinition'] },
  { kind: 'ConfigurationPolicy', api: 'policy.open-cluster-management.io/', templates: '/spec' },
  { kind: 'SyncSet', api: 'hive.openshift.io/', objects: ['/spec/resources/*'], cluster: clustersOfSyncSet },
  { kind: 'SelectorSyncSet', api: 'hive.openshift.io/', objects: ['/spec/resources/*'] },
  { kind: 'ClusterPolicy', api: 'kyverno.io/', generated: ['/spec/rules/*/generate', '/spec/rules/*/generate/foreach/*'] },
  { kind: 'Policy', api: 'kyverno.io/', generated: ['/spec/rules/*/generate', '/spec/rules/*/generate/foreach/*'] },
  { kind: 'NMStateConfig', api: 'agent-install.openshift.io/', states: ['/spec/config'], cluster: namespace },
  { kind: 'AgentConfig', api: 'v1alpha1', states: ['/hosts/*/networkConfig'] },
  { kind: 'AgentConfig', api: 'v1beta1', states: ['/hosts/*/networkConfig'] },
  { kind: 'SiteConfig', api: 'ran.openshift.io/', states: ['/spec/clusters/*/nodes/*/nodeNetwork/config'] },
  {
    kind: 'ClusterInstance',
    api: 'siteconfig.open-cluster-management.io/',
    states: ['/spec/nodes/*/nodeNetwork/config'],
    cluster: namespace,
  },
];

const BY_KIND = new Map<string, Wrapper[]>();
for (const wrapper of WRAPPERS) BY_KIND.set(wrapper.kind, [...BY_KIND.get(wrapper.kind) ?? [], wrapper]);

/** What is known of a kind that holds other objects; undefined for all others. */
export function wrapperOf(apiVersion: string, kind: string): Wrapper | undefined {
  return BY_KIND.get(kind)?.find(({ api }) => api.endsWith('/') ? apiVersion.startsWith(api) : apiVersion === api);
}

/** Where the nmstate states are in a document that has no kind: it is one itself, nmstate's policy around one, or an install-config. */
export function statesWithoutKind(document: PlainObject): readonly string[] {
  if (Array.isArray(document.interfaces)) return [''];
  if ('desiredState' in document) return ['/desiredState'];
  return 'baseDomain' in document ? ['/platform/baremetal/hosts/*/networkConfig'] : [];
}

/** The values that a pointer with `*` leads to, each with its own pointer. */
export function* valuesAt(value: unknown, pattern: string): Iterable<readonly [pointer: string, value: unknown]> {
  yield* walk(value, pattern.split('/').slice(1), '');
}

function* walk(value: unknown, [key, ...rest]: readonly string[], pointer: string): Iterable<readonly [string, unknown]> {
  if (key === undefined) {
    if (!isMissing(value)) yield [pointer, value];
  } else if (key === '*') {
    for (const [name, inner] of Array.isArray(value) ? value.entries() : Object.entries(record(value) ?? {})) {
      yield* walk(inner, rest, pointer + step(name as string | number));
    }
  } else {
    const holder = record(value);
    if (holder && Object.hasOwn(holder, key)) yield* walk(holder[key], rest, pointer + step(key));
  }
}

function clustersOfSyncSet({ spec }: PlainObject): string | undefined {
  const names = [...valuesAt(spec, '/clusterDeploymentRefs/*/name')].map(([, name]) => String(name));
  return names.length > 0 ? names.sort().join(', ') : undefined;
}
