import { IPSEC_CONFIG, mtuMigration, MtuMigrationFields } from '../../documents/networks';
import { isMtu, largestClusterMtu } from '../../openshift/mtu';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const ENCRYPTED_TOO_EARLY =
  'a cluster that is not in mode Full yet encrypts its pod traffic at once then, while its packets still have the old size, '
  + 'and ESP has no room until every node has rebooted twice';

export const networkMtuBeforeFull: Rule = {
  id: 'network-mtu-before-full',
  severity: 'warning',
  title: 'mode Full beside the first step of an MTU migration, from an MTU without room for ESP',
  why: 'Packets of the old size have no room for ESP: they are fragmented or dropped until the migration is through.',
  fix: 'Finish the migration in the mode that the cluster has, then switch to Full.',
  docs: DOCS.mtu,

  on: {
    network(network, report) {
      const migration = mtuMigration(network);
      if (network.mode !== 'Full' || !migration || hasRoom(migration)) return;
      report({
        path: `${IPSEC_CONFIG}/mode`,
        message: `'mode' (Full) stands beside the first step of an MTU migration: ${ENCRYPTED_TOO_EARLY}`,
      });
    },
  },
};

/** Whether the MTU before the migration leaves room for ESP: such a cluster may be in mode Full already. */
function hasRoom({ from, machineFrom, machineTo }: MtuMigrationFields): boolean {
  const machine = machineFrom ?? machineTo;
  return isMtu(from) && isMtu(machine) && from <= largestClusterMtu(machine);
}
