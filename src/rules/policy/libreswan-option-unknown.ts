import { nearest } from '../../core/nearest';
import { extraKeys } from '../../documents/extra-keys';
import { isPlaceholder } from '../../documents/placeholders';
import { optionOf } from '../../documents/policies';
import { show, step } from '../../documents/values';
import { LIBRESWAN_OPTIONS } from '../../openshift/libreswan-options';
import { pluginKeys } from '../../openshift/network-manager';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

const KEYS = LIBRESWAN_OPTIONS.map(({ key }) => key);
const KEYFILE_KEYS = [...KEYS, ...pluginKeys()];

export const libreswanOptionUnknown: Rule = {
  id: 'libreswan-option-unknown',
  severity: 'error',
  title: 'a key nmstate does not know: the node refuses the whole policy',
  why: 'nmstate refuses unknown keys of the libreswan section, on the node and not before: no webhook looks at them.',
  fix: 'Take it out, or correct its spelling.',
  docs: DOCS.nmstateIpsec,
  conceals: true,

  on: {
    connection(connection, report) {
      const { subject, keyfile, settings, settingsPath } = connection;
      const extra = extraKeys(subject);
      for (const key of Object.keys(settings)) {
        if (optionOf(connection, key) || extra.has(key) || isPlaceholder(key)) continue;
        const meant = nearest(key, keyfile ? KEYFILE_KEYS : KEYS, 2);
        report({
          path: settingsPath + step(key),
          message: keyfile ? `NetworkManager-libreswan does not know the key ${show(key)}, and refuses the connection on the node`
            : `nmstate does not know the libreswan key ${show(key)}, and refuses the whole policy on the node`,
          fix: meant && `Write '${meant}' if that is meant, or take it out.`,
        });
      }
    },
  },
};
