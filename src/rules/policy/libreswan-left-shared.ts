import { finalText, holderOf, hostOf } from '../../documents/policies';
import { show } from '../../documents/values';
import { NODE_ROLE_PREFIX } from '../../openshift/labels';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanLeftShared: Rule = {
  id: 'libreswan-left-shared',
  severity: 'error',
  title: 'a fixed `left` in a policy without selector or with a role selector; a warning with other labels',
  why: "It is one node's address, and wrong on every other node of the policy.",
  fix: "Write left: '%defaultroute', or one policy a node.",
  docs: DOCS.nmstateIpsec,

  on: {
    connection(connection, report) {
      const { settings, settingsPath } = connection;
      const left = finalText(settings, 'left');
      if (left === undefined || left.startsWith('%')) return;
      const { policy } = connection;
      if (hostOf(policy) !== undefined || policy.isState) return;
      const otherLabels = Object.keys(policy.selector).filter((key) => !key.startsWith(NODE_ROLE_PREFIX));
      report({
        path: `${settingsPath}/left`,
        severity: otherLabels.length > 0 ? 'warning' : 'error',
        message: `'left' (${show(left)}) is one node's address, and the ${holderOf(connection)} `
          + `${otherLabels.length > 0 ? 'may be' : 'is'} for many nodes`,
        fix: connection.keyfile && 'Write left=%defaultroute: a MachineConfig is for all nodes of its pool.',
      });
    },
  },
};
