import { isPlaceholder } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanIkev2: Rule = {
  id: 'libreswan-ikev2',
  severity: 'warning',
  title: '`ikev2` missing, `no` or `never`: the node falls back to IKEv1',
  why: 'NetworkManager-libreswan writes ikev2=never where the key is missing, and IKEv1 is obsolete (RFC 9395).',
  fix: 'Write ikev2: insist.',
  docs: DOCS.nmstateIpsec,

  on: {
    connection({ keyfile, settings, settingsPath, filledIn }, report) {
      const { ikev2 } = settings;
      const fix = keyfile && 'Write ikev2=insist.';
      if (isPlaceholder(ikev2)) return;
      if (ikev2 === undefined && filledIn) {
        report({
          path: settingsPath,
          fix,
          message: "'ikev2' is missing, and the node writes ikev2=never then: it speaks IKEv1, which is obsolete (RFC 9395)",
        });
      } else if (ikev2 === 'no' || ikev2 === 'never' || ikev2 === false) {
        report({
          path: `${settingsPath}/ikev2`,
          fix,
          message: `'ikev2' (${show(ikev2)}) makes the node speak IKEv1, which is obsolete (RFC 9395)`,
        });
      }
    },
  },
};
