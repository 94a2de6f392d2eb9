import { NodeSelector, NodeSelectorIndex } from './node-selectors';
import { ipsecInterfaces } from './policies';
import type { Document, Finding, Rule } from './rule';
import { objectName } from './values';

interface Known {
  readonly policy: string;
  readonly absent: boolean;
}

export const interfaceDuplicate: Rule = {
  id: 'interface-duplicate',
  severity: 'error',
  title: 'one interface name twice for the same node',
  why: 'The policy that NMState applies last wins, and the order between policies is undefined.',
  fix: 'Give each connection of a node an interface name of its own.',
  docs: 'https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration',

  *check<D extends Document>(documents: readonly D[]): Iterable<Finding<D>> {
    const byName = new Map<string, NodeSelectorIndex<Known>>();
    for (const { document, name, selector, absent, path } of ipsecInterfaces(documents)) {
      let index = byName.get(name);
      if (!index) byName.set(name, index = new NodeSelectorIndex());
      const other = index.find(selector);
      const policy = objectName(document).name ?? '(no name)';
      if (other) {
        yield {
          document,
          path: `${path}/name`,
          severity: other.absent !== absent ? 'warning' : 'error',
          message: `interface '${name}' is also in policy '${other.policy}' for ${describe(selector)}: the policy that NMState applies last wins, and their order is undefined; `
            + 'give one of them another interface name',
        };
      }
      index.add(selector, { policy, absent });
    }
  },
};

function describe(selector: NodeSelector): string {
  const labels = Object.entries(selector);
  return labels.length === 0 ? 'every node' : `nodes with ${labels.map(([key, value]) => `${key}=${value}`).join(', ')}`;
}
