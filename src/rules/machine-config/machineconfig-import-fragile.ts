import { importTexts, replacesOld } from '../../documents/machine-config/scripts';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigImportFragile: Rule = {
  id: 'machineconfig-import-fragile',
  severity: 'warning',
  title: 'the documented import script, recognised by its commands: renewal leaves the old certificate in use',
  why: 'It only adds: the database keeps the old certificate beside the new one, or instead of it, '
    + 'and a renewed CA makes the unit fail at every boot.',
  fix: 'Use the import script of CertImportMachineConfig, or remove the old entries before the import.',
  docs: DOCS.enableExternal,
  conceals: true,

  on: {
    'machine-config'(machineConfig, report) {
      for (const script of importTexts(machineConfig)) {
        if (replacesOld(script)) continue;
        report({
          path: script.pointer,
          message: `${show(script.name)} adds certificates to the NSS database and never removes one: `
            + 'after a renewal the old certificate stays in use',
        });
      }
    },
  },
};
