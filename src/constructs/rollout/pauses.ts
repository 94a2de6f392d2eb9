import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import type { MtuMigration } from '../cluster/mtu-migration';
import { poolManifests } from '../cluster/pool-manifests';

/** What a rollout is told of its pools. */
interface PausesOptions {
  readonly pools: string[];
  readonly pause?: boolean;
  readonly controlPlaneReason?: string;
  readonly mtuMigration?: MtuMigration;
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * The objects that pause the pools of a rollout, and those that end it; none where it does not pause.
 *
 * @throws when a pool can't be one, the control plane is to be paused without a reason, or the MTU migration is not the start of one
 */
export function pausesOf({ pools, pause, controlPlaneReason, mtuMigration, acknowledge }: PausesOptions) {
  const annotations = acknowledgementAnnotations(acknowledge);
  const unpausing = poolManifests({ pools, paused: false, annotations });
  if (mtuMigration?.isFinal) {
    throw new InputError("'mtuMigration' (the end of a migration) must be its start, MtuMigration.forIpsec(…) or .start(…): "
      + "the end goes to the IpsecClusterConfig in 'mode'");
  }
  if (pause) return { pausing: poolManifests({ pools, paused: true, controlPlaneReason, annotations }), unpausing };
  if (controlPlaneReason !== undefined) throw new InputError("'controlPlaneReason' is given, but 'pause' is not true: leave it out");
  return { pausing: [], unpausing: [] };
}
