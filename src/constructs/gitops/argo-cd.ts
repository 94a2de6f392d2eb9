import { ApiObject, Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { annotate, annotationsOf } from './annotations';
import { ArgoCdHealthChecks } from './argo-cd-health-checks';
import { comesWithAnOperator, isOfTheCluster } from './cluster-objects';
import { refuseSequences } from './refuse-sequences';
import { seal } from './sealed';
import { InputError } from '../../core/input-error';
import { KindsOf, NUMBER, optional } from '../../core/kinds';
import { requireProps } from '../../core/props';
import { chartOrder, chartRanks } from '../rollout/chart-order';
import { IpsecVerification } from '../verification/ipsec-verification';

/** What `ArgoCd.annotate` may be told. */
export interface ArgoCdOptions {
  /**
   * The sync wave of the charts that depend on none (`argocd.argoproj.io/sync-wave`).
   *
   * @default 0
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
   */
  readonly firstWave?: number;
}

const WAVE = 'argocd.argoproj.io/sync-wave';
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const HOOK = 'argocd.argoproj.io/hook';
const DELETE_POLICY = 'argocd.argoproj.io/hook-delete-policy';

/** The order of an app, as Argo CD needs to be told it. */
export class ArgoCd {
  /**
   * Annotates the objects of an app for Argo CD. Call it last, before `app.synth()`.
   *
   * - Dependencies between charts become sync waves: what depends on something has a later wave.
   * - `ServerSideApply=true,Prune=false,Delete=false` for objects that every cluster has (`Network`, `MachineConfiguration`,
   *   `MachineConfigPool`), and `SkipDryRunOnMissingResource=true` for those whose kind an operator brings.
   * - The Job of an `IpsecVerification` becomes a hook of its wave, so that it runs at every sync, and ends the sync when it fails.
   *
   * What is annotated already stays: of sync options, those that are not named are added.
   *
   * @param scope the app, or a part of it
   * @param options where the waves begin
   * @throws when a rollout in it has a pause or an MTU migration, which one wanted state can't hold, or the first wave is no whole number
   * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
   */
  public static annotate(scope: Construct, options: ArgoCdOptions = {}): void {
    requireProps('ArgoCd.annotate', options, KINDS);
    const { firstWave = 0 } = options;
    if (!Number.isInteger(firstWave)) throw new InputError(`'firstWave' (${firstWave}) must be a whole number, which may be negative`);
    refuseSequences(scope, 'Argo CD');
    const ranks = chartRanks(chartOrder(scope));
    const ordered = firstWave !== 0 || [...ranks.values()].some((rank) => rank > 0);
    for (const verification of verificationsIn(scope)) {
      annotate(verification.job, { [HOOK]: 'Sync', [DELETE_POLICY]: 'BeforeHookCreation' });
    }
    for (const object of scope.node.findAll().filter(ApiObject.isApiObject) as ApiObject[]) {
      addSyncOptions(object);
      if (ordered) annotate(object, { [WAVE]: String(firstWave + ranks.get(Chart.of(object))!) });
    }
    seal(scope, 'ArgoCd.annotate()');
  }

  /**
   * Health checks in Lua for the kinds that Argo CD does not know: MachineConfigPools, and policies of NMState before Argo CD 3.4.
   *
   * They never report `Suspended`, for which a sync waits without end: a paused pool with something to do, and a policy that matches no
   * node, are `Degraded`, which ends the sync with the reason.
   */
  public static healthChecks(): ArgoCdHealthChecks {
    return new ArgoCdHealthChecks();
  }

  private constructor() {}
}

const KINDS: KindsOf<ArgoCdOptions> = { firstWave: optional(NUMBER) };

function verificationsIn(scope: IConstruct): IpsecVerification[] {
  return scope.node.findAll().filter((construct): construct is IpsecVerification => construct instanceof IpsecVerification);
}

/** Sync options are one annotation: the user's keep what they say, by the name before the `=`. */
function addSyncOptions(object: ApiObject): void {
  const wanted = [
    ...isOfTheCluster(object) ? ['ServerSideApply=true', 'Prune=false', 'Delete=false'] : [],
    ...comesWithAnOperator(object) ? ['SkipDryRunOnMissingResource=true'] : [],
  ];
  const own = (annotationsOf(object)[SYNC_OPTIONS] ?? '').split(',').map((option) => option.trim()).filter((option) => option !== '');
  const named = new Set(own.map(nameOf));
  const added = wanted.filter((option) => !named.has(nameOf(option)));
  if (added.length > 0) object.metadata.addAnnotation(SYNC_OPTIONS, [...own, ...added].join(','));
}

function nameOf(option: string): string {
  return option.split('=')[0];
}
