import { mtuMigration, OVN } from '../../documents/networks';
import { isMtu } from '../../openshift/mtu';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkMtuWithoutMigration: Rule = {
  id: 'network-mtu-without-migration',
  severity: 'error',
  title: '`mtu` set beside a `migration` that does not end there, or changed without one where both are in the set',
  why: 'The operator refuses an MTU that changes without a migration to it.',
  fix: 'Start with a migration from the old MTU to the new one, and set mtu to the new one when all pools are done.',
  docs: DOCS.mtu,

  on: {
    network(network, report) {
      const { ovn: { mtu } } = network;
      const migration = mtuMigration(network);
      if (!isMtu(mtu) || !migration || !isMtu(migration.to) || mtu === migration.to) return;
      const begins = mtu === migration.from;
      report({
        path: `${OVN}/mtu`,
        severity: begins ? 'warning' : 'error',
        message: `'mtu' (${mtu}) is not where the migration beside it ends (${migration.to})`
          + (begins ? ', but where it begins: left so, it asks for the old MTU again once the migration is taken away' : ''),
      });
    },
    set({ networks }, report) {
      const [first, ...others] = networks.filter((network) => isMtu(network.ovn.mtu) && !mtuMigration(network));
      for (const { subject, ovn: { mtu } } of others) {
        if (mtu === first.ovn.mtu) continue;
        report({
          subject,
          path: `${OVN}/mtu`,
          message: `'mtu' is ${mtu} here and ${first.ovn.mtu} in another Network object of the set, and neither has a migration`,
        });
      }
    },
  },
};
