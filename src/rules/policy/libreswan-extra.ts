import { extraKeys } from '../../documents/extra-keys';
import { show, step } from '../../documents/values';
import { libreswanOption } from '../../openshift/libreswan-options';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanExtra: Rule = {
  id: 'libreswan-extra',
  severity: 'warning',
  title: "a key that came through the library's way out",
  why: "Where the node's nmstate does not know the key, it refuses the whole policy.",
  fix: 'Check the key on a node of this version first, and acknowledge it.',
  docs: DOCS.nmstateIpsec,
  conceals: true,

  on: {
    connection(connection, report) {
      const { settings, settingsPath } = connection;
      if (Object.keys(settings).every(libreswanOption)) return;
      for (const key of extraKeys(connection.subject)) {
        if (!(key in settings) || libreswanOption(key)) continue;
        report({ path: settingsPath + step(key), message: `the libreswan key ${show(key)} is written unchecked: where the node's nmstate does not know it, the whole policy is refused there` });
      }
    },
  },
};
