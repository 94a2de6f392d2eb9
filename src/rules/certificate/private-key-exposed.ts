import { holdsKeyInClear } from '../../certificate/pkcs12';
import { OpenedBundle } from '../../documents/imports/bundle-reader';
import { DaemonSetImport, isSecretOf } from '../../documents/imports/daemon-set-imports';
import { bytesOf, ConfigFile } from '../../documents/machine-config/machine-configs';
import type { Subject } from '../../documents/subjects';
import { at, record, show, step, text } from '../../documents/values';
import { DOCS } from '../docs';
import type { FoundInSet, Rule } from '../rule';

export const privateKeyExposed: Rule = {
  id: 'private-key-exposed',
  severity: 'warning',
  title: 'a private key in a manifest that opens with no password, or with one that stands in the documents',
  why: 'Whoever may read MachineConfigs, the repository that keeps them, or the Machine Config Server, can take the place of the nodes.',
  fix: 'Protect the bundle with a password that the node gets by other means.',
  docs: DOCS.machineConfigServer,
  conceals: true,

  on: {
    set({ certificateImports, daemonSetImports, others }, report, { bundleOf }) {
      for (const found of daemonSetImports.length === 0 ? [] : keysInSecrets(daemonSetImports, others)) report(found);
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
        if (!isReadableKey(bytesOf(file)?.toString('latin1') ?? '')) continue;
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

function isReadableKey(pem: string): boolean {
  return /-----BEGIN (?:RSA |EC |DSA |OPENSSH )?PRIVATE KEY-----/.test(pem) && !/^Proc-Type: 4,ENCRYPTED/m.test(pem);
}

/** Private keys in the Secrets that DaemonSets of the set bring to the nodes; any other Secret is somebody else's matter. */
function keysInSecrets(imports: readonly DaemonSetImport[], subjects: readonly Subject[]): FoundInSet[] {
  return subjects.filter(({ kind, apiVersion }) => kind === 'Secret' && apiVersion === 'v1').flatMap((subject) => {
    const namespace = text(at(subject.object.metadata, 'namespace'));
    if (!imports.some((each) => isSecretOf(each, subject.name ?? '', namespace))) return [];
    const values = [
      ...Object.entries(record(subject.object.data) ?? {})
        .map(([key, value]) => ['data', key, Buffer.from(text(value) ?? '', 'base64').toString('latin1')] as const),
      ...Object.entries(record(subject.object.stringData) ?? {}).map(([key, value]) => ['stringData', key, text(value) ?? ''] as const),
    ];
    return values.filter(([, , pem]) => isReadableKey(pem)).map(([field, key]) => ({
      subject,
      path: `/${field}${step(key)}`,
      message: `Secret ${show(subject.name ?? '')} holds a private key that no password protects, for whoever may read the repository `
        + 'that keeps it',
      fix: 'Have cert-manager, External Secrets, Sealed Secrets or Vault make the Secret on the cluster, and keep it out of Git.',
    }));
  });
}

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
