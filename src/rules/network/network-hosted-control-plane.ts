import { encrypts, IPSEC_CONFIG } from './networks';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkHostedControlPlane: Rule = {
  id: 'network-hosted-control-plane',
  severity: 'error',
  title: 'any mode but Disabled with a hosted control plane',
  why: 'OpenShift supports IPsec neither between pods nor to outside hosts on a cluster with a hosted control plane.',
  fix: 'Set the mode to Disabled.',
  docs: DOCS.external,

  *check({ networks, facts: { hostedControlPlane } }) {
    if (!hostedControlPlane) return;
    for (const network of networks) {
      if (!encrypts(network)) continue;
      yield { subject: network.subject, path: IPSEC_CONFIG, message: `mode ${network.mode} does not work with a hosted control plane, where OpenShift supports IPsec neither between pods nor to outside hosts` };
    }
  },
};
