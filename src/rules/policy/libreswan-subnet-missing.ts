import { isPlaceholder } from '../../documents/placeholders';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanSubnetMissing: Rule = {
  id: 'libreswan-subnet-missing',
  severity: 'warning',
  title: 'no `rightsubnet`, with or without `rightsubnets`: all IPv4 traffic goes into the tunnel',
  why: 'NetworkManager-libreswan writes rightsubnet=0.0.0.0/0 where the key is missing.',
  fix: "Name the subnet behind the peer; for the peer alone it is the peer's address followed by /32.",
  docs: DOCS.networkManagerLibreswan,

  on: {
    connection({ settings, settingsPath, filledIn }, report) {
      const { rightsubnet, rightsubnets } = settings;
      if (isPlaceholder(rightsubnet)) return;
      if (rightsubnet === undefined && filledIn) {
        const where = rightsubnets === undefined ? 'is missing' : "is missing beside 'rightsubnets'";
        report({
          path: settingsPath,
          message: `'rightsubnet' ${where}, and the node writes 0.0.0.0/0 then: all its IPv4 traffic goes into the tunnel, `
            + "the cluster's own among it",
        });
      } else if (rightsubnet === '0.0.0.0/0') {
        report({
          path: `${settingsPath}/rightsubnet`,
          message: "'rightsubnet' ('0.0.0.0/0') sends all IPv4 traffic of the node into the tunnel, the cluster's own among it",
        });
      }
    },
  },
};
