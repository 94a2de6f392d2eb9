import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigFileSource: Rule = {
  id: 'machineconfig-file-source',
  severity: 'error',
  title: 'contents that are not a data URL, or a broken one',
  why: 'Nothing is fetched on a running node, and what cannot be decoded makes it Degraded.',
  fix: 'Put the contents into a data URL; Butane makes one of inline and local.',
  docs: DOCS.butane,
  conceals: true,

  on: {
    'machine-config'({ files }, report) {
      for (const { path: file, pointer, contents, decoded } of files) {
        const left = ['inline', 'local'].find((key) => contents && key in contents);
        if (left) {
          report({
            path: `${pointer}/contents/${left}`,
            message: `'contents.${left}' of ${show(file)} is Butane's, and Ignition ignores it: the file would be empty`,
          });
        }
        if (decoded && 'problem' in decoded) {
          report({ path: `${pointer}/contents/source`, message: `'contents.source' of ${show(file)} ${decoded.problem}` });
        }
      }
    },
  },
};
