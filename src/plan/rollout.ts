import type { NodeAction } from '../openshift/node-disruption';

/** What a change does to the nodes of a pool one after the other. */
export interface Rollout {
  /** How many are taken at a time. */
  readonly atATime: number;
  readonly batches: number;
  /** How often all nodes are gone through, one round after the other. */
  readonly rounds: number;
  readonly minutes: Range;
}

/** From the least that is plausible to the most, in minutes. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** What an operator's daemon needs for a node that is not rebooted, from the first sight of the change to the report that it is done. */
const WITHOUT_REBOOT: Range = { from: 1, to: 3 };

/** A drain waits for pods that may not leave at once, and a node may need as long again to be ready. */
const SLOWEST = 2;

/**
 * The batches of a pool, and how long they take.
 *
 * @param rebootMinutes what draining, rebooting and coming back takes one node
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.20/html/machine_configuration/machine-config-index
 */
export function rolloutOf(
  nodes: number, maxUnavailable: string | number, { actions, rounds }: { readonly actions: readonly NodeAction[]; readonly rounds: number },
  rebootMinutes: number,
): Rollout {
  const atATime = scaled(maxUnavailable, nodes);
  const batches = Math.ceil(nodes / atATime);
  const { from, to } = minutesOfANode(actions, rebootMinutes);
  const times = batches * rounds;
  return { atATime, batches, rounds, minutes: { from: Math.round(times * from), to: Math.round(times * to) } };
}

function minutesOfANode(actions: readonly NodeAction[], rebootMinutes: number): Range {
  const has = (type: NodeAction['type']) => actions.some((action) => action.type === type);
  if (has('Reboot')) return { from: rebootMinutes, to: SLOWEST * rebootMinutes };
  if (has('Drain') || has('Special')) return { from: WITHOUT_REBOOT.from, to: Math.max(WITHOUT_REBOOT.to, rebootMinutes) };
  return WITHOUT_REBOOT;
}

/** As the operator reads it: a share is rounded down, and no pool stands still. */
function scaled(maxUnavailable: string | number, nodes: number): number {
  const share = /^(\d{1,3})%$/.exec(String(maxUnavailable));
  const count = share ? Math.floor(nodes * Number(share[1]) / 100) : Number(maxUnavailable);
  return Number.isFinite(count) && count >= 1 ? Math.floor(count) : 1;
}
