import { isPlaceholder } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const disruptionPolicyPath: Rule = {
  id: 'disruption-policy-path',
  severity: 'error',
  title: 'a node disruption policy for a relative path',
  why: 'The API server takes it, and it matches no file: a change of the file that is meant reboots the nodes.',
  fix: 'Write the whole path of the file or folder on the node, from its first slash on.',
  docs: DOCS.nodeDisruption,

  on: {
    'disruption-policy'({ files }, report) {
      for (const { name, pointer } of files) {
        if (name === undefined || name.startsWith('/') || isPlaceholder(name)) continue;
        report({
          path: `${pointer}/path`,
          message: `'path' (${show(name)}) does not begin with a slash, so that it matches no file on the node`,
        });
      }
    },
  },
};
