import { inputsOf } from '../../documents/machine-config/script-files';
import { nssTexts } from '../../documents/machine-config/scripts';
import { WrittenFiles } from '../../documents/machine-config/written-files';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

const CERTIFICATE = /\.(?:p12|pfx|pem|crt|cer|der)$/i;

export const machineconfigFileMissing: Rule = {
  id: 'machineconfig-file-missing',
  severity: 'warning',
  title: 'a script or unit gives certutil, pk12util or openssl a certificate file that nothing in the set writes',
  why: 'The import fails on the node, unless other means put the file there.',
  fix: 'Write the path of the file as the MachineConfig has it, add the file, or see that other means put it there.',
  docs: DOCS.machineConfigs,

  on: {
    set({ machineConfigs }, report) {
      const files = WrittenFiles.of(machineConfigs);
      if (files.hasUnknown) return;
      for (const machineConfig of machineConfigs) {
        const hasCertificates = machineConfig.files.some(({ path }) => CERTIFICATE.test(path));
        for (const script of nssTexts(machineConfig)) {
          const inputs = inputsOf(script);
          // A MachineConfig of the script alone leaves all of the certificates to other means.
          const written = inputs.filter((path) => files.at(path, machineConfig.role));
          if (written.length === 0 && !hasCertificates) continue;
          for (const path of inputs) {
            if (files.at(path, machineConfig.role)) continue;
            report({
              subject: machineConfig.subject,
              path: script.pointer,
              message: `${show(script.name)} reads ${show(path)}, which no MachineConfig in the set writes`,
            });
          }
        }
      }
    },
  },
};
