import { literalOf } from '../../documents/machine-config/commands';
import { nssTexts } from '../../documents/machine-config/scripts';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** Where libreswan of RHEL 9 has its database, on every node since OpenShift 4.13; it was in /etc/ipsec.d before. */
const DATABASE = '/var/lib/ipsec/nss';
const OLD = /^(?:sql:|dbm:)?\/etc\/ipsec\.d\/*$/;

export const machineconfigImportDatabase: Rule = {
  id: 'machineconfig-import-database',
  severity: 'error',
  title: 'a script or unit imports certificates into `/etc/ipsec.d`, which libreswan no longer reads',
  why: 'The import succeeds, and libreswan finds no certificate.',
  fix: 'Give certutil and pk12util -d sql:/var/lib/ipsec/nss.',
  docs: DOCS.libreswanNss,

  on: {
    'machine-config'(machineConfig, report) {
      for (const { name, pointer, certutil, pk12util } of nssTexts(machineConfig)) {
        const databases = [...certutil, ...pk12util].map((command) => literalOf(command, '-d'));
        const database = databases.find((given) => given !== undefined && OLD.test(given));
        if (database === undefined) continue;
        report({
          path: pointer,
          message: `${show(name)} works on the NSS database in ${show(database)}, and libreswan reads the one in ${DATABASE}`,
        });
      }
    },
  },
};
