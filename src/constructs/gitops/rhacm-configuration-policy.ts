import { Yaml } from 'cdk8s';
import { isImmutable } from './cluster-objects';
import { InputError } from '../../core/input-error';
import { HOSTNAME_LABEL, NODE_ROLE_PREFIX } from '../../openshift/labels';

/** An object as a ConfigurationPolicy states it. */
export interface ObjectTemplate {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly [key: string]: unknown;
}

const API_VERSION = 'policy.open-cluster-management.io/v1';

/** Kinds that may hold a key, of which no difference is recorded. */
const SECRET_KINDS = ['MachineConfig', 'Secret'];

/** A ConfigurationPolicy that has these objects on a cluster, or tells that it has not. */
export function configurationPolicy(name: string, objects: readonly ObjectTemplate[], remediationAction: string): object {
  return {
    apiVersion: API_VERSION,
    kind: 'ConfigurationPolicy',
    metadata: { name, ...withoutTemplates(objects) },
    spec: { 'remediationAction': remediationAction, 'severity': 'high', 'object-templates': objects.map(objectTemplate) },
  };
}

/**
 * The same, as two where a key from a Secret of the hub meets braces of a script or a template for another reader: what keeps a cluster
 * from filling the braces in keeps it from decrypting as well.
 *
 * @throws when one object has both
 */
export function configurationPolicies(name: string, objects: readonly ObjectTemplate[], remediationAction: string): object[] {
  const encrypted = objects.filter(hasHubSecret);
  const others = objects.filter((object) => !hasHubSecret(object));
  for (const object of encrypted) {
    if (!hasBraces(object)) continue;
    throw new InputError(
      `${object.kind} '${object.metadata.name}' has a Secret of the hub, and braces of its own ('{{'), and RHACM can't decrypt the one and `
        + 'leave the other as it is: put the braces into another object',
    );
  }
  if (encrypted.length === 0 || !others.some(hasBraces)) return [configurationPolicy(name, objects, remediationAction)];
  return [configurationPolicy(name, encrypted, remediationAction), configurationPolicy(`${name}-literal`, others, remediationAction)];
}

/** A ConfigurationPolicy that only looks: it is compliant when the cluster's objects are in this state. */
export function gatePolicy(name: string, states: readonly ObjectTemplate[]): object {
  return configurationPolicy(name, states, 'inform');
}

/** A ConfigurationPolicy that makes a policy for each node of a role out of one, on the cluster and from the nodes that it has. */
export function perNodePolicy(name: string, role: string, policy: ObjectTemplate, remediationAction: string): object {
  const spec = policy.spec as { readonly [key: string]: unknown };
  const ofNode = {
    ...policy,
    metadata: { ...policy.metadata, name: nameOnNode(policy.metadata.name) },
    spec: { ...spec, nodeSelector: { [HOSTNAME_LABEL]: '{{ index $node.metadata.labels "kubernetes.io/hostname" }}' } },
  };
  return rawPolicy(name, overNodes(role, [objectTemplate(ofNode)]), remediationAction);
}

/** Looks at what `perNodePolicy` makes: it is compliant when the policy of each node of the role is in this state. */
export function perNodeGate(name: string, role: string, state: ObjectTemplate): object {
  const ofNode = { ...state, metadata: { ...state.metadata, name: nameOnNode(state.metadata.name) } };
  return rawPolicy(name, overNodes(role, [objectTemplate(ofNode)]), 'inform');
}

/**
 * Looks at DaemonSets: it is compliant when each has a ready pod of its latest template on every node that it is for. How many these are,
 * and which template is the latest, the cluster fills in.
 */
export function daemonSetGate(name: string, daemonSets: readonly { readonly name: string; readonly namespace: string }[]): object {
  return rawPolicy(name, daemonSets.map(daemonSetState).join(''), 'inform');
}

/** `updatedNumberScheduled` is left out of a status where it is none. */
function daemonSetState({ name, namespace }: { readonly name: string; readonly namespace: string }): string {
  const numberOf = (...path: string[]) => `dig ${path.map((key) => `"${key}"`).join(' ')} 0 $daemonSet`;
  return `{{- $daemonSet := lookup "apps/v1" "DaemonSet" "${namespace}" "${name}" }}
- complianceType: musthave
  objectDefinition:
    apiVersion: apps/v1
    kind: DaemonSet
    metadata:
      name: ${JSON.stringify(name)}
      namespace: ${JSON.stringify(namespace)}
    status:
      desiredNumberScheduled: {{ ${numberOf('status', 'desiredNumberScheduled')} | int }}
      numberReady: {{ ${numberOf('status', 'desiredNumberScheduled')} | int }}
      observedGeneration: {{ ${numberOf('metadata', 'generation')} | int }}
{{- if gt (${numberOf('status', 'desiredNumberScheduled')} | int) 0 }}
      updatedNumberScheduled: {{ ${numberOf('status', 'desiredNumberScheduled')} | int }}
{{- end }}
`;
}

/** The names that the policies of an endpoint have on a cluster, by the first label of each node. */
function nameOnNode(name: string): string {
  return `${name}-{{ index (splitList "." $node.metadata.name) 0 }}`;
}

function overNodes(role: string, templates: readonly object[]): string {
  return `{{- range $node := (lookup "v1" "Node" "" "" "${NODE_ROLE_PREFIX}${role}").items }}\n${Yaml.stringify(templates)}{{- end }}\n`;
}

function rawPolicy(name: string, raw: string, remediationAction: string): object {
  return {
    apiVersion: API_VERSION,
    kind: 'ConfigurationPolicy',
    metadata: { name },
    spec: { 'remediationAction': remediationAction, 'severity': 'high', 'object-templates-raw': raw },
  };
}

/** `mustonlyhave` fits MachineConfigs alone: it removes what is not named, which is most of any other object. */
function objectTemplate(objectDefinition: ObjectTemplate): object {
  const only =
    objectDefinition.kind === 'MachineConfig'
      ? { complianceType: 'mustonlyhave', metadataComplianceType: 'musthave' }
      : { complianceType: 'musthave' };
  return {
    ...only,
    ...SECRET_KINDS.includes(objectDefinition.kind) ? { recordDiff: 'None' } : {},
    // The pod template of a Job can't be changed: one with other settings is another Job under the name.
    ...isImmutable(objectDefinition) ? { recreateOption: 'IfRequired' } : {},
    objectDefinition,
  };
}

/** Braces of a script are no template of RHACM; a template of the hub is filled in before the cluster looks. */
function withoutTemplates(objects: readonly ObjectTemplate[]): object {
  return objects.some(hasBraces) ? { annotations: { 'policy.open-cluster-management.io/disable-templates': 'true' } } : {};
}

function hasBraces(object: ObjectTemplate): boolean {
  return /\{\{(?!hub\b)/.test(JSON.stringify(object));
}

/** Whether the hub encrypts a part of it, which the cluster's templates then decrypt. */
function hasHubSecret(object: ObjectTemplate): boolean {
  return /\{\{hub\b.*?\bfromSecret\b/.test(JSON.stringify(object));
}
