import { isPlaceholder } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** What is part of the image of RHCOS, and read-only; `/bin` and the like are links into `/usr`. */
const IN_IMAGE = /^\/(?:usr|bin|sbin|lib|lib64)\//;

/** Links into `/var`, which is the node's own. */
const OWN = /^\/usr\/local\//;

export const machineconfigFilePath: Rule = {
  id: 'machineconfig-file-path',
  severity: 'error',
  title: 'a file below `/usr` and not below `/usr/local`, or one whose path is not absolute',
  why: 'RHCOS mounts /usr read-only, except /usr/local: the Machine Config Daemon cannot write the file, and the node goes Degraded.',
  fix: 'Write programs to /usr/local/bin, and everything else to /etc or /var.',
  docs: DOCS.machineConfigs,

  on: {
    'machine-config'({ files }, report) {
      for (const { path: file, pointer } of files) {
        if (file === '' || isPlaceholder(file)) continue;
        const path = `${pointer}/path`;
        if (!file.startsWith('/')) {
          report({
            path,
            message: `'path' (${show(file)}) is not absolute, which Ignition refuses`,
            fix: 'Begin it with /etc, /var or /usr/local.',
          });
        } else if (IN_IMAGE.test(file) && !OWN.test(file)) {
          report({
            path,
            message: `'path' (${show(file)}) is in a folder that is read-only on RHCOS, where the Machine Config Daemon cannot write`,
          });
        }
      }
    },
  },
};
