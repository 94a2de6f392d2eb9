import { DOCS } from '../docs';
import { isPlaceholder } from '../placeholders';
import type { Rule } from '../rule';
import { show } from '../values';

export const libreswanAuthbyIgnored: Rule = {
  id: 'libreswan-authby-ignored',
  severity: 'warning',
  title: '`authby` beside an rsasigkey: NetworkManager-libreswan drops it',
  why: 'The connection authenticates by the RSA key of the certificate, whatever authby says.',
  fix: 'Leave authby out.',
  docs: DOCS.nmstateIpsec,

  on: {
    connection({ settings, settingsPath }, report) {
      const { authby, leftrsasigkey, rightrsasigkey } = settings;
      if (authby === undefined || isPlaceholder(authby) || (leftrsasigkey === undefined && rightrsasigkey === undefined)) return;
      report({ path: `${settingsPath}/authby`, message: `'authby' (${show(authby)}) is not used: NetworkManager-libreswan drops it where an rsasigkey is set` });
    },
  },
};
