import { Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { InputError } from '../../core/input-error';
import { instance, KindsOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { IpsecRollout } from '../rollout/ipsec-rollout';
import { IpsecVerification } from '../verification/ipsec-verification';

/** What `ArgoCdGate` is made of. */
export interface ArgoCdGateProps {
  /** The rollout whose `endpoints` wait. */
  readonly rollout: IpsecRollout;

  /** The cluster that the rollout is for. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The namespace of the Job (`metadata.namespace`), such as `openshift-gitops`.
   *
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly namespace: string;

  /**
   * How long the pools may take (`activeDeadlineSeconds`).
   *
   * @default Duration.hours(2)
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
   */
  readonly timeout?: Duration;

  /**
   * An image with `oc` and what the script of `IpsecVerification` needs (`image`).
   *
   * @default - that of `IpsecVerification`
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
   */
  readonly image?: string;

  /**
   * The name of the Job and of everything else that it needs (`metadata.name`).
   *
   * @default 'ipsec-gate'
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly gateName?: string;
}

/**
 * Keeps the connections of a rollout waiting, in Argo CD, until the pools' nodes have everything that they need.
 *
 * It writes a chart between `mode` and `endpoints` with a Job, which is a hook of its wave: the next wave begins when it is through, and
 * the sync fails when it does. It looks for the MachineConfigs of the rollout by their names on each pool, and then whether the
 * pool is updated: `Updated` alone is true as well before the Machine Config Operator has looked at what was applied. Make it when the
 * charts of the rollout have been filled.
 *
 * A certificate that is renewed under the same name is not seen by it; the connections do not depend on which one it is.
 */
export class ArgoCdGate extends Construct {
  /** The chart with the Job. */
  public readonly chart: Chart;

  /**
   * @throws when the rollout has nothing to wait for yet, or a name can't be one
   */
  public constructor(scope: Construct, id: string, props: ArgoCdGateProps) {
    super(scope, id);
    const machineConfigs = build(this, props, KINDS, () => awaited(props.rollout));
    const { rollout, cluster, namespace, image } = props;
    this.chart = new Chart(this, 'gate');
    this.chart.addDependency(rollout.mode);
    rollout.endpoints.addDependency(this.chart);
    const verification = new IpsecVerification(this.chart, 'gate', {
      cluster,
      pools: rollout.pools,
      machineConfigs,
      namespace,
      image,
      timeout: props.timeout ?? Duration.hours(2),
      inspectDatabase: false,
      verificationName: props.gateName ?? 'ipsec-gate',
    });
    verification.job.metadata.addAnnotation('argocd.argoproj.io/hook', 'Sync');
    verification.job.metadata.addAnnotation('argocd.argoproj.io/hook-delete-policy', 'BeforeHookCreation');
    this.node.addValidation({ validate: () => this.outdated(rollout, machineConfigs) });
  }

  private outdated(rollout: IpsecRollout, known: { readonly [pool: string]: readonly string[] }): string[] {
    const late = rollout.pools.flatMap((pool) =>
      rollout._renderedInto(pool).filter((name) => isAsked(name) && !known[pool].includes(name)),
    );
    return [...new Set(late)].map((name) => `${this.node.path}: MachineConfig '${name}' came after the gate, which does not wait for it: `
      + 'make the gate when the charts have been filled');
  }
}

const KINDS: KindsOf<ArgoCdGateProps> = {
  rollout: instance(IpsecRollout),
  cluster: instance(IpsecClusterConfig),
  namespace: TEXT,
  timeout: optional({
    what: 'a Duration, such as Duration.hours(2)',
    is: (value) => typeof (value as Duration | undefined)?.toSeconds === 'function',
  }),
  image: optional(TEXT),
  gateName: optional(TEXT),
};

/** The script asks for the network operator's own by itself. */
function isAsked(machineConfig: string): boolean {
  return !machineConfig.startsWith('80-ipsec-');
}

function awaited(rollout: IpsecRollout): { [pool: string]: string[] } {
  const machineConfigs = Object.fromEntries(rollout.pools.map((pool) => [pool, rollout._renderedInto(pool).filter(isAsked)]));
  if (rollout.pools.every((pool) => rollout._renderedInto(pool).length === 0)) {
    throw new InputError(
      "'rollout' has nothing in 'certificates' and 'mode' yet that its pools would get, so there is nothing to wait for: "
        + 'make the gate when the charts have been filled',
    );
  }
  return machineConfigs;
}
