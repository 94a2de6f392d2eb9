import { list, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigFileAppend: Rule = {
  id: 'machineconfig-file-append',
  severity: 'error',
  title: '`append` in a file',
  why: 'The Machine Config Operator refuses it, and the pool goes Degraded.',
  fix: 'Write the whole file with contents, or a file of its own where the program reads a folder.',
  docs: DOCS.machineConfigs,

  on: {
    'machine-config'({ files }, report) {
      for (const { path: file, pointer, append } of files) {
        if (list(append).length === 0) continue;
        report({
          path: `${pointer}/append`,
          message: `'append' of ${show(file)} adds to a file that is there, which the Machine Config Operator refuses`,
        });
      }
    },
  },
};
