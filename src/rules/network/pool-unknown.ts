import { isPool } from '../../documents/kinds';
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
      + 'any role that is nearly `worker` or `master`',
  why: 'No node takes the MachineConfig, and nothing says so; a pause makes a pool without nodes.',
  fix: 'Name worker, master or a pool of the cluster; acknowledge it where the pool is made elsewhere.',
  docs: DOCS.machineConfigs,

  on: {
    set({ subjects, machineConfigs, policies, certificateImports }, report) {
      const pools = subjects.filter(isPool);
      const known = new Set([
        ...BUILT_IN,
        ...pools.filter(({ object }) => at(object.spec, 'machineConfigSelector') !== undefined).map(({ name }) => name),
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
      for (const policy of policies) {
        if (policy.interfaces.length > 0) judge(policy.subject, '/spec/nodeSelector', roleOf(policy), false);
      }
    },
  },
};

/** `workers`, `Worker`, `masters` and the like. */
function isNearly(role: string, name: string): boolean {
  return role !== name && role.toLowerCase().replace(/s$/, '') === name;
}
