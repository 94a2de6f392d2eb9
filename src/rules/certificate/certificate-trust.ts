import { rootIn } from '../../documents/imports/ca-files';
import { Command, hasOption, literalOf } from '../../documents/machine-config/commands';
import { NssText, nssTexts } from '../../documents/machine-config/scripts';
import { WrittenFiles } from '../../documents/machine-config/written-files';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const certificateTrust: Rule = {
  id: 'certificate-trust',
  severity: 'warning',
  title: 'a script imports a root CA without trust (`,,`); an error for one that does not say that it is a CA',
  why: 'NSS trusts nothing that it signed; libreswan takes a root all the same, where its basic constraints say that it is a CA.',
  fix: 'Give certutil -t CT,C,C for a CA.',
  docs: DOCS.libreswanNss,

  on: {
    set({ machineConfigs }, report) {
      const files = WrittenFiles.of(machineConfigs);
      for (const machineConfig of machineConfigs) {
        for (const script of nssTexts(machineConfig)) {
          for (const command of script.certutil) {
            const [path, trust] = hasOption(command, '-A') ? [literalOf(command, '-i'), literalOf(command, '-t')] : [];
            if (path === undefined || trust === undefined || /[CTPp]/.test(trust) || isTrustedLater(script, command)) continue;
            const file = files.at(path, machineConfig.role);
            const root = file && rootIn(file);
            if (!root) continue;
            report({
              subject: machineConfig.subject,
              path: script.pointer,
              severity: root.isCa ? 'warning' : 'error',
              message: `${show(script.name)} imports the CA ${show(path)} with the trust ${show(trust)}, with which `
                + (root.isCa ? 'NSS trusts nothing that it signed' : 'libreswan refuses every certificate that it signed'),
            });
          }
        }
      }
    },
  },
};

/** Whether `certutil -M` gives the nickname a trust afterwards. */
function isTrustedLater({ certutil }: NssText, added: Command): boolean {
  const nickname = literalOf(added, '-n');
  return certutil.filter((command) => hasOption(command, '-M') && [undefined, nickname].includes(literalOf(command, '-n')))
    .some((command) => /[CT]/.test(literalOf(command, '-t') ?? 'C'));
}
