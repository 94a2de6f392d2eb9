import { NodeSelector, NodeSelectorIndex } from './node-selectors';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

interface Known {
  readonly policy: string;
  readonly absent: boolean;
}

export const interfaceDuplicate: Rule = {
  id: 'interface-duplicate',
  severity: 'error',
  title: 'one interface name twice for the same node (equal or containing selectors) across all documents; a warning where one of the two is absent',
  why: 'The policy that NMState applies last wins, and the order between policies is undefined.',
  fix: 'Give one of them another interface name.',
  docs: DOCS.nmstatePolicies,
  acrossObjects: true,

  *check({ interfaces }) {
    const byName = new Map<string, NodeSelectorIndex<Known>>();
    for (const own of interfaces) {
      const { subject, name, policy, absent } = own;
      if (name === undefined) continue;
      let index = byName.get(name);
      if (!index) byName.set(name, index = new NodeSelectorIndex());
      const other = index.find(policy.selector);
      if (other) {
        yield {
          subject,
          path: `${own.path}/name`,
          severity: other.absent || absent ? 'warning' : 'error',
          message: `interface '${name}' is also in policy '${other.policy}' for ${describe(policy.selector)}: the policy that NMState applies last wins, and their order is undefined`,
        };
      }
      index.add(policy.selector, { policy: policy.name, absent });
    }
  },
};

function describe(selector: NodeSelector): string {
  const labels = Object.entries(selector);
  return labels.length === 0 ? 'every node' : `nodes with ${labels.map(([key, value]) => `${key}=${value}`).join(', ')}`;
}
