import { IPSEC_CONFIG, mtuMigration } from './networks';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const ENCRYPTED_TOO_EARLY = 'a cluster that is not in mode Full yet encrypts its pod traffic at once then, while its packets still have the old size, '
  + 'and ESP has no room until every node has rebooted twice';

export const networkMtuBeforeFull: Rule = {
  id: 'network-mtu-before-full',
  severity: 'warning',
  title: 'mode Full beside the first step of an MTU migration',
  why: 'Packets of the old size have no room for ESP: they are fragmented or dropped until the migration is through.',
  fix: 'Finish the migration in the mode that the cluster has, then switch to Full.',
  docs: DOCS.mtu,

  on: {
    network(network, report) {
      if (network.mode !== 'Full' || !mtuMigration(network)) return;
      report({ path: `${IPSEC_CONFIG}/mode`, message: `'mode' (Full) stands beside the first step of an MTU migration: ${ENCRYPTED_TOO_EARLY}` });
    },
  },
};
