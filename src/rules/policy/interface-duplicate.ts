import { NodeSelector, NodeSelectorIndex } from '../../documents/node-selectors';
import type { IpsecInterface } from '../../documents/policies';
import { DOCS } from '../docs';
import type { FoundInSet, Rule } from '../rule';

/** The policies that have an interface of one name, by what they want of it. */
interface Policies {
  readonly live: NodeSelectorIndex<IpsecInterface>;
  readonly absent: NodeSelectorIndex<IpsecInterface>;
}

export const interfaceDuplicate: Rule = {
  id: 'interface-duplicate',
  severity: 'error',
  title:
    'one interface name twice for the same node (equal or containing selectors) across all documents; '
      + 'a warning where one of the two is absent',
  why: 'The policy that NMState applies last wins, and the order between policies is undefined.',
  fix: 'Give one of them another interface name.',
  docs: DOCS.nmstatePolicies,

  on: {
    set({ interfaces }, report) {
      const byName = new Map<string, Policies>();
      for (const own of interfaces) {
        const { name, policy, absent } = own;
        if (name === undefined || policy.isState || policy.nodesAreUnknown) continue;
        let known = byName.get(name);
        if (!known) byName.set(name, known = { live: new NodeSelectorIndex(), absent: new NodeSelectorIndex() });
        const live = absent ? known.live.find(policy.selector) : known.live.findAndAdd(policy.selector, own);
        const other = live ?? (absent ? undefined : known.absent.find(policy.selector));
        if (absent) known.absent.add(policy.selector, own);
        // One policy that is kept twice, such as here and in a policy of RHACM, is no conflict with itself.
        if (other && describeHolder(other) !== describeHolder(own)) report(foundIn(own, other, live === undefined || absent));
      }
    },
  },
};

function foundIn(own: IpsecInterface, other: IpsecInterface, isOneAbsent: boolean): FoundInSet {
  const { subject, path, name, policy, keyfile } = own;
  const [holder, another] = [describeHolder(own), describeHolder(other)];
  return {
    subject,
    path: `${path}/name`,
    severity: isOneAbsent ? 'warning' : 'error',
    message: `${keyfile ? 'connection' : 'interface'} '${name}' is also in ${another} for ${describe(policy.selector)}: `
      + `${isOfPolicies(holder, another) ? 'the policy that NMState applies last wins' : 'what comes last wins'}, `
      + 'and their order is undefined',
  };
}

/** Two files of one MachineConfig are two connections. */
function describeHolder({ policy, keyfile }: IpsecInterface): string {
  return keyfile ? `keyfile '${keyfile.path}' of MachineConfig '${policy.name}'` : `policy '${policy.name}'`;
}

function isOfPolicies(...holders: readonly string[]): boolean {
  return holders.every((holder) => holder.startsWith('policy'));
}

function describe(selector: NodeSelector): string {
  const labels = Object.entries(selector);
  return labels.length === 0 ? 'every node' : `nodes with ${labels.map(([key, value]) => `${key}=${value}`).join(', ')}`;
}
