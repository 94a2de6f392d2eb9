import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { judgeAppOf } from './judged-app';
import { refuseSequences } from './refuse-sequences';
import { configurationPolicies, daemonSetGate, gatePolicy, ObjectTemplate, perNodeGate, perNodePolicy } from './rhacm-configuration-policy';
import { seal } from './sealed';
import { InputError } from '../../core/input-error';
import { instance, KindsOf, listOf, mapOf, member, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { NODE_NAME_TEMPLATE } from '../../openshift/hub-template';
import { isLabelValue, isObjectName } from '../../openshift/kubernetes-names';
import { NODE_ROLE_PREFIX } from '../../openshift/labels';
import { ExternalIpsecEndpoint } from '../endpoint/external-ipsec-endpoint';
import { IpsecRollout } from '../rollout/ipsec-rollout';
import { FIRST_ON_CHANGED_NODES, RolloutStage, STAGES } from '../rollout/rollout-stage';
import { daemonSetsIn, objectsOf } from '../rollout/written-objects';

/** Whether a policy changes the cluster. */
export enum RhacmRemediation {
  /** It makes the cluster as the policy says. */
  ENFORCE = 'enforce',
  /** It only tells how the cluster differs; no stage after the first one begins before a person has made it so. */
  INFORM = 'inform',
}

/** What `RhacmPolicies` is made of. */
export interface RhacmPoliciesProps {
  /** The rollout that the managed clusters are to get. */
  readonly rollout: IpsecRollout;

  /**
   * The namespace of the policies on the hub (`metadata.namespace`), bound to the cluster set of the managed clusters.
   *
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly namespace: string;

  /**
   * The labels of the managed clusters that get it (`labelSelector`).
   *
   * @see https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance/governance
   */
  readonly clusterLabels: { [name: string]: string };

  /**
   * Whether the policies change the clusters (`remediationAction`).
   *
   * @default RhacmRemediation.ENFORCE
   * @see https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance/governance
   */
  readonly remediation?: RhacmRemediation;

  /**
   * Endpoints of the rollout that get a policy of their own for each node of their role, made on the cluster from the nodes that it has:
   * a node more needs no change here. Their props may hold `RhacmTemplate.NODE_NAME`. Each selects its nodes by `NodeSelection.role`.
   *
   * @default - none; each endpoint's policies are those that it writes
   */
  readonly nodeEndpoints?: ExternalIpsecEndpoint[];

  /**
   * What the names of the policies begin with (`metadata.name`).
   *
   * @default - the id of the rollout
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly policyPrefix?: string;
}

const GROUP = 'policy.open-cluster-management.io';

/**
 * The rollout as policies of Red Hat Advanced Cluster Management: a Policy for each stage, which begins on a cluster when the one
 * before it is compliant there, and one Placement with its PlacementBinding for all of them.
 *
 * Everything is `musthave`, so that what the cluster has besides stays; `MachineConfig` alone is `mustonlyhave`, so that no file of an
 * earlier one stays in it. There is no prop for it: `mustonlyhave` on the Network object deletes the cluster's network. Policies of
 * MachineConfigs and Secrets record no difference, which would show a key.
 *
 * The stage before `endpoints` is compliant when each pool has all MachineConfigs by name and is updated, and the DaemonSets so far are
 * ready on every node; `endpoints` when every policy is available, those of `nodeEndpoints` as well; what looks at that only informs. Make
 * it when the charts of the rollout have been filled, in an app of its own where the files of the rollout itself are not to lie beside the
 * hub's. The rollout's own app need not be synthesized, and can't be where it holds `RhacmTemplate`s: what its synthesis would refuse or
 * warn of, that of this construct does, and `IpsecWarnings.of(rollout)` has the warnings.
 *
 * @see https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance/governance
 */
export class RhacmPolicies extends Construct {
  /** The chart with the policies, to be applied to the hub. */
  public readonly chart: Chart;

  /** The names of the policies, in the order of the stages. */
  public readonly policyNames: string[];

  /**
   * @throws when the rollout is empty or has a pause or an MTU migration, a name can't be one or is too long, or an endpoint for each node
   * is not one of the rollout with a role
   */
  public constructor(scope: Construct, id: string, props: RhacmPoliciesProps) {
    super(scope, id);
    const policies = build(this, props, KINDS, () => {
      refuse(props);
      return policiesOf(props);
    });
    this.chart = new Chart(this, 'policies');
    this.policyNames = policies.map(({ metadata }) => metadata.name);
    // What is in them has been judged where it was written: these are plain objects.
    for (const policy of policies) new ApiObject(this.chart, policy.metadata.name, policy);
    this.place(props);
    seal(props.rollout, 'RhacmPolicies');
    judgeAppOf(this, props.rollout, true);
  }

  private place({ rollout, namespace, clusterLabels, policyPrefix = rollout.node.id }: RhacmPoliciesProps): void {
    const metadata = { name: policyPrefix, namespace };
    new ApiObject(this.chart, 'placement', {
      apiVersion: 'cluster.open-cluster-management.io/v1beta1',
      kind: 'Placement',
      metadata,
      spec: { predicates: [{ requiredClusterSelector: { labelSelector: { matchLabels: clusterLabels } } }] },
    });
    new ApiObject(this.chart, 'binding', {
      apiVersion: `${GROUP}/v1`,
      kind: 'PlacementBinding',
      metadata,
      placementRef: { apiGroup: 'cluster.open-cluster-management.io', kind: 'Placement', name: policyPrefix },
      subjects: this.policyNames.map((name) => ({ apiGroup: GROUP, kind: 'Policy', name })),
    });
  }
}

const KINDS: KindsOf<RhacmPoliciesProps> = {
  rollout: instance(IpsecRollout),
  namespace: TEXT,
  clusterLabels: mapOf(TEXT, 'texts by label'),
  remediation: optional(member(RhacmRemediation)),
  nodeEndpoints: optional(listOf(instance(ExternalIpsecEndpoint), 'ExternalIpsecEndpoints')),
  policyPrefix: optional(TEXT),
};

/** The hub labels the policy's copy for a cluster with `<namespace>.<name>`. */
const MAX_LABEL = 63;

function refuse(props: RhacmPoliciesProps): void {
  const { rollout, namespace, clusterLabels, policyPrefix = rollout.node.id } = props;
  refuseSequences(rollout, 'RHACM');
  if (rollout._stages().length === 0) {
    throw new InputError("'rollout' has nothing in it yet: make the policies when its charts have been filled");
  }
  if (!isObjectName(namespace)) {
    throw new InputError(`'namespace' ('${namespace}') must be the name of a namespace: lower-case letters, digits and '-'`);
  }
  if (!isObjectName(policyPrefix)) {
    throw new InputError(
      `'policyPrefix' ('${policyPrefix}') must be lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit`,
    );
  }
  for (const { stage } of rollout._stages()) {
    const label = `${namespace}.${policyPrefix}-${stage}`;
    if (label.length > MAX_LABEL) {
      throw new InputError(
        `'policyPrefix' ('${policyPrefix}') makes '${label}' of ${label.length} characters, and RHACM takes ${MAX_LABEL}, because it is a `
          + 'label on the clusters: shorten it, or the namespace',
      );
    }
  }
  if (Object.keys(clusterLabels).length === 0) {
    throw new InputError("'clusterLabels' (an empty map) would select every managed cluster: name a label, such as { ipsec: 'true' }");
  }
  for (const [name, value] of Object.entries(clusterLabels)) {
    if (isLabelValue(value)) continue;
    throw new InputError(
      `'clusterLabels' has '${name}' with the value '${value}', which no label can have: at most 63 letters, digits, '-', '_' and '.'`,
    );
  }
}

function policiesOf(props: RhacmPoliciesProps) {
  const { rollout, namespace, policyPrefix = rollout.node.id } = props;
  const stages = rollout._stages();
  const gate = stages.filter(({ stage }) => STAGES.indexOf(stage) < STAGES.indexOf(FIRST_ON_CHANGED_NODES)).at(-1)?.stage;
  return stages.map(({ stage, chart }, i) => {
    const name = `${policyPrefix}-${stage}`;
    return {
      apiVersion: `${GROUP}/v1`,
      kind: 'Policy',
      metadata: { name, namespace },
      spec: {
        'disabled': false,
        ...i === 0 ? {} : {
          dependencies: [
            {
              apiVersion: `${GROUP}/v1`,
              kind: 'Policy',
              name: `${policyPrefix}-${stages[i - 1].stage}`,
              namespace,
              compliance: 'Compliant',
            },
          ],
        },
        'policy-templates': templatesOf(name, stage, chart, props, gate).map((objectDefinition) => ({ objectDefinition })),
      },
    };
  });
}

function templatesOf(name: string, stage: RolloutStage, chart: Chart, props: RhacmPoliciesProps, gate?: RolloutStage): object[] {
  const { rollout, remediation = RhacmRemediation.ENFORCE, nodeEndpoints = [] } = props;
  const perNode = stage === FIRST_ON_CHANGED_NODES ? nodeEndpoints : [];
  const own = new Set(perNode.flatMap(({ policies }) => policies));
  const written = objectsOf(chart).filter((object) => !own.has(object));
  written.forEach(refuseNodeName);
  const objects = written.map((object) => object.toJson() as ObjectTemplate);
  const names = objects.filter(({ kind }) => kind === 'NodeNetworkConfigurationPolicy').map((policy) => policy.metadata.name);
  const pools = stage === gate ? rollout.pools.map((pool) => poolState(pool, rollout._renderedInto(pool))) : [];
  const daemonSets = daemonSetsLookedAtIn(stage, chart, rollout, gate);
  return [
    ...objects.length === 0 ? [] : configurationPolicies(name, objects, remediation),
    ...perNode.flatMap((endpoint) => endpoint.policies.map((policy) =>
      perNodePolicy(`${name}-${policy.name}`, roleOf(endpoint), policy.toJson() as ObjectTemplate, remediation))),
    ...pools.length === 0 ? [] : [gatePolicy(`${name}-pools`, pools)],
    ...daemonSets.length === 0 ? [] : [daemonSetGate(`${name}-daemonsets`, daemonSets)],
    ...names.length === 0 ? [] : [gatePolicy(`${name}-available`, names.map(policyState))],
    ...perNode.flatMap((endpoint) => endpoint.policies.map((policy) =>
      perNodeGate(`${name}-${policy.name}-available`, roleOf(endpoint), policyState(policy.name)))),
  ];
}

/** The gate looks at those of all stages up to it, and a later stage at its own. */
function daemonSetsLookedAtIn(stage: RolloutStage, chart: Chart, rollout: IpsecRollout, gate: RolloutStage | undefined) {
  if (stage === gate) return rollout._daemonSets();
  return STAGES.indexOf(stage) < STAGES.indexOf(FIRST_ON_CHANGED_NODES) ? [] : daemonSetsIn(chart);
}

/** A policy that is not made for each node has no node whose name could be filled in. */
function refuseNodeName(object: ApiObject): void {
  if (object.kind !== 'NodeNetworkConfigurationPolicy' || !JSON.stringify(object.toJson()).includes(NODE_NAME_TEMPLATE)) return;
  throw new InputError(
    `'nodeEndpoints' lacks the endpoint of policy '${object.name}' (${object.node.scope!.node.path}), which has RhacmTemplate.NODE_NAME, and `
      + 'only a policy for each node has a node to name: add the endpoint to it',
  );
}

function poolState(name: string, machineConfigs: readonly string[]): ObjectTemplate {
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfigPool',
    metadata: { name },
    status: {
      ...machineConfigs.length === 0 ? {} : { configuration: { source: machineConfigs.map((each) => ({ name: each })) } },
      conditions: [{ type: 'Updated', status: 'True' }, { type: 'Degraded', status: 'False' }],
    },
  };
}

function policyState(name: string): ObjectTemplate {
  const status = { conditions: [{ type: 'Available', status: 'True' }] };
  return { apiVersion: 'nmstate.io/v1', kind: 'NodeNetworkConfigurationPolicy', metadata: { name }, status };
}

/** The role that an endpoint's policies select nodes by: there are several for several subnets. */
function roleOf(endpoint: ExternalIpsecEndpoint): string {
  const selectors = endpoint.policies.map((policy) => Object.entries(policy.toJson().spec.nodeSelector ?? {}));
  const isOne = selectors.length === endpoint.interfaceNames.length && selectors[0]?.length === 1;
  const [label, value] = isOne ? selectors[0][0] : [];
  if (label?.startsWith(NODE_ROLE_PREFIX) && value === '') return label.slice(NODE_ROLE_PREFIX.length);
  throw new InputError(
    `'nodeEndpoints' has ${endpoint.node.path}, which does not select its nodes by a role: give it NodeSelection.role('worker')`,
  );
}
