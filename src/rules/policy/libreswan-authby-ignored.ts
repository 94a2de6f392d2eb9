import { isPlaceholder } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanAuthbyIgnored: Rule = {
  id: 'libreswan-authby-ignored',
  severity: 'warning',
  title:
    '`authby` beside an rsasigkey: NetworkManager-libreswan drops it; an error for one that is not by certificate, without a shared secret',
  why: 'The connection authenticates by the RSA key of the certificate, whatever authby says.',
  fix: 'Leave authby out.',
  docs: DOCS.nmstateIpsec,

  on: {
    connection({ settings, settingsPath }, report) {
      const { authby, psk, leftrsasigkey, rightrsasigkey } = settings;
      if (authby === undefined || isPlaceholder(authby)) return;
      const path = `${settingsPath}/authby`;
      if (psk === undefined && /\b(?:secret|null|never)\b/.test(String(authby))) {
        report({
          path,
          severity: 'error',
          message: `'authby' (${show(authby)}) does not authenticate by certificate: a shared secret has no place in a manifest, `
            + 'and null authenticates nobody',
        });
      } else if (leftrsasigkey !== undefined || rightrsasigkey !== undefined) {
        report({ path, message: `'authby' (${show(authby)}) is not used: NetworkManager-libreswan drops it where an rsasigkey is set` });
      }
    },
  },
};
