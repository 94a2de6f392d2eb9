import { encrypts, IPSEC_CONFIG } from './networks';
import { DOCS } from '../docs';
import type { RuleOn } from '../rule';

export const networkHostedControlPlane: RuleOn = {
  id: 'network-hosted-control-plane',
  severity: 'error',
  title: 'any mode but Disabled with a hosted control plane',
  why: 'OpenShift supports IPsec neither between pods nor to outside hosts on a cluster with a hosted control plane.',
  fix: 'Set the mode to Disabled.',
  docs: DOCS.external,

  on: {
    network(network, report, { hostedControlPlane }) {
      if (!hostedControlPlane || !encrypts(network)) return;
      report({
        path: IPSEC_CONFIG,
        message: `mode ${network.mode} does not work with a hosted control plane, where OpenShift supports IPsec neither between pods nor to outside hosts`,
      });
    },
  },
};
