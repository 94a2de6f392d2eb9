import { isIdentity } from '../../openshift/libreswan-options';
import { DOCS } from '../docs';
import type { Rule } from '../rule';
import { show } from '../values';
import { finalText } from './policies';

export const libreswanIdPrefix: Rule = {
  id: 'libreswan-id-prefix',
  severity: 'warning',
  title: 'an id that is neither `@…`, `%…` nor an address: `@` is put in front of it',
  why: "NetworkManager-libreswan puts '@' in front: an email address becomes a host name that no certificate holds, a DN stays one.",
  fix: "Write it with '@', as the node has it.",
  docs: DOCS.networkManagerLibreswan,

  on: {
    connection({ settings, settingsPath, filledIn }, report) {
      if (!filledIn) return;
      for (const key of ['leftid', 'rightid']) {
        const id = finalText(settings, key);
        if (id === undefined || isIdentity(id)) continue;
        report({
          path: `${settingsPath}/${key}`,
          message: id.includes('=')
            ? `'${key}' (${show(id)}) is a distinguished name without '@': the node puts one in front, and libreswan takes it away again`
            : `'${key}' (${show(id)}) begins with neither '@' nor '%' and is no address: the node puts '@' in front of it`,
        });
      }
    },
  },
};
