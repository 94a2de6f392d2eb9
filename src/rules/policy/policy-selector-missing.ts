import { isPlaceholder } from '../../documents/placeholders';
import { at } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const policySelectorMissing: Rule = {
  id: 'policy-selector-missing',
  severity: 'warning',
  title: 'no `nodeSelector`: the policy goes to every node',
  why: 'Control plane nodes are among them, and nodes that have no certificate.',
  fix: 'Select a node by kubernetes.io/hostname, or the nodes of a role.',
  docs: DOCS.nmstatePolicies,

  on: {
    set({ differingPolicies }, report) {
      for (const { subject, selector, interfaces, isState } of differingPolicies) {
        if (isState || Object.keys(selector).length > 0 || isPlaceholder(at(subject.object.spec, 'nodeSelector'))) continue;
        if (interfaces.every(({ absent }) => absent)) continue;
        report({
          subject,
          path: '/spec',
          message: 'the policy has no nodeSelector, so that every node of the cluster gets the connection, control plane nodes among them',
        });
      }
    },
  },
};
