import { IPSEC_CONFIG } from './networks';
import { DOCS } from '../docs';
import type { Rule } from '../rule';
import { show } from '../values';

export const networkEndpointWithoutMode: Rule = {
  id: 'network-endpoint-without-mode',
  severity: 'error',
  title: 'live IPsec policies in the set while its Network object says Disabled',
  why: 'The nodes have no libreswan then, and the policies fail on every node.',
  fix: 'Set the mode to External or Full, or the interfaces to state: absent.',
  docs: DOCS.modes,
  acrossObjects: true,

  *check({ networks, liveInterfaces }) {
    const policies = new Set(liveInterfaces.map(({ policy }) => policy.name));
    if (policies.size === 0) return;
    const [first] = policies;
    const others = policies.size === 1 ? '' : ` and ${policies.size - 1} more`;
    for (const { subject, mode } of networks) {
      if (mode !== 'Disabled') continue;
      yield { subject, path: `${IPSEC_CONFIG}/mode`, message: `'mode' (Disabled) has no libreswan on the nodes, and policy ${show(first)}${others} wants a tunnel there` };
    }
  },
};
