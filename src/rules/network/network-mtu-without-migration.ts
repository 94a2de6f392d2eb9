import { mtuMigration, OVN } from './networks';
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
  acrossObjects: true,

  *check({ networks }) {
    let first: number | undefined;
    for (const network of networks) {
      const { subject, ovn: { mtu } } = network;
      const migration = mtuMigration(network);
      if (!isMtu(mtu)) continue;
      const path = `${OVN}/mtu`;
      if (migration && isMtu(migration.to)) {
        if (mtu === migration.to) continue;
        const begins = mtu === migration.from;
        yield {
          subject,
          path,
          severity: begins ? 'warning' : 'error',
          message: `'mtu' (${mtu}) is not where the migration beside it ends (${migration.to})${begins ? ', but where it begins: left so, it asks for the old MTU again once the migration is taken away' : ''}`,
        };
      } else if (!migration) {
        if (first !== undefined && first !== mtu) yield { subject, path, message: `'mtu' is ${mtu} here and ${first} in another Network object of the set, and neither has a migration` };
        first ??= mtu;
      }
    }
  },
};
