import { extraKeys } from '../../documents/extra-keys';
import { optionOf } from '../../documents/policies';
import { show, step } from '../../documents/values';
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
      if (Object.keys(settings).every((key) => optionOf(connection, key))) return;
      const { subject, keyfile } = connection;
      for (const key of extraKeys(subject)) {
        if (!(key in settings) || optionOf(connection, key)) continue;
        const who = keyfile ? 'NetworkManager-libreswan does not know it, the connection' : 'nmstate does not know it, the whole policy';
        report({
          path: settingsPath + step(key),
          message: `the libreswan key ${show(key)} is written unchecked: where the node's ${who} is refused there`,
        });
      }
    },
  },
};
