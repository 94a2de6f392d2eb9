import { DOCS } from '../docs';
import { isPlaceholder, isPlaceholderUrl } from '../placeholders';
import type { Rule } from '../rule';
import { show } from '../values';

export const machineconfigFileConflict: Rule = {
  id: 'machineconfig-file-conflict',
  severity: 'warning',
  title: 'two MachineConfigs of one role that write one path with different contents',
  why: 'The one whose name sorts last wins, and the other is there in vain.',
  fix: 'Give one of the files another path, or keep it in one MachineConfig.',
  docs: DOCS.machineConfigs,

  on: {
    set({ machineConfigs }, report) {
      const seen = new Map<string, { readonly source: unknown; readonly name: string }>();
      for (const { subject, role, files } of machineConfigs) {
        if (role === undefined || subject.name === undefined || subject.name.startsWith('rendered-')) continue;
        for (const { path: file, pointer, contents } of files) {
          if (isPlaceholder(file)) continue;
          const key = `${role}\0${file}`;
          const other = seen.get(key);
          const source = contents?.source;
          if (isPlaceholderUrl(source)) continue;
          if (other && other.name !== subject.name && other.source !== source) {
            report({ subject, path: `${pointer}/path`, message: `${show(file)} is also in MachineConfig ${show(other.name)} of role '${role}', with other contents: the one whose name sorts last wins` });
          } else if (!other) {
            seen.set(key, { source, name: subject.name });
          }
        }
      }
    },
  },
};
