import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const passwordInManifest: Rule = {
  id: 'password-in-manifest',
  severity: 'error',
  title: 'a password in a script, unit or file of a MachineConfig beside the bundle that it opens',
  why: 'The bundle is as good as unprotected: both stand in the same place.',
  fix: 'Have the password put on the node by other means, and export the bundle again with another one: this one must count as known.',
  docs: DOCS.machineConfigServer,
  conceals: true,

  on: {
    set({ certificateImports }, report, facts) {
      if (facts.bundleOf) return;
      for (const { bundle: file, opened, machineConfig: { subject } } of certificateImports.all) {
        if (!file || !opened || !('bundle' in opened) || !opened.from) continue;
        const { holder, machineConfig } = opened.from;
        report({
          subject: machineConfig.subject,
          path: opened.from.pointer,
          message: `'${holder}' holds the password that opens `
            + `'${file.path}'${machineConfig.subject === subject ? ' in the same MachineConfig' : ` in MachineConfig '${subject.name}'`}`,
        });
      }
    },
  },
};
