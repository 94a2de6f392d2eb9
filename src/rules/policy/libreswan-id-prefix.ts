import { isIdentity } from '../../openshift/libreswan-options';
import { DOCS } from '../docs';
import type { Rule } from '../rule';
import { show } from '../values';
import { finalText } from './policies';

export const libreswanIdPrefix: Rule = {
  id: 'libreswan-id-prefix',
  severity: 'warning',
  title: 'an id that is neither `@…`, `%…` nor an address: `@` is put in front of it',
  why: 'NetworkManager-libreswan makes a host name of it: a distinguished name becomes one that no certificate holds.',
  fix: "Write it with '@' if a DNS name is meant; for a distinguished name use '%fromcert'.",
  docs: DOCS.networkManagerLibreswan,

  *check({ connections }) {
    for (const { subject, settings, settingsPath, filledIn } of connections) {
      if (!filledIn) continue;
      for (const key of ['leftid', 'rightid']) {
        const id = finalText(settings, key);
        if (id === undefined || isIdentity(id)) continue;
        yield { subject, path: `${settingsPath}/${key}`, message: `'${key}' (${show(id)}) begins with neither '@' nor '%' and is no address: the node puts '@' in front of it` };
      }
    }
  },
};
