import { nearest } from '../../core/nearest';
import { isPlaceholder } from '../../documents/placeholders';
import { roleOf } from '../../documents/policies';
import type { Subject } from '../../documents/subjects';
import { at, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** The pools that every cluster has. */
const BUILT_IN = ['master', 'worker'];

export const poolUnknown: Rule = {
  id: 'pool-unknown',
  severity: 'warning',
  title:
    'a certificate import or a pause for a pool that no MachineConfigPool of the set and no cluster by itself has; '
      + 'any role that is nearly `worker` or `master`; a policy for a role that is nearly a pool of the set, `worker`, `master` or '
      + '`control-plane`',
  why: 'No node takes the MachineConfig or the policy, and nothing says so; a pause makes a pool without nodes.',
  fix: 'Name worker, master or a pool of the cluster; acknowledge it where the pool is made elsewhere.',
  docs: DOCS.machineConfigs,

  on: {
    set({ pools, machineConfigs, differingPolicies, certificateImports }, report) {
      const known = new Set([
        ...BUILT_IN,
        ...pools.flatMap(({ object, name }) => name !== undefined && at(object.spec, 'machineConfigSelector') !== undefined ? [name] : []),
      ]);
      const importing = new Set(certificateImports.all.map(({ machineConfig }) => machineConfig));
      const judge = (subject: Subject, path: string, role: string | undefined, whole: boolean) => {
        if (role === undefined || isPlaceholder(role) || known.has(role)) return;
        const meant = BUILT_IN.find((name) => isNearly(role, name));
        if (meant === undefined && !whole) return;
        report({
          subject,
          path,
          message: `${show(role)} is no MachineConfigPool of the set, nor one that every cluster has (${BUILT_IN.join(', ')})`,
          fix: meant && `Write '${meant}', if that is meant.`,
        });
      };
      for (const pool of pools) judge(pool, '/metadata/name', pool.name, true);
      for (const machineConfig of machineConfigs) {
        judge(
          machineConfig.subject,
          '/metadata/labels/machineconfiguration.openshift.io~1role',
          machineConfig.role,
          importing.has(machineConfig),
        );
      }
      const roles = new MistypedRoles(known);
      for (const policy of differingPolicies) {
        const role = roleOf(policy);
        const meant = policy.interfaces.length > 0 && role !== undefined ? roles.meantBy(role) : undefined;
        if (meant === undefined) continue;
        report({
          subject: policy.subject,
          path: '/spec/nodeSelector',
          message: `${show(role)} is no role that the nodes of a pool of the set or of every cluster have (${[...known].join(', ')}), `
            + 'and a policy for a role that no node has brings up no tunnel',
          fix: `Write '${meant}', if that is meant; acknowledge it where nodes have that role.`,
        });
      }
    },
  },
};

/** Roles that are nearly one that is known: other labels of nodes may be called whatever somebody likes. */
class MistypedRoles {
  private readonly names: readonly string[];
  private readonly answers = new Map<string, string | undefined>();

  public constructor(private readonly known: ReadonlySet<string>) {
    this.names = [...known, 'control-plane'];
  }

  /** The role that is likely to be meant; undefined where nothing speaks for another one. */
  public meantBy(role: string): string | undefined {
    if (!this.answers.has(role)) this.answers.set(role, this.look(role));
    return this.answers.get(role);
  }

  private look(role: string): string | undefined {
    if (isPlaceholder(role) || this.known.has(role)) return undefined;
    // 'worker-rt' and 'worker2' are names of their own, made of a known one.
    if (this.names.some((name) => role.startsWith(name) && /^[-.\d]/.test(role.slice(name.length)))) return undefined;
    return nearest(role, this.names.filter((name) => name.length > 5), 2)
      ?? nearest(role, this.names.filter((name) => name.length > 3), 1)
      ?? nearest(role, this.names, 0);
  }
}

/** `workers`, `Worker`, `masters` and the like. */
function isNearly(role: string, name: string): boolean {
  return role !== name && role.toLowerCase().replace(/s$/, '') === name;
}
