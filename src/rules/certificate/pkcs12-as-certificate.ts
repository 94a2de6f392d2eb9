import { isPkcs12 } from '../../documents/imports/described-import';
import { hasOption, literalOf } from '../../documents/machine-config/commands';
import { nssTexts } from '../../documents/machine-config/scripts';
import { WrittenFiles } from '../../documents/machine-config/written-files';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const pkcs12AsCertificate: Rule = {
  id: 'pkcs12-as-certificate',
  severity: 'error',
  title: 'a PKCS#12 file given to `certutil -A`',
  why: 'certutil reads certificates alone: it could not decode the file, and nothing is imported.',
  fix: 'Import the bundle with pk12util -i; certutil -A is for certificates in PEM or DER.',
  docs: DOCS.pk12util,

  on: {
    set({ machineConfigs }, report) {
      const files = WrittenFiles.of(machineConfigs);
      for (const machineConfig of machineConfigs) {
        for (const { name, pointer, certutil } of nssTexts(machineConfig)) {
          for (const command of certutil) {
            const path = hasOption(command, '-A') || hasOption(command, '-E') ? literalOf(command, '-i') : undefined;
            const file = path === undefined ? undefined : files.at(path, machineConfig.role);
            if (path === undefined || !(file ? isPkcs12(file) : /\.(?:p12|pfx)$/i.test(path))) continue;
            report({
              subject: machineConfig.subject,
              path: pointer,
              message: `${show(name)} gives certutil the PKCS#12 file ${show(path)}, which it cannot read`,
            });
          }
        }
      }
    },
  },
};
