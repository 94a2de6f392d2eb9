import type { NetworkObject } from '../documents/networks';
import { mtuMigration } from '../documents/networks';
import { at, isMissing, record } from '../documents/values';

/** Where a Network object starts and ends a migration. */
export const MIGRATION = '/spec/migration';

/**
 * The change of the cluster network's MTU that a set of manifests asks for. While one is under way each node has the operator's unit for
 * it, which reaches it by a reboot, and goes with another.
 *
 * Source: openshift/machine-config-operator (templates/common/_base, `MTUMigration`).
 */
export class MtuMigrationOf {
  /** The migration that is under way once all is applied; undefined where none is. */
  public readonly active?: string;
  /** The migrations that a set starts. */
  private readonly started: ReadonlySet<string>;

  /** @param before what was there before, which stays where the set has no Network object */
  public constructor(networks: readonly NetworkObject[], private readonly before?: MtuMigrationOf) {
    const started = networks.flatMap((network) => {
      const fields = mtuMigration(network);
      return fields ? [JSON.stringify(fields)] : [];
    });
    this.started = new Set(started);
    this.active = networks.length === 0 ? before?.active : networks.some(ends) ? undefined : started.at(-1);
  }

  /** Whether the set starts a migration that is not under way yet, and ends it: each node reboots for the one and for the other. */
  public get isStartedAndEnded(): boolean {
    return this.active === undefined && [...this.started].some((migration) => !this.before?.started.has(migration));
  }
}

/** What comes last in a migration: the new MTU without it, or a patch that takes it out. */
function ends({ subject, ovn }: NetworkObject): boolean {
  const spec = record(subject.object.spec) ?? {};
  return isMissing(at(spec.migration, 'mtu')) && ('migration' in spec || !isMissing(ovn.mtu));
}
