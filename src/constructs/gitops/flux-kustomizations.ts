import { ApiObject, App, Chart, Duration, Lazy, Names, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { annotate } from './annotations';
import { isImmutable, isOfTheCluster } from './cluster-objects';
import { HealthExpression, POLICY_EXPRESSION, poolExpression, SUBSCRIPTION_EXPRESSION } from './health-expressions';
import { refuseSequences } from './refuse-sequences';
import { seal } from './sealed';
import { InputError } from '../../core/input-error';
import { FLAG, instance, KindsOf, member, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { isLabelValue, isObjectName } from '../../openshift/kubernetes-names';
import { chartOrder } from '../rollout/chart-order';
import { IpsecRollout } from '../rollout/ipsec-rollout';
import { FIRST_ON_CHANGED_NODES, RolloutStage, STAGES } from '../rollout/rollout-stage';
import { objectsOf } from '../rollout/written-objects';

/** Where Flux takes the manifests from. */
export enum FluxSourceKind {
  /** A Git repository. */
  GIT_REPOSITORY = 'GitRepository',
  /** An artifact of an OCI registry. */
  OCI_REPOSITORY = 'OCIRepository',
  /** A bucket of an object store. */
  BUCKET = 'Bucket',
}

/** What `FluxKustomizations` is made of. */
export interface FluxKustomizationsProps {
  /** The rollout that Flux is to apply. */
  readonly rollout: IpsecRollout;

  /**
   * The name of the source that holds what the app of the rollout writes (`sourceRef.name`).
   *
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
   */
  readonly sourceName: string;

  /**
   * The folder in the source that the app of the rollout is synthesized to (`path`), such as `./dist`.
   *
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
   */
  readonly path: string;

  /**
   * The kind of the source (`sourceRef.kind`).
   *
   * @default FluxSourceKind.GIT_REPOSITORY
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
   */
  readonly sourceKind?: FluxSourceKind;

  /**
   * The namespace of the Kustomizations (`metadata.namespace`), where the source is too.
   *
   * @default 'flux-system'
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly namespace?: string;

  /**
   * How often Flux looks whether the cluster is as the source says (`interval`).
   *
   * @default Duration.minutes(10)
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
   */
  readonly interval?: Duration;

  /**
   * How long a stage may take until it has failed (`timeout`). Every node of a pool may reboot within it.
   *
   * @default Duration.hours(2)
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
   */
  readonly timeout?: Duration;

  /**
   * Whether Flux deletes what is no longer in the source (`prune`). Objects that every cluster has are never deleted. A deleted policy
   * leaves its tunnel up, and a deleted MachineConfig its certificate.
   *
   * @default true
   * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
   */
  readonly prune?: boolean;
}

const API_VERSION = 'kustomize.toolkit.fluxcd.io/v1';
const RETRY = '2m';

/**
 * A Kustomization of Flux for each stage of a rollout: each begins when the one before it is ready.
 *
 * `mode` is ready when the pools' nodes have all MachineConfigs, are updated, and have the pods of every DaemonSet up to here ready;
 * `endpoints` when every policy is available. The expressions that say so need Flux 2.5. Each Kustomization has a folder of its own, so
 * the rollout's app needs
 * `yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE`. Make it when the charts of the rollout have been filled.
 *
 * Objects that every cluster has are annotated, unless they are already: Flux merges them into what is there, and never prunes them. A Job
 * that changes is made anew, because the API changes none.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export class FluxKustomizations extends Construct {
  /** The chart with the Kustomizations. */
  public readonly chart: Chart;

  /** The Kustomizations, in the order of the stages. */
  public readonly kustomizations: ApiObject[];

  /**
   * @throws when the rollout's app writes no folders, the rollout is empty or has a pause or an MTU migration, or a name can't be one
   */
  public constructor(scope: Construct, id: string, props: FluxKustomizationsProps) {
    super(scope, id);
    build(this, props, KINDS, () => refuse(props));
    const { rollout } = props;
    for (const { chart } of rollout._stages()) objectsOf(chart).forEach(annotateForFlux);
    this.chart = new Chart(this, 'kustomizations');
    this.kustomizations = kustomizations(props).map(
      (kustomization) => new ApiObject(this.chart, kustomization.metadata.name, kustomization),
    );
    seal(rollout, 'FluxKustomizations');
  }
}

const DURATION = {
  what: 'a Duration, such as Duration.minutes(10)',
  is: (value: unknown) => typeof (value as Duration | undefined)?.toSeconds === 'function',
};

const KINDS: KindsOf<FluxKustomizationsProps> = {
  rollout: instance(IpsecRollout),
  sourceName: TEXT,
  path: TEXT,
  sourceKind: optional(member(FluxSourceKind)),
  namespace: optional(TEXT),
  interval: optional(DURATION),
  timeout: optional(DURATION),
  prune: optional(FLAG),
};

function refuse({ rollout, sourceName, path, namespace }: FluxKustomizationsProps): void {
  refuseSequences(rollout, 'Flux');
  if (rollout._stages().length === 0) {
    throw new InputError("'rollout' has nothing in it yet: make the Kustomizations when its charts have been filled");
  }
  if (App.of(rollout).yamlOutputType !== YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE) {
    throw new InputError(
      "'yamlOutputType' of the rollout's app must be FOLDER_PER_CHART_FILE_PER_RESOURCE, because a Kustomization applies a folder: "
        + 'new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE })',
    );
  }
  if (!isObjectName(rollout.node.id)) {
    throw new InputError(
      `'rollout' has the id '${rollout.node.id}', which the Kustomizations are named by: lower-case letters, digits, '-' and '.'`,
    );
  }
  if (!isObjectName(sourceName)) {
    throw new InputError(`'sourceName' ('${sourceName}') must be the name of an object: lower-case letters, digits, '-' and '.'`);
  }
  if (namespace !== undefined && (!isObjectName(namespace) || !isLabelValue(namespace))) {
    throw new InputError(`'namespace' ('${namespace}') must be the name of a namespace: at most 63 lower-case letters, digits and '-'`);
  }
  if (path === '' || path.split('/').includes('..')) {
    throw new InputError(
      `'path' ('${path}') must be a folder in the source, such as './dist': Flux looks for it from the root of the source`,
    );
  }
}

/** Flux replaces by default what it owns, deletes what is gone, and fails where the API refuses a change. */
function annotateForFlux(object: ApiObject): void {
  if (isOfTheCluster(object)) {
    annotate(object, { 'kustomize.toolkit.fluxcd.io/ssa': 'Merge', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
  }
  // The pod template of a Job can't be changed: one with other settings is another Job under the name.
  if (isImmutable(object)) annotate(object, { 'kustomize.toolkit.fluxcd.io/force': 'enabled' });
}

function kustomizations(props: FluxKustomizationsProps) {
  const { rollout, sourceName, sourceKind = FluxSourceKind.GIT_REPOSITORY, namespace = 'flux-system', prune = true } = props;
  const stages = rollout._stages();
  const changesNodes = rollout.pools.some((pool) => rollout._renderedInto(pool).length > 0);
  const gate = !changesNodes
    ? undefined
    : stages.filter(({ stage }) => STAGES.indexOf(stage) < STAGES.indexOf(FIRST_ON_CHANGED_NODES)).at(-1)?.stage;
  return stages.map(({ stage, chart }, i) => ({
    apiVersion: API_VERSION,
    kind: 'Kustomization',
    metadata: { name: nameOf(rollout, stage), namespace },
    spec: {
      ...i === 0 ? {} : { dependsOn: [{ name: nameOf(rollout, stages[i - 1].stage) }] },
      interval: seconds(props.interval ?? Duration.minutes(10)),
      retryInterval: RETRY,
      timeout: seconds(props.timeout ?? Duration.hours(2)),
      path: Lazy.any({ produce: () => folderOf(chart, props.path) }),
      prune,
      sourceRef: { kind: sourceKind, name: sourceName },
      ...health(rollout, chart, stage === gate),
    },
  }));
}

/** `wait` looks at all that was applied, DaemonSets among it; it would pass over `healthChecks`, which name what was not. */
function health(rollout: IpsecRollout, chart: Chart, isGate: boolean): object {
  const kinds = new Set(objectsOf(chart).map(({ kind }) => kind));
  const pools = Object.fromEntries(rollout.pools.map((pool) => [pool, rollout._renderedInto(pool)]));
  const expressions: HealthExpression[] = [
    ...kinds.has('Subscription') ? [SUBSCRIPTION_EXPRESSION] : [],
    ...kinds.has('NodeNetworkConfigurationPolicy') ? [POLICY_EXPRESSION] : [],
    ...isGate ? [poolExpression(pools)] : [],
  ];
  return {
    ...isGate ? { healthChecks: [...poolChecks(rollout), ...daemonSetChecks(rollout)] } : { wait: true },
    ...expressions.length === 0 ? {} : { healthCheckExprs: expressions },
  };
}

function poolChecks({ pools }: IpsecRollout): object[] {
  return pools.map((name) => ({ apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfigPool', name }));
}

function daemonSetChecks(rollout: IpsecRollout): object[] {
  return rollout._daemonSets().map(({ name, namespace }) => ({ apiVersion: 'apps/v1', kind: 'DaemonSet', name, namespace }));
}

function nameOf(rollout: IpsecRollout, stage: RolloutStage): string {
  return `${rollout.node.id}-${stage}`;
}

function seconds(duration: Duration): string {
  return `${duration.toSeconds()}s`;
}

/** The folder that cdk8s writes a chart to; its number is known when all charts are. */
function folderOf(chart: Chart, path: string): string {
  const app = App.of(chart);
  const order = chartOrder(app);
  const isNumbered = [...order.values()].some((before) => before.size > 0);
  const number = isNumbered ? `${String(app.charts.indexOf(chart)).padStart(4, '0')}-` : '';
  return `${path.replace(/\/+$/, '')}/${number}${Names.toDnsLabel(chart)}`;
}
