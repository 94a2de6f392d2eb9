import { isPlaceholder } from '../../documents/placeholders';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanModecfgClient: Rule = {
  id: 'libreswan-modecfg-client',
  severity: 'warning',
  title: '`leftmodecfgclient` not `false`: the node asks the peer for an address',
  why: 'NetworkManager-libreswan was made for roaming clients; a peer that is a host hands out no addresses, '
    + 'and the tunnel does not come up.',
  fix: 'Write leftmodecfgclient: false.',
  docs: DOCS.nmstateIpsec,

  on: {
    connection({ keyfile, settings, settingsPath, filledIn }, report) {
      const fix = keyfile && 'Write leftmodecfgclient=no.';
      const client = settings.leftmodecfgclient;
      if (client === false || isPlaceholder(client) || client === undefined && !filledIn) return;
      if (client === undefined) {
        report({
          path: settingsPath,
          fix,
          message: "'leftmodecfgclient' is missing, and the node asks the peer for an address then, as a roaming client does",
        });
      } else if (client === true) {
        report({
          path: `${settingsPath}/leftmodecfgclient`,
          fix,
          message: `'leftmodecfgclient' (${keyfile ? 'yes' : 'true'}) makes the node ask the peer for an address, as a roaming client does`,
        });
      }
    },
  },
};
