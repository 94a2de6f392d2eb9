import { bytesOf, ConfigFile, MachineConfigObject } from '../../documents/machine-config/machine-configs';
import { nssTexts } from '../../documents/machine-config/scripts';
import { executionsOf, pathsIn } from '../../documents/machine-config/unit-lines';
import { WrittenFiles } from '../../documents/machine-config/written-files';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** Where nodes have programs only if somebody writes them: the image has its own in /usr. */
const WRITTEN_BY_SOMEBODY = /^\/(?:usr\/local|etc|var|opt|root|home|srv)\//;

export const machineconfigExecPath: Rule = {
  id: 'machineconfig-exec-path',
  severity: 'error',
  title: 'a unit runs a path that nothing in the set writes, while its MachineConfig writes a script that nothing runs',
  why: 'systemd fails with 203/EXEC, and the script never runs.',
  fix: 'Write the same path in the unit and in the file.',
  docs: DOCS.machineConfigs,

  on: {
    set({ machineConfigs }, report) {
      const files = WrittenFiles.of(machineConfigs);
      if (files.hasUnknown) return;
      for (const machineConfig of machineConfigs) {
        const { subject, role, units } = machineConfig;
        let idle: string[] | undefined;
        for (const unit of units) {
          for (const { path } of executionsOf(unit)) {
            if (!WRITTEN_BY_SOMEBODY.test(path) || files.at(path, role)) continue;
            idle ??= idleScripts(machineConfig);
            if (idle.length === 0) break;
            report({
              subject,
              path: `${unit.pointer}/contents`,
              message: `unit ${show(unit.name)} runs ${show(path)}, which no MachineConfig in the set writes, and nothing runs `
                + `${show(idle[0])}, which this one writes`,
            });
          }
        }
      }
    },
  },
};

/** Scripts that neither a unit nor another script of the MachineConfig names. */
function idleScripts(machineConfig: MachineConfigObject): string[] {
  const named = new Set([...machineConfig.units, ...nssTexts(machineConfig)].flatMap(({ text }) => pathsIn(text)));
  const isScript = (file: ConfigFile) => bytesOf(file)?.toString('latin1', 0, 2) === '#!';
  return machineConfig.files.filter((file) => !named.has(file.path) && isScript(file)).map(({ path }) => path);
}
