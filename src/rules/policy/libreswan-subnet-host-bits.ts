import { show } from '../../documents/values';
import { isIpv4 } from '../../openshift/ip';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanSubnetHostBits: Rule = {
  id: 'libreswan-subnet-host-bits',
  severity: 'error',
  title: 'a subnet with host bits set, or not a CIDR at all',
  why: 'libreswan masks the bits or refuses the connection, depending on its version.',
  fix: 'Write a subnet in CIDR notation, such as 10.1.2.0/24.',
  docs: DOCS.libreswan,

  on: {
    connection({ subnets, settingsPath }, report) {
      for (const { key, text, cidr } of subnets) {
        const path = `${settingsPath}/${key}`;
        if (!cidr) {
          report({
            path,
            message: `'${key}' (${show(text)}) is no subnet in CIDR notation`,
            fix: isIpv4(text) ? `For the one host write ${text}/32.` : undefined,
          });
        } else if (cidr.hasHostBits) {
          report({
            path,
            message: `'${key}' (${show(text)}) has bits set beyond its prefix, which libreswan masks or refuses depending on its version`,
            fix: `Write ${cidr.network} for the subnet, or ${text.split('/')[0]}/32 for the one host.`,
          });
        }
      }
    },
  },
};
