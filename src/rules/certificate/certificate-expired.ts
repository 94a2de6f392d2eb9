import { certificateRule } from './certificate-rule';
import { DOCS } from '../docs';

export const certificateExpired = certificateRule({
  id: 'certificate-expired',
  severity: 'error',
  title: 'expired; also not valid yet',
  why: 'libreswan does not load it, and the tunnel does not come up.',
  fix: 'Issue a new one.',
  docs: DOCS.libreswanNss,
});
