import { optionOf } from '../../documents/policies';
import { availability } from '../../openshift/openshift-version';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanCertificateUnasked: Rule = {
  id: 'libreswan-certificate-unasked',
  severity: 'warning',
  title: 'no `rightca` where the release has it: the node asks the peer for no certificate',
  why:
    "libreswan asks for a certificate only where rightca is set. A peer that sends its own only when it is asked, which is strongSwan's "
      + 'default, is not authenticated then, and the tunnel does not come up.',
  fix:
    "Write rightca '%same' where the CA of the node's certificate issued the peer's, too; or have the peer send its certificate always "
      + '(strongSwan: send_cert = always; libreswan: leftsendcert=always), and acknowledge this.',
  docs: DOCS.libreswan,

  on: {
    connection(connection, report, { version }) {
      const { settings: { rightca, rightcert, rightrsasigkey, leftcert }, settingsPath } = connection;
      if (rightca !== undefined || rightcert !== undefined || rightrsasigkey !== '%cert' || leftcert === undefined) return;
      // Where it can't be written, the peer alone can do something.
      const since = optionOf(connection, 'rightca')?.since;
      if (!version || !since || availability(version, since) !== 'yes') return;
      report({
        path: settingsPath,
        message: "'rightca' is missing: the node asks the peer for no certificate, and a peer that sends its own only when it is asked "
          + "(strongSwan's default) is not authenticated",
      });
    },
  },
};
