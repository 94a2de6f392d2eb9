import { finalText } from '../../documents/policies';
import { show } from '../../documents/values';
import { isIdentity } from '../../openshift/libreswan-values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanIdPrefix: Rule = {
  id: 'libreswan-id-prefix',
  severity: 'warning',
  title:
    'an id that is neither `@…`, `%…` nor an address: `@` is put in front of it; or, with `nm-auto-defaults: false`, '
      + 'its address takes its place',
  why: "NetworkManager-libreswan puts '@' in front: an email address becomes a host name that no certificate holds, a DN stays one. "
    + 'Where it fills nothing in, libreswan takes the text for the name of a host, and its address for the id.',
  fix: "Write it with '@' in front.",
  docs: DOCS.networkManagerLibreswan,

  on: {
    connection({ settings, settingsPath, filledIn }, report) {
      for (const key of ['leftid', 'rightid']) {
        const id = finalText(settings, key);
        if (id === undefined || isIdentity(id)) continue;
        const problem = id.includes('=') ? problemOfDistinguishedName(filledIn) : problemOfName(filledIn);
        if (problem) report({ path: `${settingsPath}/${key}`, message: `'${key}' (${show(id)}) ${problem}` });
      }
    },
  },
};

/** Where nothing is filled in, libreswan reads it as what it is. */
function problemOfDistinguishedName(filledIn: boolean): string | undefined {
  return filledIn ? "is a distinguished name without '@': the node puts one in front, and libreswan takes it away again" : undefined;
}

function problemOfName(filledIn: boolean): string {
  return `begins with neither '@' nor '%' and is no address: ${filledIn
    ? "the node puts '@' in front of it"
    : 'libreswan takes it for the name of a host, and the address of that host for the id'}`;
}
