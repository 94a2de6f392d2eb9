import { MACHINE_CONFIG_ROLE_LABEL } from '../../openshift/labels';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigRole: Rule = {
  id: 'machineconfig-role',
  severity: 'error',
  title: 'no `machineconfiguration.openshift.io/role` label',
  why: 'No pool selects it, and nothing of it reaches a node.',
  fix: 'Add the label with the name of the pool, such as worker.',
  docs: DOCS.machineConfigs,

  on: {
    'machine-config'({ subject, hasRole }, report) {
      // The operator's own result for a pool has no role, and is among what `oc get mc -o yaml` prints; HyperShift adds the role of a node
      // pool.
      if (hasRole || subject.ofNodePool || subject.name?.startsWith('rendered-')) return;
      report({ path: '/metadata', message: `the MachineConfig has no label ${MACHINE_CONFIG_ROLE_LABEL}, so that no pool selects it` });
    },
  },
};
