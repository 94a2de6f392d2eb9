import { DOCS } from '../docs';
import type { Rule } from '../rule';
import { isTemplate } from '../values';

export const libreswanPeerUnverified: Rule = {
  id: 'libreswan-peer-unverified',
  severity: 'warning',
  title: "`rightid: '%fromcert'` or none: any certificate of the CA is accepted as the peer",
  why: 'The peer then is whoever has a certificate of the CA: names and addresses are not compared.',
  fix: "Write the peer's own identity as rightid, '@' and its DNS name or its address, or acknowledge that the CA issues for this peer alone.",
  docs: DOCS.libreswan,

  *check({ connections }) {
    for (const { subject, settings, settingsPath } of connections) {
      const { rightid, rightcert, psk } = settings;
      if (settings['require-id-on-certificate'] === false) {
        yield {
          subject,
          path: `${settingsPath}/require-id-on-certificate`,
          message: "'require-id-on-certificate' (false) accepts any certificate of the CA as the peer: its id need not stand in the certificate",
          fix: 'Take it out, and have the peer use a certificate that holds its id.',
        };
      }
      if (rightcert !== undefined || psk !== undefined || isTemplate(rightid)) continue;
      if (rightid === undefined) yield { subject, path: settingsPath, message: "'rightid' is missing, so that any certificate of the CA is accepted as the peer" };
      else if (rightid === '%fromcert' || rightid === '%any') yield { subject, path: `${settingsPath}/rightid`, message: `'rightid' ('${rightid}') accepts any certificate of the CA as the peer` };
    }
  },
};
