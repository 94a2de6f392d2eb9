import { chmodSync, mkdirSync, writeFileSync } from 'fs';
import { dirname, join } from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { applyScript } from './apply-script';
import { pausesOf } from './pauses';
import { FIRST_ON_CHANGED_NODES, RolloutStage, STAGES } from './rollout-stage';
import { AwaitedPool, waitUntilItHas, waitUntilReady, waitUntilUpdated } from './wait-commands';
import { daemonSetsIn, NamedInNamespace, objectsOf, writesObjects } from './written-objects';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { ACKNOWLEDGE, FLAG, instance, KindsOf, listOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { writeManifest } from '../../synthesis/manifests';
import { CertImportMachineConfig } from '../certificates/cert-import-machine-config';
import { CertImportDaemonSet } from '../certificates/daemonset/cert-import-daemon-set';
import { MtuMigration } from '../cluster/mtu-migration';
import { renderedInto } from '../cluster/rendered-machine-configs';

/** What `IpsecRollout` is made of. */
export interface IpsecRolloutProps {
  /**
   * The MachineConfigPools whose nodes change and then have connections (`metadata.name`): `worker`, `master`, or the names of
   * custom pools.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfigpool-machineconfiguration-openshift-io-v1
   */
  readonly pools: string[];

  /**
   * Whether the pools are paused while certificates and mode change (`paused`), so that their nodes reboot once instead of twice. It
   * is for `apply.sh`: a GitOps tool has one wanted state, and can't want a pool paused and not paused.
   *
   * @default false
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfigpool-machineconfiguration-openshift-io-v1
   */
  readonly pause?: boolean;

  /**
   * Why the control plane's pool `master` is paused too; it goes into the manifest.
   *
   * @default - none; without a reason `master` can't be paused
   */
  readonly controlPlaneReason?: string;

  /**
   * The start of an MTU migration (`migration.mtu`), which comes first and waits until every node has rebooted. Give its end,
   * `mtuMigration.finalized()`, to the `IpsecClusterConfig` in `mode`. It is for `apply.sh`: a GitOps tool has one wanted state, so
   * there the two are two commits.
   *
   * @default - the MTU stays as it is
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
   */
  readonly mtuMigration?: MtuMigration;

  /**
   * Warnings that are right here, of what the rollout writes itself: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * The charts of a rollout in the order in which they are applied, one numbered file each.
 *
 * A policy that comes before libreswan or its certificate fails on the node, and NMState does not try it again by itself. Put each
 * construct into the chart that is named for it, and the order is right: `operator` (`NmstateOperator`, with `nmstate` as its
 * `instanceScope`), `certificates` (whatever becomes MachineConfigs), `mode` (`IpsecClusterConfig`, and `CertImportDaemonSet`),
 * `endpoints`, `verification`.
 * A chart exists from when it is first asked for, so that there are no empty files.
 *
 * The order is said by dependencies between the charts and nowhere else. `ArgoCd.annotate`, `FluxKustomizations` and `RhacmPolicies`
 * translate it for these tools; `applyScript()` is for those who have none of them.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
 */
export class IpsecRollout extends Construct {
  /** The MachineConfigPools whose nodes change. */
  public readonly pools: string[];

  /**
   * Whether one object is written more than once, with one content after the other; no GitOps tool can apply that.
   * @internal
   */
  public readonly _isSequence: boolean;

  /** @internal */
  public readonly _mtuMigration?: MtuMigration;

  private readonly existing = new Map<RolloutStage, Chart>();

  /**
   * @param scope the app
   * @param id the name that the charts begin with
   * @param props the pools, and what else is to be done
   * @throws when a pool can't be one or is there twice, the control plane is to be paused without a reason, or the MTU migration is
   * not the start of one
   */
  public constructor(scope: Construct, id: string, props: IpsecRolloutProps) {
    super(scope, id);
    const { pausing, unpausing } = build(this, props, KINDS, () => pausesOf(props));
    this.pools = [...props.pools];
    this._mtuMigration = props.mtuMigration;
    this._isSequence = pausing.length > 0 || props.mtuMigration !== undefined;
    // Both are for one cluster, which the rollout stands for: a pause is judged together with its end.
    for (const manifest of pausing) writeManifest(this.chart(RolloutStage.PAUSE), manifest.metadata.name, manifest, { cluster: this });
    for (const manifest of unpausing) writeManifest(this.chart(RolloutStage.UNPAUSE), manifest.metadata.name, manifest, { cluster: this });
    if (props.mtuMigration) this.writeMigration(props.mtuMigration, props.acknowledge);
    this.node.addValidation({ validate: () => this.importsBeforeMode() });
  }

  /** Is for `NmstateOperator`. */
  public get operator(): Chart {
    return this.chart(RolloutStage.OPERATOR);
  }

  /**
   * Is for the object that starts the NMState operator, `instanceScope` of `NmstateOperator`: its kind exists only when the operator is
   * installed.
   */
  public get nmstate(): Chart {
    return this.chart(RolloutStage.NMSTATE);
  }

  /** Is for certificates, how they are renewed, and whatever else becomes MachineConfigs. A `CertImportDaemonSet` goes to `mode`. */
  public get certificates(): Chart {
    return this.chart(RolloutStage.CERTIFICATES);
  }

  /** Is for `IpsecClusterConfig`, and for `CertImportDaemonSet`, whose pods are ready when libreswan has come with the mode. */
  public get mode(): Chart {
    return this.chart(RolloutStage.MODE);
  }

  /** Is for the connections, and what else needs nodes with libreswan and certificates. */
  public get endpoints(): Chart {
    return this.chart(RolloutStage.ENDPOINTS);
  }

  /** Is for `IpsecVerification`. */
  public get verification(): Chart {
    return this.chart(RolloutStage.VERIFICATION);
  }

  /**
   * The charts that there are, in the order in which they are applied.
   */
  public get charts(): Chart[] {
    return STAGES.flatMap((stage) => this.existing.get(stage) ?? []);
  }

  /**
   * The shell command that waits until the pools' nodes have everything that comes before `endpoints`: each MachineConfig by its
   * name, and then the update. `Updated` alone is true as well before the Machine Config Operator has begun. It asks every 10
   * seconds. Then it waits for the pods of a `CertImportDaemonSet`. Call it when the charts have been filled.
   */
  public waitCommand(): string {
    return [
      ...this.awaited.flatMap((pool) => [...waitUntilItHas(pool, 'status'), waitUntilUpdated(pool)]),
      ...this._daemonSets().map(waitUntilReady),
    ].join('\n') || ':';
  }

  /**
   * The shell command that waits until everything is rendered for the paused pools, so that the pause can end; it does nothing
   * without `pause`. Call it when the charts have been filled.
   */
  public unpauseWaitCommand(): string {
    return (this.existing.has(RolloutStage.UNPAUSE) ? this.awaited.flatMap((pool) => waitUntilItHas(pool, 'spec')) : []).join('\n') || ':';
  }

  /**
   * A POSIX shell script that applies the files of the rollout: in order, waiting after each for what the next one needs. It stops at
   * the first failure, prints what it waits for, and can be run again. Call it when the charts have been filled.
   *
   * It finds the files beside itself: write it into the folder that the app is synthesized to, as `writeApplyScript()` does.
   */
  public applyScript(): string {
    return applyScript(this);
  }

  /**
   * Writes `applyScript()` to a file, and makes it executable.
   *
   * @param path where it is written
   * @default - `apply.sh` in the folder that the app is synthesized to
   */
  public writeApplyScript(path?: string): void {
    const file = path ?? join(App.of(this).outdir, 'apply.sh');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, this.applyScript());
    chmodSync(file, 0o755);
  }

  /**
   * The stages that write anything, with their charts, in order.
   * @internal
   */
  public _stages(): { readonly stage: RolloutStage; readonly chart: Chart }[] {
    return STAGES.flatMap((stage) => {
      const chart = this.existing.get(stage);
      return chart && writesObjects(chart) ? [{ stage, chart }] : [];
    });
  }

  /**
   * The MachineConfigs that a pool must have before the connections come.
   * @internal
   */
  public _renderedInto(pool: string): string[] {
    const before = STAGES.slice(0, STAGES.indexOf(FIRST_ON_CHANGED_NODES));
    return [...new Set(before.flatMap((stage) => this.existing.has(stage) ? renderedInto(pool, this.existing.get(stage)!) : []))];
  }

  /**
   * The DaemonSets whose pods must be ready before the connections come: the certificate is on a node when its pod is.
   * @internal
   */
  public _daemonSets(): NamedInNamespace[] {
    const before = STAGES.slice(0, STAGES.indexOf(FIRST_ON_CHANGED_NODES));
    return before.flatMap((stage) => this.existing.has(stage) ? daemonSetsIn(this.existing.get(stage)!) : []);
  }

  /**
   * The imports whose nodes may need a password.
   * @internal
   */
  public _imports(): CertImportMachineConfig[] {
    return [...this.existing.values()].flatMap((chart) => chart.node.findAll())
      .filter((construct): construct is CertImportMachineConfig => construct instanceof CertImportMachineConfig);
  }

  /** The pools, with what each must have before the connections come. */
  private get awaited(): AwaitedPool[] {
    return this.pools.map((pool) => ({ pool, machineConfigs: this._renderedInto(pool) }));
  }

  private objectsIn(stage: RolloutStage): ApiObject[] {
    const chart = this.existing.get(stage);
    return chart ? objectsOf(chart) : [];
  }

  /** A chart from when it is first asked for, between the nearest ones that there are. */
  private chart(stage: RolloutStage): Chart {
    const known = this.existing.get(stage);
    if (known) return known;
    const chart = new Chart(this, stage);
    const at = STAGES.indexOf(stage);
    const before = STAGES.slice(0, at).reverse().find((other) => this.existing.has(other));
    const after = STAGES.slice(at + 1).find((other) => this.existing.has(other));
    if (before !== undefined) chart.addDependency(this.existing.get(before)!);
    if (after !== undefined) this.existing.get(after)!.addDependency(chart);
    this.existing.set(stage, chart);
    return chart;
  }

  private writeMigration(migration: MtuMigration, acknowledge: IpsecRolloutProps['acknowledge']): void {
    const annotations = acknowledgementAnnotations(acknowledge);
    writeManifest(this.chart(RolloutStage.MIGRATION), 'network', {
      apiVersion: 'operator.openshift.io/v1',
      kind: 'Network',
      metadata: { name: 'cluster', ...annotations ? { annotations } : {} },
      spec: { migration: migration._migration },
    }, { cluster: this });
    this.node.addValidation({ validate: () => this.unfinishedMigration(migration) });
  }

  /** A tool that waits for each stage would wait for ever: such a pod is ready when libreswan is there, which `mode` brings. */
  private importsBeforeMode(): string[] {
    if (!this.objectsIn(RolloutStage.MODE).some(({ kind }) => kind === 'Network')) return [];
    return STAGES.slice(0, STAGES.indexOf(RolloutStage.MODE)).flatMap((stage) => {
      const chart = this.existing.get(stage);
      return (chart?.node.findAll() ?? []).filter((each) => each instanceof CertImportDaemonSet).map((each) => (
        `${each.node.path}: a CertImportDaemonSet in '${stage}' comes before 'mode', which brings libreswan to the nodes: its pods are `
          + "ready only then, and Argo CD and Flux would wait for them before they apply 'mode', for ever; give it the rollout's 'mode' as "
          + 'scope'));
    });
  }

  /** Server-side apply takes out what its manager no longer writes: a mode without the new MTU would end the migration at the old one. */
  private unfinishedMigration({ networkTo }: MtuMigration): string[] {
    const mtus = this.objectsIn(RolloutStage.MODE).filter(({ kind }) => kind === 'Network')
      .map((network) => network.toJson().spec.defaultNetwork?.ovnKubernetesConfig?.mtu);
    if (mtus.length > 0 && mtus.every((mtu) => mtu === networkTo)) return [];
    return [`${this.node.path}: 'mtuMigration' starts a migration to ${networkTo} that nothing in 'mode' ends: give `
      + "'mtuMigration: migration.finalized()' to an IpsecClusterConfig there"];
  }
}

const KINDS: KindsOf<IpsecRolloutProps> = {
  pools: listOf(TEXT, 'MachineConfigPools', "['worker']"),
  pause: optional(FLAG),
  controlPlaneReason: optional(TEXT),
  mtuMigration: optional(instance(MtuMigration, 'MtuMigration.forIpsec({ machineMtu: 1500 })')),
  acknowledge: ACKNOWLEDGE,
};
