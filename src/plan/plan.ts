import { authoritiesOf } from './authorities';
import { Causes } from './causes';
import { certificatesOf } from './certificates';
import { DisruptionPolicies } from './disruption-policies';
import type { Cause, Facts, Plan, PlanOptions, PoolPlan, Side } from './model';
import { MIGRATION, MtuMigrationOf } from './mtu-migration';
import { orderProblems, savings } from './order';
import { actionText, changeOf, PoolChange } from './pool-change';
import { ARBITER, IpsecModeOf, migrationSources, Pools } from './pools';
import { Release, releaseOf } from './release';
import { rolloutOf } from './rollout';
import { tunnelsOf } from './tunnels';
import { unknowns } from './unknown';
import type { DocumentSet } from '../documents/document-set';

/** What becomes of a cluster whose manifests are changed from one set to another. */
export function planOf(before: DocumentSet, after: DocumentSet, options: PlanOptions): Plan {
  const release = releaseOf(before, after, options.release);
  const [old, now] = sidesOf(before, after, release, options);
  const names = [...new Set([...old.pools.names, ...now.pools.names])].sort();
  const pools = names.map((pool) => poolPlan(pool, old, now, options));
  const certificates = certificatesOf(before, after, options.time);
  const renewed = new Set(certificates.filter(({ change }) => change === 'replaced').map(({ nickname }) => nickname));
  const still = notRebooted(pools, [old, now]);
  const tunnels = tunnelsOf(before, after, { renewed, reboots: (machineConfig) => !still.has(machineConfig) });
  const [was, is] = [old.mode.mode ?? 'Disabled', now.mode.mode ?? 'Disabled'];
  const mode = was === is ? {} : { mode: { before: was, after: is } };
  const authorities = authoritiesOf(before, after, options.time);
  const files = options.files ?? [];
  const fileOf = new Map(files.flatMap((documents, file) => documents.map((document): [unknown, number] => [document, file])));
  const facts: Facts = { before: old, after: now, release, fileOf, pools, tunnels, certificates, authorities, ...mode };
  const { before: _before, after: _after, release: _release, fileOf: _fileOf, ...plan } = facts;
  return { ...plan, warnings: orderProblems(facts), savings: savings(facts), unknown: unknowns(facts) };
}

/** The MachineConfigs of pools whose nodes don't all reboot, before or after. */
function notRebooted(pools: readonly PoolPlan[], sides: readonly Side[]): ReadonlySet<string> {
  const still = pools.filter(({ reboots }) => reboots === 0);
  return new Set(still.flatMap(({ pool }) => sides.flatMap((side) => side.pools.of(pool).map(({ name }) => name))));
}

/** A Network object is applied and stays: where a folder has none, nothing about IPsec is changed by it. */
function sidesOf(before: DocumentSet, after: DocumentSet, { hasDisruptionPolicies = true }: Release, { nodes }: PlanOptions): [Side, Side] {
  const oldMode = new IpsecModeOf(before.networks);
  const mode = new IpsecModeOf(after.networks, oldMode.mode);
  const oldMtu = new MtuMigrationOf(before.networks);
  const mtu = new MtuMigrationOf(after.networks, oldMtu);
  const hasArbiter = nodes.has(ARBITER) || [before, after].some(namesArbiter);
  return ([[before, oldMode, oldMtu], [after, mode, mtu]] as const)
    .map(([set, own, migration]): Side => {
      const written = DisruptionPolicies.of(set);
      const policies = hasDisruptionPolicies ? written : DisruptionPolicies.EARLY;
      const pools = new Pools(set, [...own.extensions(), ...migrationSources(migration, hasArbiter)], [...nodes.keys()]);
      return { set, mode: own, mtu: migration, pools, policies, written };
    }) as [Side, Side];
}

/** Two-node clusters have a pool of one node more. */
function namesArbiter({ pools, machineConfigs }: DocumentSet): boolean {
  return pools.some(({ name }) => name === ARBITER) || machineConfigs.some(({ role }) => role === ARBITER);
}

function poolPlan(pool: string, before: Side, after: Side, { nodes: given, rebootMinutes }: PlanOptions): PoolPlan {
  const own = changeOf(before.pools.rendered(pool), after.pools.rendered(pool), after.policies);
  const rounds = after.mtu.isStartedAndEnded && !own.refused ? 2 : 1;
  const change: PoolChange = rounds === 1 ? own : { ...own, changed: true, actions: [{ type: 'Reboot' }] };
  const nodes = given.get(pool) ?? after.pools.nodes(pool) ?? before.pools.nodes(pool);
  const acts = change.changed && !change.refused;
  const rollout = nodes === undefined || nodes === 0 || !acts ? undefined
    : rolloutOf(nodes, after.pools.maxUnavailable(pool), { actions: change.actions, rounds }, rebootMinutes);
  return {
    pool,
    nodes,
    reboots: acts && change.actions.some(({ type }) => type === 'Reboot') ? rounds : 0,
    actions: acts ? change.actions.map(actionText) : [],
    rollout,
    minutes: rollout?.minutes ?? (nodes === undefined && acts ? undefined : { from: 0, to: 0 }),
    causes: [...rounds === 1 ? [] : MIGRATION_CAUSES, ...poolCauses(pool, change, before, after)],
    changed: change.changed,
    refused: change.refused,
    paused: after.pools.isPaused(pool),
  };
}

/** A migration that starts and ends leaves nothing that the two sides differ in. */
const MIGRATION_CAUSES: readonly Cause[] = (['added', 'removed'] as const).map((change) => (
  { object: 'Network/cluster', path: MIGRATION, change, action: 'Reboot' }));

function poolCauses(pool: string, { differences }: PoolChange, before: Side, after: Side): Cause[] {
  const causes = new Causes(before.pools.of(pool), after.pools.of(pool));
  return differences.flatMap((difference) => causes.of(difference).map(({ object, path }): Cause => ({
    object,
    path,
    change: difference.change,
    action: difference.section === 'refused' ? 'Refused' : difference.actions.map(actionText).join(', ') || 'None',
  })));
}
