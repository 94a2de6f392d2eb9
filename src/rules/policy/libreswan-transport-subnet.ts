import { Connection, finalText, holderOf, hostOf } from '../../documents/policies';
import type { Subnet } from '../../documents/subnets';
import { show } from '../../documents/values';
import { isIpv4 } from '../../openshift/ip';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanTransportSubnet: Rule = {
  id: 'libreswan-transport-subnet',
  severity: 'error',
  title: '`type: transport` with a subnet wider than one host, or of a host that is no end of the connection',
  why: 'Transport mode protects the traffic between two hosts; the connection with another subnet does not come up.',
  fix: 'Use the /32 of the end itself, or type: tunnel.',
  docs: DOCS.libreswan,

  on: {
    connection(connection, report) {
      if (connection.settings.type !== 'transport') return;
      for (const subnet of connection.subnets) {
        const problem = problemOf(subnet, connection);
        if (problem) {
          report({ path: `${connection.settingsPath}/${subnet.key}`, message: `'${subnet.key}' (${show(subnet.text)}) ${problem}` });
        }
      }
    },
  },
};

function problemOf({ key, cidr }: Subnet, connection: Connection): string | undefined {
  const { settings, policy } = connection;
  if (!cidr) return undefined;
  if (!cidr.isHost) return 'is wider than one host, and type transport protects the traffic between two hosts only';
  if (key.endsWith('s')) return 'is one more subnet, and type transport protects the traffic between two hosts only';
  const end = key.startsWith('left') ? 'left' : 'right';
  const address = finalText(settings, end);
  if (address !== undefined && isIpv4(address) && !cidr.isOnly(address)) {
    return `is another host than '${end}' ('${address}'), and type transport protects the traffic between the two ends only`;
  }
  if (end === 'left' && hostOf(policy) === undefined) {
    return `is one node's address with type transport, and the ${holderOf(connection)} is for many nodes`;
  }
  return undefined;
}
