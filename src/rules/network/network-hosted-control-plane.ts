import { encrypts, IPSEC_CONFIG, NetworkObject } from '../../documents/networks';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkHostedControlPlane: Rule = {
  id: 'network-hosted-control-plane',
  severity: 'error',
  title: 'any mode but Disabled with a hosted control plane; a warning where a HostedCluster is merely in the set',
  why: 'OpenShift supports IPsec neither between pods nor to outside hosts on a cluster with a hosted control plane.',
  fix: 'Set the mode to Disabled.',
  docs: DOCS.external,

  on: {
    network(network, report, { hostedControlPlane }) {
      if (hostedControlPlane && encrypts(network)) report({ path: IPSEC_CONFIG, message: problemOf(network) });
    },
    set({ networks, hosting }, report, { hostedControlPlane }) {
      if (!hosting || hostedControlPlane !== undefined) return;
      const certain = hosting.kind === 'Infrastructure';
      for (const network of networks) {
        if (!encrypts(network)) continue;
        report({
          subject: network.subject,
          path: IPSEC_CONFIG,
          ...certain ? { message: problemOf(network) } : {
            severity: 'warning',
            message: `${hosting.kind} '${hosting.name ?? ''}' is in the set, and ${problemOf(network)}`,
            fix: 'Set the mode to Disabled where this object is for the hosted cluster; '
              + 'check the manifests of the management cluster in a call of their own.',
          },
        });
      }
    },
  },
};

function problemOf({ mode }: NetworkObject): string {
  return `mode ${mode} does not work with a hosted control plane, where OpenShift supports IPsec neither between pods nor to outside hosts`;
}
