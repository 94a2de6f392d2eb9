import { ApiObject } from 'cdk8s';
import { IpsecRollout } from '../rollout/ipsec-rollout';
import { RolloutStage, STAGES } from '../rollout/rollout-stage';
import { objectsOf } from '../rollout/written-objects';

/** The DaemonSets of a rollout up to a stage, in whichever of them they are. */
export function daemonSetsUpTo(rollout: IpsecRollout, last: RolloutStage): ApiObject[] {
  return rollout._stages()
    .filter(({ stage }) => STAGES.indexOf(stage) <= STAGES.indexOf(last))
    .flatMap(({ chart }) => daemonSetsIn(objectsOf(chart)));
}

/** Those of some objects that are DaemonSets. */
export function daemonSetsIn(objects: readonly ApiObject[]): ApiObject[] {
  return objects.filter(({ kind, apiVersion }) => kind === 'DaemonSet' && apiVersion === 'apps/v1');
}
