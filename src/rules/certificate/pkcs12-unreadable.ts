import type { CertificateImport } from '../../documents/imports/imports';
import { optionOf } from '../../documents/machine-config/commands';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const pkcs12Unreadable: Rule = {
  id: 'pkcs12-unreadable',
  severity: 'error',
  title: 'not PKCS#12, wrong password, no MAC, no key or more than one',
  why: 'pk12util refuses the bundle on the node, and the certificate never gets into the database.',
  fix: 'Export the bundle again: one certificate, its key, and the password that the import gives.',
  docs: DOCS.pk12util,
  conceals: true,

  on: {
    set({ certificateImports }, report, facts) {
      if (facts.bundleOf) return;
      for (const found of certificateImports.all) {
        const { bundle: file, opened, machineConfig: { subject }, script } = found;
        if (!file || !opened) continue;
        const path = `${file.pointer}/contents/source`;
        if ('problem' in opened) report({ subject, path, message: opened.problem });
        const passed = passedPassword(found);
        if (passed === undefined || 'problem' in opened || 'bundle' in opened && opened.password.equals(Buffer.from(passed))) continue;
        report({
          subject,
          path,
          message: `PKCS#12 file '${file.path}' does not open with the ${passed === '' ? 'empty ' : ''}password that ${script!.name} `
            + 'gives to pk12util, so that the import fails on the node',
        });
      }
    },
  },
};

/** The password that the import script gives to pk12util, where it stands in the script. */
function passedPassword({ script }: CertificateImport): string | undefined {
  const words = script?.pk12util.flatMap((command) => optionOf(command, '-W') ?? []) ?? [];
  return words.length === 1 && words[0].literal ? words[0].text : undefined;
}
