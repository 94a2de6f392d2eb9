import { bytesOf, MachineConfigObject } from '../../documents/machine-config/machine-configs';
import { MAX_TEXT_BYTES } from '../../documents/machine-config/payloads';
import { roleOf } from '../../documents/policies';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const keyfileNotStarted: Rule = {
  id: 'keyfile-not-started',
  severity: 'warning',
  title: 'a keyfile of a libreswan connection for a pool where no unit and no script of the set runs `nmcli connection up`',
  why: 'NetworkManager starts no VPN connection by itself, whatever autoconnect says: after each boot the tunnel stays down, '
    + 'and traffic goes out in clear.',
  fix: 'Bring a unit that runs nmcli connection up after ipsec.service, as IpsecAutoconnect does, or acknowledge that something else does.',
  docs: DOCS.keyfile,

  on: {
    set({ connections, machineConfigs }, report) {
      const keyfiles = connections.filter(({ keyfile }) => keyfile);
      if (keyfiles.length === 0) return;
      const starting = machineConfigs.filter(startsConnections).map(({ role }) => role);
      for (const { subject, policy, settingsPath, name } of keyfiles) {
        const role = roleOf(policy);
        if (
          role === undefined
          || starting.some((other) => other === undefined || other === role || (other === 'worker' && role !== 'master'))
        ) {
          continue;
        }
        report({
          subject,
          path: settingsPath,
          message: `nothing in the set brings the connection ${show(name)} up on the nodes of role '${role}', `
            + 'and NetworkManager starts no VPN by itself: after each boot the tunnel stays down',
        });
      }
    },
  },
};

/** Whether a unit or a script of it calls nmcli to bring connections up; what it brings up may stand anywhere. */
function startsConnections({ units, files }: MachineConfigObject): boolean {
  return units.some(({ text }) => callsUp(text)) || files.some((file) => {
    const bytes = bytesOf(file);
    return bytes !== undefined && bytes.length <= MAX_TEXT_BYTES && bytes.includes('nmcli') && callsUp(bytes.toString('utf8'));
  });
}

function callsUp(text: string): boolean {
  return /\bnmcli\b/.test(text) && /\bup\b/.test(text.replace(/^\s*#.*$/gm, ''));
}
