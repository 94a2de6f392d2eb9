import { readUnitFile } from '../../butane/validate/unit-file';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigUnitInstall: Rule = {
  id: 'machineconfig-unit-install',
  severity: 'warning',
  title: 'a unit that is enabled and has no `[Install]` section',
  why: 'Enabling it does nothing, and it never starts.',
  fix: 'Give it an [Install] section, such as WantedBy=multi-user.target.',
  docs: DOCS.ignition,

  on: {
    'machine-config'({ units }, report) {
      for (const { name, pointer, enabled, contents } of units) {
        if (!enabled || !contents) continue;
        const { problem, sections } = readUnitFile(contents);
        if (problem !== undefined || sections.has('Install')) continue;
        report({
          path: `${pointer}/contents`,
          message: `unit ${show(name)} is enabled, and has no [Install] section, so that enabling it does nothing`,
        });
      }
    },
  },
};
