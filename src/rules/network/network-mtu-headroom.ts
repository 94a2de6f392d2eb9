import type { JudgeOptions } from '../../documents/facts';
import { encrypts, mtuMigration, MtuMigrationFields, NetworkObject, OVN } from '../../documents/networks';
import { isMissing } from '../../documents/values';
import { ESP_OVERHEAD, GENEVE_OVERHEAD, isMtu, largestClusterMtu } from '../../openshift/mtu';
import { DOCS } from '../docs';
import type { Report, Rule } from '../rule';

/** The MTUs of machine networks that almost every cluster has. */
const USUAL_MACHINE_MTUS = [1500, 9000];

export const networkMtuHeadroom: Rule = {
  id: 'network-mtu-headroom',
  severity: 'error',
  title: 'mode Full and `to + 100 + 46 > machine.to`; a warning where a stated MTU leaves less than 46 bytes',
  why: 'Geneve takes 100 bytes of each packet and ESP 46 more: larger packets are fragmented or dropped, '
    + 'and the operator refuses such a migration.',
  fix: 'Lower the cluster network MTU to the machine network MTU less 146.',
  docs: DOCS.mtu,

  on: {
    network(network, report, facts) {
      const migration = mtuMigration(network);
      if (migration) judgeMigration(network, migration, report);
      else if (encrypts(network)) judgeMtu(network, report, facts);
    },
  },
};

function judgeMigration(network: NetworkObject, { to, machineTo }: MtuMigrationFields, report: Report<'network'>): void {
  if (!isMtu(to) || !isMtu(machineTo)) return;
  const largest = encrypts(network) ? largestClusterMtu(machineTo) : machineTo - GENEVE_OVERHEAD;
  if (to <= largest) return;
  report({
    path: '/spec/migration/mtu/network/to',
    severity: network.mode === 'Full' || to > machineTo - GENEVE_OVERHEAD ? 'error' : 'warning',
    message: `'migration.mtu.network.to' (${to}) must be at most ${largest} on a machine network of ${machineTo}: `
      + `Geneve takes ${GENEVE_OVERHEAD} bytes${encrypts(network) ? ` and ESP ${ESP_OVERHEAD}` : ''}`,
    fix: `Lower it to ${largest} or less.`,
  });
}

function judgeMtu({ mode, ovn }: NetworkObject, report: Report<'network'>, { clusterMtu, machineMtu }: JudgeOptions): void {
  const mtu = ovn.mtu ?? clusterMtu;
  const [path, word] = isMissing(ovn.mtu) ? [OVN, 'clusterMtu'] : [`${OVN}/mtu`, 'mtu'];
  if (machineMtu !== undefined && isMissing(mtu) || machineMtu === undefined && isMissing(ovn.mtu) && mtu !== undefined) {
    const [given, missing] = machineMtu === undefined ? ['clusterMtu', 'machineMtu'] : ['machineMtu', 'clusterMtu'];
    report({
      path,
      severity: 'warning',
      message: `'${given}' (${machineMtu ?? clusterMtu}) is given without '${missing}': `
        + `whether ${ESP_OVERHEAD} bytes are left for ESP can't be checked`,
      fix: 'Give both.',
    });
  } else if (machineMtu !== undefined && isMtu(mtu)) {
    if (mtu <= largestClusterMtu(machineMtu)) return;
    report({
      path,
      severity: mode === 'Full' ? 'error' : 'warning',
      message: `'${word}' (${mtu}) must be at most ${largestClusterMtu(machineMtu)} on a machine network of ${machineMtu}: `
        + `Geneve takes ${GENEVE_OVERHEAD} bytes and ESP ${ESP_OVERHEAD}, and larger packets are fragmented or dropped`,
      fix: 'Lower the cluster MTU first.',
    });
  } else if (isMtu(mtu)) {
    const machine = USUAL_MACHINE_MTUS.find((usual) => mtu > largestClusterMtu(usual) && mtu <= usual - GENEVE_OVERHEAD);
    if (machine === undefined) return;
    report({
      path,
      severity: 'warning',
      message: `'${word}' (${mtu}) leaves ${machine - GENEVE_OVERHEAD - mtu} of the ${ESP_OVERHEAD} bytes that ESP takes, `
        + `on a machine network of ${machine}: larger packets are fragmented or dropped`,
      fix: `Migrate to ${largestClusterMtu(machine)} before IPsec is switched on, unless the machine network's MTU is larger.`,
    });
  }
}
