import { encrypts, IPSEC_CONFIG } from './networks';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkHostedControlPlane: Rule = {
  id: 'network-hosted-control-plane',
  severity: 'error',
  title: 'any mode but Disabled with a hosted control plane; a warning where a HostedCluster is merely in the set',
  why: 'OpenShift supports IPsec neither between pods nor to outside hosts on a cluster with a hosted control plane.',
  fix: 'Set the mode to Disabled.',
  docs: DOCS.external,

  *check({ networks, facts, hosting }) {
    const hosted = facts.hostedControlPlane ?? (hosting?.kind === 'Infrastructure' ? true : undefined);
    if (hosted === false || !hosted && !hosting) return;
    for (const network of networks) {
      if (!encrypts(network)) continue;
      const { subject, mode } = network;
      const message = `mode ${mode} does not work with a hosted control plane, where OpenShift supports IPsec neither between pods nor to outside hosts`;
      if (hosted) {yield { subject, path: IPSEC_CONFIG, message };} else {
        yield {
          subject,
          path: IPSEC_CONFIG,
          severity: 'warning',
          message: `${hosting!.kind} '${hosting!.name ?? ''}' is in the set, and ${message}`,
          fix: 'Set the mode to Disabled where this object is for the hosted cluster; check the manifests of the management cluster in a call of their own.',
        };
      }
    }
  },
};
