import { printableJson } from '../../core/printable';
import type { Plan, PoolPlan } from '../model';

/** For programs: one document, all of the plan. What is unknown is null, and never missing. */
export function jsonPlan(plan: Plan): string {
  return `${printableJson(planJson(plan))}\n`;
}

/** A plan as one object. */
export function planJson({ pools, tunnels, certificates, authorities, mode, warnings, savings, unknown }: Plan): object {
  return {
    pools: pools.map(poolJson),
    tunnels: tunnels.map(({ policy, delivery, interface: name, change, nodes, peer, protects, certificate }) => (
      { policy, interface: name, change, delivery, nodes, peer, protects, certificate: certificate ?? null })),
    certificates,
    authorities,
    mode: mode ?? null,
    warnings,
    savings,
    unknown,
  };
}

function poolJson({ pool, nodes, reboots, actions, minutes, causes, rollout, changed, refused, paused }: PoolPlan): object {
  return {
    pool,
    nodes: nodes ?? null,
    reboots,
    actions,
    minutes: minutes ?? null,
    causes,
    batches: rollout?.batches ?? null,
    atATime: rollout?.atATime ?? null,
    changed,
    refused,
    paused,
  };
}
