import { GUARD_ANNOTATIONS, GuardFact, guardOf } from '../../documents/guards';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const guardNetworksUnknown: Rule = {
  id: 'guard-networks-unknown',
  severity: 'warning',
  title:
    'a guard whose prefixes were not held against the networks of the nodes, the pods and the services, '
      + 'and what the nodes must reach in clear',
  why: 'A prefix that holds one of them cuts the nodes off, and nobody has looked whether one does.',
  fix:
    'Give IpsecClusterConfig machineNetworks, podNetworks, serviceNetworks and apiVips (virtual addresses of API and ingress, gateway, '
      + 'DNS servers), each as '
      + "'oc get network.config cluster -o yaml' and 'oc get infrastructure cluster -o yaml' have them.",
  docs: DOCS.guard,

  on: {
    'machine-config'(machineConfig, report) {
      const guard = guardOf(machineConfig);
      if (!guard) return;
      const unknown = (Object.keys(GUARD_ANNOTATIONS) as GuardFact[]).filter((fact) => guard.known[fact] === undefined);
      if (unknown.length === 0) return;
      report({
        path: `${guard.pointer}/contents`,
        message:
          `nobody has held the guarded prefixes against ${unknown.map((fact) => `'${fact}'`).join(', ')} of the cluster, `
            + 'and one that holds an address of them cuts the '
            + 'nodes off',
      });
    },
  },
};
