import { isPlaceholder } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const disruptionPolicyActions: Rule = {
  id: 'disruption-policy-actions',
  severity: 'error',
  title: 'a node disruption policy with an empty list of actions',
  why: 'The API server takes it. The file is written to the nodes, and nothing reads it: the old certificate stays in use, '
    + 'and no update tells of it.',
  fix: "Write what a change does, such as DaemonReload and Restart of the import's unit; for nothing at all say so with the action None.",
  docs: DOCS.nodeDisruption,

  on: {
    'disruption-policy'({ files, units }, report) {
      for (const { name, pointer, given } of [...files, ...units]) {
        if (!Array.isArray(given) || given.length > 0 || isPlaceholder(name)) continue;
        report({
          path: `${pointer}/actions`,
          message: `'actions' of ${name === undefined ? 'a policy' : show(name)} is an empty list, `
            + 'so that a change has no effect until the next reboot',
        });
      }
    },
  },
};
