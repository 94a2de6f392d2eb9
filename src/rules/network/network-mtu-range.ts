import { mtuMigration, NetworkObject, OVN } from '../../documents/networks';
import { isPlaceholder } from '../../documents/placeholders';
import { at, isMissing, list, show, text } from '../../documents/values';
import { isMtu, MIN_MTU_IPV6, MTU_RANGE } from '../../openshift/mtu';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

const MIGRATION = '/spec/migration/mtu';

export const networkMtuRange: Rule = {
  id: 'network-mtu-range',
  severity: 'error',
  title: 'an MTU outside 576–65536 (1280 and up with IPv6), or a migration lacking `network.from`, `network.to` or `machine.to`',
  why: 'The Cluster Network Operator refuses the configuration and goes Degraded.',
  fix: 'State each MTU as a whole number of bytes in the range; a migration needs network.from, network.to and machine.to.',
  docs: DOCS.mtu,

  on: {
    network(network, report) {
      const minimum = hasIpv6(network) ? MIN_MTU_IPV6 : MTU_RANGE.from;
      const migration = mtuMigration(network);
      for (const [name, path, value, required] of [
        ['mtu', `${OVN}/mtu`, network.ovn.mtu, false],
        ['migration.mtu.network.from', `${MIGRATION}/network/from`, migration?.from, true],
        ['migration.mtu.network.to', `${MIGRATION}/network/to`, migration?.to, true],
        ['migration.mtu.machine.from', `${MIGRATION}/machine/from`, migration?.machineFrom, false],
        ['migration.mtu.machine.to', `${MIGRATION}/machine/to`, migration?.machineTo, true],
      ] as const) {
        if (isPlaceholder(value) || isMtu(value, minimum)) continue;
        if (!isMissing(value)) {
          report({
            path,
            message:
              `'${name}' (${show(value)}) is no whole number from ${minimum} to ${MTU_RANGE.to}, `
                + 'which is what the Cluster Network Operator '
                + `takes${minimum === MIN_MTU_IPV6 ? ' with an IPv6 cluster network' : ''}`,
          });
        } else if (required && migration) {
          report({ path: MIGRATION, message: `'${name}' is missing, and the Cluster Network Operator refuses a migration without it` });
        }
      }
    },
  },
};

function hasIpv6({ subject }: NetworkObject): boolean {
  return list(at(subject.object.spec, 'clusterNetwork')).some((network) => text(at(network, 'cidr'))?.includes(':'));
}
