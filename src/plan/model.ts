import type { AuthorityPlan } from './authorities';
import type { CertificatePlan } from './certificates';
import type { DisruptionPolicies } from './disruption-policies';
import type { MtuMigrationOf } from './mtu-migration';
import type { Difference } from './pool-change';
import type { IpsecModeOf, Pools } from './pools';
import type { Release } from './release';
import type { Range, Rollout } from './rollout';
import type { TunnelPlan } from './tunnels';
import type { DocumentSet } from '../documents/document-set';
import type { OpenShiftVersion } from '../openshift/openshift-version';

/** What a plan is made with. */
export interface PlanOptions {
  /** How many nodes each pool has, where the user says so. */
  readonly nodes: ReadonlyMap<string, number>;
  /** What draining, rebooting and coming back takes one node. */
  readonly rebootMinutes: number;
  /** The time that certificates are judged at. */
  readonly time: Date;
  /** The release of the cluster, where the user says so. */
  readonly release?: OpenShiftVersion;
  /** The documents of each file of the new side: what is in one file is applied in one go. Without it, each object is one. */
  readonly files?: readonly (readonly unknown[])[];
}

/** What of which object changes a pool. */
export interface Cause {
  /** Such as `MachineConfig/99-worker-import-certs`. */
  readonly object: string;
  /** The path of a file, the name of a unit, the field of the MachineConfig, or where in the object that the operator follows. */
  readonly path: string;
  readonly change: Difference['change'];
  /** What the operator does for it by itself: `Reboot`, `DaemonReload, Restart ipsec-import.service`, `None`. */
  readonly action: string;
}

/** What happens to a pool. */
export interface PoolPlan {
  readonly pool: string;
  readonly nodes?: number;
  /** How often each node reboots. */
  readonly reboots: number;
  /** What is done to each node, in order; empty where nothing is. */
  readonly actions: readonly string[];
  /** Undefined where the number of nodes is not known. */
  readonly rollout?: Rollout;
  readonly minutes?: Range;
  readonly causes: readonly Cause[];
  /** Whether the operator renders another configuration for it. */
  readonly changed: boolean;
  /** Whether the operator refuses the new configuration. */
  readonly refused: boolean;
  readonly paused: boolean;
}

/** What a change does to a cluster. */
export interface Plan {
  readonly pools: readonly PoolPlan[];
  readonly tunnels: readonly TunnelPlan[];
  readonly certificates: readonly CertificatePlan[];
  readonly authorities: readonly AuthorityPlan[];
  /** The mode of IPsec, where it changes. */
  readonly mode?: { readonly before: string; readonly after: string };
  readonly warnings: readonly string[];
  /** What pausing pools saves. */
  readonly savings: readonly string[];
  /** What no folder can show. */
  readonly unknown: readonly string[];
}

/** One side of a change, with what several parts of a plan ask of it. */
export interface Side {
  readonly set: DocumentSet;
  readonly mode: IpsecModeOf;
  readonly mtu: MtuMigrationOf;
  readonly pools: Pools;
  /** What the nodes obey. */
  readonly policies: DisruptionPolicies;
  /** What is written, whether the release knows such policies or not. */
  readonly written: DisruptionPolicies;
}

/** All that a plan is made of, for those who judge it. */
export interface Facts extends Omit<Plan, 'warnings' | 'savings' | 'unknown'> {
  readonly before: Side;
  readonly after: Side;
  readonly release: Release;
  /** The file of each document of the new side, as a number. */
  readonly fileOf: ReadonlyMap<unknown, number>;
}
