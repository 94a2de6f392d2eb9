import { ApiObject, App } from 'cdk8s';
import type { Candidate, ReadObject } from './candidate';
import { Code, listOf, literal, member, recordOf, variable } from './code';
import { parseTexts } from '../check/yaml-file';
import { RhacmPolicies, RhacmRemediation } from '../constructs/gitops/rhacm-policies';
import { IpsecRollout } from '../constructs/rollout/ipsec-rollout';
import { RolloutStage, STAGES } from '../constructs/rollout/rollout-stage';
import { InputError } from '../core/input-error';
import { at, list, PlainObject, record, text } from '../documents/values';
import { HOSTNAME_LABEL, NODE_ROLE_PREFIX } from '../openshift/labels';

/** An object that a policy brings to clusters, and the stage of the rollout that it belongs to. */
export interface ObjectInPolicy extends ReadObject {
  readonly stage: StageOfObjects;
  /** Whether it is made for each node on the cluster. */
  readonly isPerNode: boolean;
}

/** A rollout as policies of RHACM have it. */
export interface RolloutInPolicies {
  /** What the names of the policies begin with. */
  readonly prefix: string;
  /** The policies, their Placement and its PlacementBinding, in the order in which `RhacmPolicies` writes them. */
  readonly policies: readonly ReadObject[];
  readonly inside: readonly ObjectInPolicy[];
  readonly pools: readonly string[];
}

/** The policies of a rollout, and why the others are none. */
export interface FoundPolicies {
  readonly rollout?: RolloutInPolicies;
  readonly others: ReadonlyMap<ReadObject, string>;
}

/** The stages that nothing but what is put into them makes: the others are of sequences, which RHACM can't apply. */
const STAGES_OF_OBJECTS = STAGES.filter((stage): stage is StageOfObjects =>
  stage !== RolloutStage.MIGRATION && stage !== RolloutStage.PAUSE && stage !== RolloutStage.UNPAUSE);
type StageOfObjects = Exclude<RolloutStage, RolloutStage.MIGRATION | RolloutStage.PAUSE | RolloutStage.UNPAUSE>;

const GROUPS = ['policy.open-cluster-management.io', 'cluster.open-cluster-management.io'];
const KINDS = ['Policy', 'ConfigurationPolicy', 'Placement', 'PlacementBinding'];

const NOT_OURS = "it is not one of a rollout as RhacmPolicies writes it: a Policy for each stage, called '<rollout>-<stage>' with a "
  + `stage of ${STAGES_OF_OBJECTS.join(', ')}, and a Placement and a PlacementBinding called '<rollout>', all in one namespace`;

