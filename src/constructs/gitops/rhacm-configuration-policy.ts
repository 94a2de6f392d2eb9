import { Yaml } from 'cdk8s';
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
    metadata: { ...policy.metadata, name: `${policy.metadata.name}-{{ index (splitList "." $node.metadata.name) 0 }}` },
    spec: { ...spec, nodeSelector: { [HOSTNAME_LABEL]: '{{ index $node.metadata.labels "kubernetes.io/hostname" }}' } },
  };
  const template = Yaml.stringify([objectTemplate(ofNode)]);
  const raw = `{{- range $node := (lookup "v1" "Node" "" "" "${NODE_ROLE_PREFIX}${role}").items }}\n${template}{{- end }}\n`;
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
  return { ...only, ...SECRET_KINDS.includes(objectDefinition.kind) ? { recordDiff: 'None' } : {}, objectDefinition };
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
