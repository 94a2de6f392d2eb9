import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const disruptionPolicyIpsecService: Rule = {
  id: 'disruption-policy-ipsec-service',
  severity: 'error',
  title: 'a node disruption policy that restarts or reloads `ipsec.service`',
  why:
    'After a restart libreswan has forgotten every connection, and NetworkManager goes on calling them activated, '
      + 'so that traffic leaves in clear; in mode Full traffic between pods breaks too. '
      + 'A reload fails, because the unit has none, and the rollout stops at the node.',
  fix: 'Restart the unit of the import, such as ipsec-import.service, whose script renews the connections of its certificate.',
  docs: DOCS.nodeDisruption,

  on: {
    'disruption-policy'({ files, units, sshkey }, report) {
      const changes = [...files, ...units].map(({ name, actions }) => ({ what: name === undefined ? '' : ` of ${show(name)}`, actions }));
      for (const { what: changed, actions } of [...changes, { what: ' of the SSH keys', actions: sshkey }]) {
        for (const { type, unit, pointer } of actions) {
          if (unit !== 'ipsec.service' || type !== 'Restart' && type !== 'Reload') continue;
          const what = `a change${changed}`;
          report({
            path: type === 'Restart' ? `${pointer}/restart/serviceName` : `${pointer}/reload/serviceName`,
            message: type === 'Restart'
              ? `${what} restarts 'ipsec.service', after which libreswan knows no connection any more, and traffic leaves in clear`
              : `${what} reloads 'ipsec.service', which has no way to reload: the command fails, and the rollout stops at that node`,
          });
        }
      }
    },
  },
};
