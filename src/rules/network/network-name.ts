import { isPlaceholder } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkName: Rule = {
  id: 'network-name',
  severity: 'error',
  title: 'an `operator.openshift.io/v1` Network that sets `ipsecConfig` and is not named `cluster`',
  why: 'The Cluster Network Operator reads one object, `cluster`; any other is accepted and does nothing.',
  fix: 'Name it cluster.',
  docs: DOCS.networkApi,

  on: {
    network({ subject, ovn }, report) {
      if (!('ipsecConfig' in ovn) || subject.name === 'cluster' || isPlaceholder(subject.name)) return;
      report({
        path: '/metadata/name',
        message:
          `the Network object is named ${show(subject.name ?? '')}, and the Cluster Network Operator reads only the one named 'cluster': `
          + 'its ipsecConfig has no effect',
      });
    },
  },
};
