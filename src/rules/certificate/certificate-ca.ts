import { certificateRule } from './certificate-rule';
import { DOCS } from '../docs';

export const certificateCa = certificateRule({
  id: 'certificate-ca',
  severity: 'error',
  title: 'a CA file with no certificate, or with one that is not a CA; a warning for several, where the import script takes only the first',
  why: 'certutil -A reads one certificate, and libreswan trusts a CA only as an issuer.',
  fix: 'Give the certificates of the CAs, and an import script that takes them all.',
  docs: DOCS.enableExternal,
});
