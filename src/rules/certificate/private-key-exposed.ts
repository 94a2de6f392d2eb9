import { holdsKeyInClear } from '../../certificate/pkcs12';
import { OpenedBundle } from '../../documents/imports/bundle-reader';
import { bytesOf, ConfigFile } from '../../documents/machine-config/machine-configs';
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
        const how = file && opened && howExposed(file, opened);
        if (!how) continue;
        report({
          subject,
          path: `${file.pointer}/contents/source`,
          message: `the private key of '${file.path}' can be had ${how.words}, by whoever may read MachineConfigs or the `
            + 'repository that keeps them',
          fix: how.fix,
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

/** How whoever has the file gets at the key in it; a bundle that did not open can hold its key in clear all the same. */
function howExposed(file: ConfigFile, opened: OpenedBundle): { readonly words: string; readonly fix?: string } | undefined {
  const { from } = 'bundle' in opened ? opened : {};
  if (from) {
    return {
      words: `with a password that stands in the documents (in '${from.holder}')`,
      fix: 'Have the password put on the node by other means, and export the bundle again with another one.',
    };
  }
  if ('bundle' in opened && opened.bundle._opensWithoutPassword) return { words: 'without a password' };
  const bytes = bytesOf(file);
  return bytes && holdsKeyInClear(bytes)
    ? {
      words: 'without a password, since nothing encrypts it',
      fix: 'Export the bundle again without -keypbe NONE '
      + '(openssl pkcs12 -export).',
    }
    : undefined;
}
