import { holdsSharedSecret } from '../../documents/machine-config/secrets-files';
import { isWhollyPlaceholder } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const pskInManifest: Rule = {
  id: 'psk-in-manifest',
  severity: 'error',
  title: '`psk` in a policy, or a shared secret in a `*.secrets` file of a MachineConfig',
  why: 'Whoever may read the object, or the repository that keeps it, can take the place of either side.',
  fix: 'Authenticate by certificate, and replace the secret on both sides: it must count as known.',
  docs: DOCS.enableExternal,
  conceals: true,

  on: {
    connection(connection, report) {
      const { settings, settingsPath } = connection;
      if (settings.psk === undefined || isWhollyPlaceholder(settings.psk)) return;
      report({
        path: `${settingsPath}/psk`,
        message: connection.keyfile
          ? `the keyfile '${connection.keyfile.path}' holds a shared secret, readable for whoever may read MachineConfigs or the `
            + 'repository that keeps them'
          : "'psk' puts a shared secret into the policy, readable for whoever may read policies or the repository that keeps them",
      });
    },
    'machine-config'({ files }, report) {
      for (const file of files.filter(holdsSharedSecret)) {
        report({
          path: `${file.pointer}/contents/source`,
          message: `${show(file.path)} holds a shared secret of libreswan, readable for whoever may read MachineConfigs or the repository `
            + 'that keeps them',
        });
      }
    },
  },
};
