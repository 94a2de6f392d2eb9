import { IPSEC_CONFIG } from '../../documents/networks';
import { holderOf } from '../../documents/policies';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkEndpointWithoutMode: Rule = {
  id: 'network-endpoint-without-mode',
  severity: 'error',
  title: 'live IPsec policies in the set while its Network object says Disabled',
  why: 'The nodes have no libreswan then, and the policies fail on every node.',
  fix: 'Set the mode to External or Full, or the interfaces to state: absent.',
  docs: DOCS.modes,

  on: {
    set({ networks, liveInterfaces }, report) {
      const disabled = networks.filter(({ mode }) => mode === 'Disabled');
      if (disabled.length === 0 || liveInterfaces.length === 0) return;
      const policies = new Set(liveInterfaces.map(({ policy }) => policy.name));
      const [first] = policies;
      const others = policies.size === 1 ? '' : ` and ${policies.size - 1} more`;
      for (const { subject } of disabled) {
        report({
          subject,
          path: `${IPSEC_CONFIG}/mode`,
          message: `'mode' (Disabled) has no libreswan on the nodes, and ${holderOf(liveInterfaces[0])} `
            + `${show(first)}${others} wants a tunnel there`,
        });
      }
    },
  },
};
