import { executionsOf } from '../../documents/machine-config/unit-lines';
import { WrittenFiles } from '../../documents/machine-config/written-files';
import { isMissing, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** What the Machine Config Daemon gives a file that has no mode. */
const DEFAULT_MODE = 0o644;

const EXECUTE = 0o111;

export const machineconfigExecMode: Rule = {
  id: 'machineconfig-exec-mode',
  severity: 'error',
  title: 'a unit runs a file that nobody may execute',
  why: 'systemd fails with 203/EXEC, and what the unit does never happens.',
  fix: 'Give the file mode 493 (0755) or, for root alone, 448 (0700).',
  docs: DOCS.machineConfigs,

  on: {
    set({ machineConfigs }, report) {
      const files = WrittenFiles.of(machineConfigs);
      for (const { subject, role, units } of machineConfigs) {
        for (const unit of units) {
          for (const { path, direct } of executionsOf(unit)) {
            const file = direct ? files.at(path, role) : undefined;
            if (!file || !isMissing(file.mode) && typeof file.mode !== 'number') continue;
            const mode = file.mode as number | undefined ?? DEFAULT_MODE;
            if (mayExecute(mode)) continue;
            const given = isMissing(file.mode) ? 'no mode, which is 0644' : `mode ${mode} (0${mode.toString(8)})`;
            report({
              subject,
              path: `${unit.pointer}/contents`,
              message: `unit ${show(unit.name)} runs ${show(path)}, which has ${given} and can't be executed (203/EXEC)`,
            });
          }
        }
      }
    },
  },
};

function mayExecute(mode: number): boolean {
  // eslint-disable-next-line no-bitwise -- the bits of a mode
  return (mode & EXECUTE) !== 0;
}
