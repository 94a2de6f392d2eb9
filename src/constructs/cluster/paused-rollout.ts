import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { poolManifests } from './pool-manifests';
import { renderedInto } from './rendered-machine-configs';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { ACKNOWLEDGE, KindsOf, listOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { writeManifest } from '../../synthesis/manifests';

/** What `PausedRollout` is made of. */
export interface PausedRolloutProps {
  /**
   * The MachineConfigPools that are paused meanwhile (`metadata.name`): `worker`, or the names of custom pools.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfigpool-machineconfiguration-openshift-io-v1
   */
  readonly pools: string[];

  /**
   * Why the control plane's pool `master` is paused too; it goes into the manifest. Without it the control plane takes each
   * change as it comes.
   *
   * @default - none; without a reason `master` can't be paused
   */
  readonly controlPlaneReason?: string;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * Several changes of the nodes in one reboot: pause, change, unpause.
 *
 * Switching IPsec on makes the Cluster Network Operator write MachineConfigs, and certificates are MachineConfigs as well;
 * each rolls through every pool with a reboot of its own. Paused pools gather them and take all of them at once.
 *
 * It makes three charts, so three files whose names begin with their order. Put what changes the nodes into `change`
 * (`IpsecClusterConfig`, `CertImportMachineConfig`), and what needs the changed nodes into a chart of its own
 * (`ExternalIpsecEndpoint`). Apply the first two files, run `waitCommand()`, and apply the third.
 *
 * @deprecated Give `pause: true` to `IpsecRollout`, which has the charts of the whole rollout, and a script that applies them.
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
 */
export class PausedRollout extends Construct {
  /** Pauses the pools. */
  public readonly pause: Chart;

  /** Is for whatever changes the nodes. */
  public readonly change: Chart;

  /** Ends the pause. */
  public readonly unpause: Chart;

  private readonly pools: string[];

  /**
   * @param scope the app
   * @param id the name that the charts begin with
   * @param props the pools
   * @throws when a pool can't be one, is there twice, or is the control plane's without a reason
   */
  public constructor(scope: Construct, id: string, props: PausedRolloutProps) {
    super(scope, id);
    const { pausing, unpausing } = build(this, props, KINDS, () => {
      const annotations = acknowledgementAnnotations(props.acknowledge);
      return {
        pausing: poolManifests({ ...props, paused: true, annotations }),
        unpausing: poolManifests({ pools: props.pools, paused: false, annotations }),
      };
    });
    this.pools = [...props.pools];
    this.pause = new Chart(this, 'pause');
    this.change = new Chart(this, 'change');
    this.unpause = new Chart(this, 'unpause');
    this.change.addDependency(this.pause);
    this.unpause.addDependency(this.change);
    // Both are for one cluster, which the rollout stands for: a pause is judged together with its end.
    for (const manifest of pausing) writeManifest(this.pause, manifest.metadata.name, manifest, { cluster: this });
    for (const manifest of unpausing) writeManifest(this.unpause, manifest.metadata.name, manifest, { cluster: this });
  }

  /**
   * The shell command that waits until the Machine Config Operator has rendered all of `change` for the paused pools, so that
   * the pause can end. It asks every 10 seconds, and knows the MachineConfigs of `change` and those that the Cluster Network
   * Operator writes for modes External and Full. Run it when `change` has been applied.
   */
  public waitCommand(): string {
    const lines = this.pools.flatMap((pool) => renderedInto(pool, this.change).map((name) =>
      `until oc get machineconfigpool ${pool} -o jsonpath='{.spec.configuration.source[*].name}' | tr ' ' '\\n' | grep -qxF -- ${name}; `
        + 'do sleep 10; done'));
    return lines.length === 0 ? ':' : lines.join('\n');
  }
}

const KINDS: KindsOf<PausedRolloutProps> = {
  pools: listOf(TEXT, 'MachineConfigPools', "['worker']"),
  controlPlaneReason: optional(TEXT),
  acknowledge: ACKNOWLEDGE,
};
