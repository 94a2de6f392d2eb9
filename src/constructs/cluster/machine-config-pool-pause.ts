import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { poolManifests } from './pool-manifests';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { ACKNOWLEDGE, FLAG, KindsOf, listOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { writeManifest } from '../../synthesis/manifests';

/** What `MachineConfigPoolPause` is made of. */
export interface MachineConfigPoolPauseProps {
  /**
   * The MachineConfigPools (`metadata.name`): `worker`, or the names of custom pools.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfigpool-machineconfiguration-openshift-io-v1
   */
  readonly pools: string[];

  /**
   * Whether the Machine Config Operator leaves the pools' nodes alone (`paused`).
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfigpool-machineconfiguration-openshift-io-v1
   */
  readonly paused: boolean;

  /**
   * Why the control plane's pool `master` is paused; it goes into the manifest. A paused control plane gets no new
   * certificates for its kubelets, and can stop the cluster when it is forgotten.
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
 * Pauses MachineConfigPools, or ends their pause, so that several changes reach the nodes with one reboot.
 *
 * It writes each pool with nothing but `spec.paused`, to be applied onto the pool that the cluster has: a whole pool would
 * overwrite its selectors. The object must never be deleted: keep GitOps tools from pruning it.
 *
 * While a pool is paused, its nodes get no configuration, no update and no new kubelet certificate. `IpsecRollout` with
 * `pause` writes the pause and its end together.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_configuration/machine-config-index
 */
export class MachineConfigPoolPause extends Construct {
  /** The pools as they are written, in the order of `pools`. */
  public readonly apiObjects: ApiObject[];

  /**
   * @throws when a pool can't be one, is there twice, or is the control plane's without a reason
   */
  public constructor(scope: Construct, id: string, props: MachineConfigPoolPauseProps) {
    super(scope, id);
    this.apiObjects = build(this, props, KINDS, () => {
      const annotations = acknowledgementAnnotations(props.acknowledge);
      return poolManifests({ ...props, annotations }).map((manifest) => writeManifest(this, manifest.metadata.name, manifest));
    });
  }
}

const KINDS: KindsOf<MachineConfigPoolPauseProps> = {
  pools: listOf(TEXT, 'MachineConfigPools', "['worker']"),
  paused: FLAG,
  controlPlaneReason: optional(TEXT),
  acknowledge: ACKNOWLEDGE,
};
