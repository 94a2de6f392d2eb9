import { certificateRule } from './certificate-rule';
import { DOCS } from '../docs';

export const pkcs12LegacyEncryption = certificateRule({
  id: 'pkcs12-legacy-encryption',
  severity: 'warning',
  title: 'RC2 or 3DES: refused in FIPS mode',
  why: 'NSS refuses the bundle on a node in FIPS mode, and anybody can break RC2 with 40 bits.',
  fix: 'Export it again with OpenSSL 3 and without -legacy.',
  docs: DOCS.pk12util,
});
