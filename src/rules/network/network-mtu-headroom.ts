import { encrypts, mtuMigration, OVN } from './networks';
import { ESP_OVERHEAD, GENEVE_OVERHEAD, isMtu, largestClusterMtu } from '../../openshift/mtu';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** The MTUs of machine networks that almost every cluster has. */
const USUAL_MACHINE_MTUS = [1500, 9000];

export const networkMtuHeadroom: Rule = {
  id: 'network-mtu-headroom',
  severity: 'error',
  title: 'mode Full and `to + 100 + 46 > machine.to`; a warning where a stated MTU leaves less than 46 bytes',
  why: 'Geneve takes 100 bytes of each packet and ESP 46 more: larger packets are fragmented or dropped, and the operator refuses such a migration.',
  fix: 'Lower the cluster network MTU to the machine network MTU less 146.',
  docs: DOCS.mtu,

  on: {
    network(network, report) {
      const { mode, ovn: { mtu } } = network;
      const migration = mtuMigration(network);
      if (migration && isMtu(migration.to) && isMtu(migration.machineTo)) {
        const { to, machineTo } = migration;
        const largest = encrypts(network) ? largestClusterMtu(machineTo) : machineTo - GENEVE_OVERHEAD;
        if (to <= largest) return;
        report({
          path: '/spec/migration/mtu/network/to',
          severity: mode === 'Full' || to > machineTo - GENEVE_OVERHEAD ? 'error' : 'warning',
          message: `'migration.mtu.network.to' (${to}) must be at most ${largest} on a machine network of ${machineTo}: `
            + `Geneve takes ${GENEVE_OVERHEAD} bytes${encrypts(network) ? ` and ESP ${ESP_OVERHEAD}` : ''}`,
        });
      } else if (!migration && isMtu(mtu) && encrypts(network)) {
        const machine = USUAL_MACHINE_MTUS.find((usual) => mtu > largestClusterMtu(usual) && mtu <= usual - GENEVE_OVERHEAD);
        if (machine === undefined) return;
        report({
          path: `${OVN}/mtu`,
          severity: 'warning',
          message: `'mtu' (${mtu}) leaves ${machine - GENEVE_OVERHEAD - mtu} of the ${ESP_OVERHEAD} bytes that ESP takes, `
            + `on a machine network of ${machine}: larger packets are fragmented or dropped`,
          fix: `Migrate to ${largestClusterMtu(machine)} before IPsec is switched on, unless the machine network's MTU is larger.`,
        });
      }
    },
  },
};
