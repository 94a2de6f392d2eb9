import { beforeTheyAreIssued } from './certificate-rule';
import type { ImportFinding } from '../../documents/imports/imported-authorities';
import { CertificateImport, nicknamesOf } from '../../documents/imports/imports';
import { Connection, finalText } from '../../documents/policies';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const certificateKeyType: Rule = {
  id: 'certificate-key-type',
  severity: 'error',
  title: 'a key that is not RSA, unless no connection of the set signs with it by `%cert` (`leftrsasigkey`)',
  why: 'The node signs with RSA then, and cannot with this key: authentication fails.',
  fix: 'Issue it for an RSA key of 3072 bits.',
  docs: DOCS.libreswan,
  conceals: true,

  on: {
    // Constructs write connections for RSA alone, so that it is told where the certificate is given.
    import(found, report, { fromConstructs }) {
      if (fromConstructs) problemsOf(found).forEach(report);
    },
    set({ certificateImports, issuedCertificates, connections }, report, { fromConstructs }) {
      if (fromConstructs) {
        beforeTheyAreIssued(certificateKeyType, issuedCertificates).forEach(report);
        return;
      }
      const signing = new Map<string, boolean>();
      for (const connection of connections) {
        const name = finalText(connection.settings, 'leftcert');
        if (name !== undefined) signing.set(name, signing.get(name) || signsWithRsa(connection));
      }
      const isSparedByAll = (nicknames: readonly string[]) => {
        const users = nicknames.map((name) => signing.get(name)).filter((signs) => signs !== undefined);
        return users.length > 0 && !users.includes(true);
      };
      beforeTheyAreIssued(certificateKeyType, issuedCertificates.filter(({ nicknames }) => !isSparedByAll(nicknames))).forEach(report);
      for (const found of certificateImports.all) {
        if (isSparedByAll(nicknamesOf(found))) continue;
        for (const problem of problemsOf(found)) report({ ...problem, subject: found.machineConfig.subject });
      }
    },
  },
};

function problemsOf({ problems }: CertificateImport): ImportFinding[] {
  return problems.filter(({ rule }) => rule === 'certificate-key-type');
}

function signsWithRsa({ settings: { leftrsasigkey = '%cert', authby } }: Connection): boolean {
  return leftrsasigkey === '%cert' && !/ecdsa/.test(String(authby ?? ''));
}
