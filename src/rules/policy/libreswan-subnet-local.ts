import type { Connection } from '../../documents/policies';
import type { Subnet } from '../../documents/subnets';
import { show } from '../../documents/values';
import type { Ipv4Cidr } from '../../openshift/ip';
import { PrefixIndex } from '../../openshift/prefix-index';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanSubnetLocal: Rule = {
  id: 'libreswan-subnet-local',
  severity: 'error',
  title: 'a `leftsubnet` that is the `rightsubnet`, too; a warning where it lies within it',
  why:
    'The kernel sends to the peer what its policies say is behind the peer: what hosts of the local subnet send to each other through '
      + 'the node is that, too.',
  fix: 'Name the subnets so that no address is behind both ends.',
  docs: DOCS.libreswan,

  on: {
    connection(connection, report) {
      const locals = subnetsOf(connection, 'left');
      if (locals.length === 0) return;
      const index = new PrefixIndex(subnetsOf(connection, 'right'), ({ cidr }) => cidr);
      for (const local of locals) {
        for (const { key, text, cidr } of index.holdersOf(local.cidr)) {
          // All IPv4 traffic goes to the peer then, which another rule says.
          if (cidr.prefix === 0) continue;
          const isSame = cidr.prefix === local.cidr.prefix;
          report({
            path: `${connection.settingsPath}/${local.key}`,
            severity: isSame ? 'error' : 'warning',
            message: `'${local.key}' (${show(local.text)}) ${isSame ? 'is also' : 'lies within'} '${key}' (${show(text)}): `
              + (isSame
                ? 'the two ends are behind each other, and no packet says which of them it is for'
                : 'what passes through the node between two hosts of the local subnet goes to the peer'),
          });
        }
      }
    },
  },
};

interface KnownSubnet extends Subnet {
  readonly cidr: Ipv4Cidr;
}

function subnetsOf({ subnets }: Connection, end: 'left' | 'right'): KnownSubnet[] {
  return subnets.filter((subnet): subnet is KnownSubnet => subnet.key.startsWith(end) && subnet.cidr !== undefined);
}
