import { annotationsOf } from '../../documents/subjects';
import { at, list } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigExtension: Rule = {
  id: 'machineconfig-extension',
  severity: 'warning',
  title: '`extensions: [ipsec]` from 4.15 on, where the operator installs it',
  why: 'The Cluster Network Operator writes MachineConfigs with the extension itself; one more outlives it when IPsec is switched off.',
  fix: 'Take the extension out; or, to own it on purpose, annotate the MachineConfigs of both roles with user-ipsec-machine-config: '
    + '"true".',
  docs: DOCS.ipsec,

  on: {
    'machine-config'({ subject }, report, { version }) {
      if (!version?._hasIpsecMode) return;
      const i = list(at(subject.object.spec, 'extensions')).indexOf('ipsec');
      if (i < 0 || /^(?:80-ipsec-|rendered-)/.test(subject.name ?? '')) return;
      if (annotationsOf(subject).some(([name, value]) => name === 'user-ipsec-machine-config' && value === 'true')) return;
      report({
        path: `/spec/extensions/${i}`,
        message: `the extension 'ipsec' is installed by the Cluster Network Operator on ${version}, with the mode External or Full`,
      });
    },
  },
};
