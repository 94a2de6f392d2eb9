import { isPlaceholder } from '../../documents/placeholders';
import { unnamedPeerProblem } from '../../openshift/libreswan-ends';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanPeerUnverified: Rule = {
  id: 'libreswan-peer-unverified',
  severity: 'warning',
  title: "`rightid: '%fromcert'`: any certificate of the CA is the peer; none or `%any`: only one that holds the peer's address",
  why: 'The policy does not say who the peer is: it is whoever has a certificate of the CA, or one that holds an address, as few do.',
  fix: "Write the peer's own identity, '@' and its DNS name or its address, or acknowledge that the CA issues for this peer alone.",
  docs: DOCS.libreswan,

  on: {
    connection({ settings, settingsPath }, report) {
      const { rightid, rightcert, psk } = settings;
      if (settings['require-id-on-certificate'] === false) {
        report({
          path: `${settingsPath}/require-id-on-certificate`,
          message:
            "'require-id-on-certificate' (false) accepts any certificate of the CA as the peer: its id need not stand in the certificate",
          fix: 'Take it out, and have the peer use a certificate that holds its id.',
        });
      }
      // libreswan makes the subject of `rightcert` the id, where one is pinned.
      if (rightcert !== undefined || psk !== undefined || isPlaceholder(rightid)) return;
      const problem = unnamedPeerProblem(rightid);
      if (!problem) return;
      if (rightid === undefined) report({ path: settingsPath, message: `'rightid' ${problem}` });
      else report({ path: `${settingsPath}/rightid`, message: `'rightid' ('${String(rightid)}') ${problem}` });
    },
  },
};
