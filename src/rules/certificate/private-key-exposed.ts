import { bytesOf } from '../../documents/machine-config/machine-configs';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const privateKeyExposed: Rule = {
  id: 'private-key-exposed',
  severity: 'warning',
  title: 'a private key in a manifest that opens with no password, or with one that stands in the documents',
  why: 'Whoever may read MachineConfigs, the repository that keeps them, or the Machine Config Server, can take the place of the nodes.',
  fix: 'Protect the bundle with a password that the node gets by other means.',
  docs: DOCS.machineConfigServer,
  conceals: true,

  on: {
    set({ certificateImports }, report, { bundleOf }) {
      if (bundleOf) return;
      for (const { bundle: file, opened, machineConfig: { subject } } of certificateImports.all) {
        if (!file || !opened || !('bundle' in opened) || opened.bundle._hasPassword && !opened.from) continue;
        const fix = opened.from && 'Have the password put on the node by other means, and export the bundle again with another one.';
        const how = opened.from ? `with a password that stands in the documents (in '${opened.from.holder}')` : 'without a password';
        report({
          subject,
          path: `${file.pointer}/contents/source`,
          message: `the private key of '${file.path}' can be had ${how}, by whoever may read MachineConfigs or the repository that keeps them`,
          fix,
        });
      }
    },
    'machine-config'({ files }, report) {
      for (const file of files) {
        const pem = bytesOf(file)?.toString('latin1') ?? '';
        if (!/-----BEGIN (?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----/.test(pem) || /^Proc-Type: 4,ENCRYPTED/m.test(pem)) continue;
        report({
          path: `${file.pointer}/contents/source`,
          message: `'${file.path}' holds a private key that no password protects, for whoever may read MachineConfigs or the repository `
            + 'that keeps them',
          fix: 'Have the key put on the node by other means, or bring it in a PKCS#12 bundle whose password comes by other means.',
        });
      }
    },
  },
};