/** Whether its name and its pools can be ones is found out by making it. */
function whyNoRollout({ prefix, pools, policies }: RolloutInPolicies): string | undefined {
  if (!clusterLabels(policies)) {
    return `Placement '${prefix}' selects clusters in another way than by 'matchLabels', which is all that RhacmPolicies writes`;
  }
  try {
    new IpsecRollout(new App(), prefix, { pools: [...pools] });
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** Finds the policies of RHACM that are one rollout. */
export function policiesIn(objects: readonly ReadObject[]): FoundPolicies {
  const all = objects.filter(({ object }) => isOfRhacm(object));
  const others = new Map(all.map((read) => [read, NOT_OURS]));
  // The first of a name counts.
  const byName = new Map([...all].reverse().map((read) => [placeOf(read.object.kind, nameOf(read), read), read]));
  let rollout: RolloutInPolicies | undefined;
  for (const placement of all.filter(({ object }) => object.kind === 'Placement')) {
    const policies = policiesOf(placement, byName);
    const found = policies.length < 3 ? undefined : rolloutOf(nameOf(placement), policies);
    const why = !found ? NOT_OURS : rollout ? isThereAlready(rollout) : whyNoRollout(found);
    for (const read of policies) {
      if (why === undefined) others.delete(read);
      else others.set(read, why);
    }
    if (why === undefined) rollout = found;
  }
  return { rollout, others };
}

function isThereAlready({ prefix }: RolloutInPolicies): string {
  return `the policies of rollout '${prefix}' are in the program already, and a program has one: import these from a folder of their own`;
}

function isOfRhacm({ kind, apiVersion }: PlainObject): boolean {
  return KINDS.includes(kind as string) && GROUPS.some((group) => String(apiVersion).startsWith(`${group}/`));
}

function nameOf({ object }: ReadObject): string {
  return text(at(object.metadata, 'name')) ?? '';
}

/** The policies that a Placement is for, itself and its binding; fewer than three where they are no rollout. */
function policiesOf(placement: ReadObject, byName: ReadonlyMap<string, ReadObject>): ReadObject[] {
  const prefix = nameOf(placement);
  const find = (kind: string, name: string) => byName.get(placeOf(kind, name, placement)) ?? [];
  return [...STAGES_OF_OBJECTS.flatMap((stage) => find('Policy', `${prefix}-${stage}`)), placement, find('PlacementBinding', prefix)].flat();
}

/** Where an object of a name is, in the namespace of another. */
function placeOf(kind: unknown, name: string, { object }: ReadObject): string {
  return JSON.stringify([kind, at(object.metadata, 'namespace'), name]);
}

function rolloutOf(prefix: string, policies: readonly ReadObject[]): RolloutInPolicies {
  const inside = policies.flatMap((read) => {
    const stage = nameOf(read).slice(prefix.length + 1) as StageOfObjects;
    const file = `${read.file}, in Policy '${nameOf(read)}'`;
    return templatesOf(read).flatMap((template) => objectsIn(template, nameOf(read)))
      .map(({ object, isPerNode }): ObjectInPolicy => ({ object, isPerNode, stage, file, leftOut: [] }));
  });
  return { prefix, policies, inside, pools: poolsIn(policies) };
}

function templatesOf({ object }: ReadObject): PlainObject[] {
  return definitionsIn(at(object.spec, 'policy-templates'));
}

interface Inside { readonly object: PlainObject; readonly isPerNode: boolean }

/** The objects of a ConfigurationPolicy; what only looks at the cluster is made anew. */
function objectsIn(template: PlainObject, policy: string): Inside[] {
  const name = text(at(template.metadata, 'name'));
  const raw = text(at(template.spec, 'object-templates-raw'));
  if (raw !== undefined) return perNode(raw);
  if (name !== policy && name !== `${policy}-literal`) return [];
  return definitionsIn(at(template.spec, 'object-templates')).map((object) => ({ object, isPerNode: false }));
}

function definitionsIn(templates: unknown): PlainObject[] {
  return list(templates).map((template) => record(at(template, 'objectDefinition'))).filter((object) => object !== undefined);
}

const OVER_NODES = /^\{\{- range \$node := \(lookup "v1" "Node" "" "" "([^"]+)"\)\.items \}\}\n([^]*)\{\{- end \}\}\n$/;
const OF_NODE = /-\{\{ index \(splitList "\." \$node\.metadata\.name\) 0 \}\}$/;

/** The policy that is made for each node of a role, as it is for the role. */
function perNode(raw: string): Inside[] {
  const [, label, templates] = OVER_NODES.exec(raw) ?? [];
  if (!label?.startsWith(NODE_ROLE_PREFIX)) return [];
  return list(parsed(templates)).flatMap((each) => {
    const object = record(at(each, 'objectDefinition'));
    const metadata = record(object?.metadata);
    const spec = record(object?.spec);
    const selector = at(spec, 'nodeSelector', HOSTNAME_LABEL);
    if (!object || !metadata || !spec || selector === undefined) return [];
    return [{
      isPerNode: true,
      object: {
        ...object,
        metadata: { ...metadata, name: String(metadata.name).replace(OF_NODE, '') },
        spec: { ...spec, nodeSelector: { [label]: '' } },
      },
    }];
  });
}

function parsed(yaml: string): unknown {
  try {
    return parseTexts(yaml)[0];
  } catch {
    return undefined;
  }
}

/** The pools that the stage before the connections waits for. */
function poolsIn(policies: readonly ReadObject[]): string[] {
  const states = policies.flatMap((read) => templatesOf(read).filter(({ metadata }) => at(metadata, 'name') === `${nameOf(read)}-pools`))
    .flatMap((gate) => list(at(gate.spec, 'object-templates')));
  const names = states.flatMap((state) => text(at(state, 'objectDefinition', 'metadata', 'name')) ?? []);
  return names.length > 0 ? names : ['worker'];
}

/**
 * The construct that may write the policies.
 *
 * @param rollout the variable of the rollout
 * @param nodeEndpoints the variables of the endpoints that are made for each node
 */
export function policiesCandidate({ prefix, policies }: RolloutInPolicies, rollout: string, nodeEndpoints: readonly string[]): Candidate {
  const [first] = policies;
  const action = at(templatesOf(first)[0], 'spec', 'remediationAction');
  const optional = (code: Code, isGiven: boolean): Code | undefined => isGiven ? code : undefined;
  return {
    name: 'RhacmPolicies',
    make: RhacmPolicies,
    props: recordOf([
      ['rollout', variable(rollout)],
      ['namespace', literal(at(first.object.metadata, 'namespace'))],
      ['clusterLabels', literal(clusterLabels(policies))],
      ['remediation', optional(member('RhacmRemediation', RhacmRemediation, action), action !== RhacmRemediation.ENFORCE)],
      ['nodeEndpoints', optional(listOf(nodeEndpoints.map(variable)), nodeEndpoints.length > 0)],
    ]),
    path: (name, index) => `(${name}.chart.node.findChild('${idOf(policies[index], prefix)}') as ApiObject)`,
    objectsOf: ({ chart }: RhacmPolicies) => chart.node.findAll().filter((each): each is ApiObject => ApiObject.isApiObject(each)),
  };
}

/** The labels that the Placement asks clusters for. */
function clusterLabels(policies: readonly ReadObject[]): PlainObject | undefined {
  const [predicate] = list(at(policies.at(-2)!.object.spec, 'predicates'));
  return record(at(predicate, 'requiredClusterSelector', 'labelSelector', 'matchLabels'));
}

/** What `RhacmPolicies` calls an object in its chart. */
function idOf(read: ReadObject, prefix: string): string {
  return nameOf(read) === prefix ? read.object.kind === 'Placement' ? 'placement' : 'binding' : nameOf(read);
}

/** Where the policies say another thing than `RhacmPolicies` does: more than something beside what it writes. */
export function isAnotherPolicy(path: string): boolean {
  return /(?:\/spec|\/policy-templates|\/object-templates|\/object-templates-raw|\/objectDefinition|\/remediationAction|\/complianceType)$/.test(path)
    || /\/object-templates\/\d+\/objectDefinition\/(?!metadata\/annotations\/ipsec\.cdk8s\.io~1)/.test(path);
}
