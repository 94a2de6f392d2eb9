import { importTexts } from '../../documents/machine-config/scripts';
import { isPlaceholder, isPlaceholderUrl } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigFileConflict: Rule = {
  id: 'machineconfig-file-conflict',
  severity: 'warning',
  title: 'two MachineConfigs of one role that write one path with different contents; an error for two scripts that import certificates',
  why: 'The one whose name sorts last wins, and the other is there in vain.',
  fix: 'Give one of the files another path, or keep it in one MachineConfig.',
  docs: DOCS.machineConfigs,

  on: {
    set({ machineConfigs }, report) {
      const seen = new Map<string, { readonly source: unknown; readonly name: string; readonly imports: boolean }>();
      for (const machineConfig of machineConfigs) {
        const { subject, role, files } = machineConfig;
        const { name } = subject;
        if (role === undefined || name === undefined || name.startsWith('rendered-')) continue;
        const importing = new Set(importTexts(machineConfig).map(({ path }) => path));
        for (const file of files) {
          const source = file.contents?.source;
          if (isPlaceholder(file.path) || isPlaceholderUrl(source)) continue;
          const key = `${role}\0${file.path}`;
          const other = seen.get(key);
          const imports = importing.has(file.path);
          if (!other) {
            seen.set(key, { source, name, imports });
          } else if (other.name !== name && other.source !== source) {
            report({
              subject,
              path: `${file.pointer}/path`,
              severity: imports && other.imports ? 'error' : undefined,
              message: `${show(file.path)} is also in MachineConfig ${show(other.name)} of role '${role}', with other contents: `
                + `the one whose name sorts last wins${imports && other.imports ? ', and imports both certificates' : ''}`,
              fix: imports && other.imports ? 'Import all certificates of a role by the same script.' : undefined,
            });
          }
        }
      }
    },
  },
};
