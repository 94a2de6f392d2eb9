import type { Subject } from '../../documents/subjects';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const hubTemplateOutsidePolicy: Rule = {
  id: 'hub-template-outside-policy',
  severity: 'error',
  title: 'a file whose contents are a hub template of RHACM (`{{hub … hub}}`), in a MachineConfig that no policy holds',
  why: 'Nothing fills the template in: the operator cannot decode it, and the pool becomes Degraded.',
  fix: 'Have RhacmPolicies write the MachineConfig into a policy, in an app of its own, and apply that alone; '
    + 'acknowledge it where a PolicyGenerator wraps this file.',
  docs: DOCS.rhacmPolicy,

  on: {
    set({ machineConfigs }, report) {
      for (const { subject, files } of machineConfigs) {
        if (isInPolicy(subject)) continue;
        for (const { path: file, pointer, contents } of files) {
          const source = contents?.source;
          if (typeof source !== 'string' || !/\{\{-?\s*hub\b/.test(source)) continue;
          report({
            subject,
            path: `${pointer}/contents/source`,
            message: `the contents of ${show(file)} are a hub template, and no policy holds this MachineConfig`,
          });
        }
      }
    },
  },
};

/** Whether RHACM fills in what it holds. */
function isInPolicy({ held }: Subject): boolean {
  for (let by = held?.by; by; by = by.held?.by) if (by.apiVersion.startsWith('policy.open-cluster-management.io/')) return true;
  return false;
}
