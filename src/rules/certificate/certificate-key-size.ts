import { requestRule } from './certificate-rule';
import { DOCS } from '../docs';

export const certificateKeySize = requestRule({
  id: 'certificate-key-size',
  severity: 'error',
  title: 'RSA under 2048 bits',
  why: 'NSS and FIPS mode refuse it.',
  fix: 'Issue it for a key of 3072 bits.',
  docs: DOCS.libreswanNss,
});
