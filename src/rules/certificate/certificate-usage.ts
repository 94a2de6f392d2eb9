import { requestRule } from './certificate-rule';
import { DOCS } from '../docs';

export const certificateUsage = requestRule({
  id: 'certificate-usage',
  severity: 'error',
  title: 'key usage or extended key usage that NSS refuses for IPsec',
  why: 'NSS does not let the certificate authenticate an IPsec connection.',
  fix: 'Issue it with digitalSignature, and with serverAuth and clientAuth or without extended key usage.',
  docs: DOCS.libreswanNss,
});
