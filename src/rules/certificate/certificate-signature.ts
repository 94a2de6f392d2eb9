import { certificateRule } from './certificate-rule';
import { DOCS } from '../docs';

export const certificateSignature = certificateRule({
  id: 'certificate-signature',
  severity: 'error',
  title: 'signed with SHA-1 or MD5',
  why: 'The crypto policies of RHEL 9 refuse such signatures.',
  fix: 'Have it signed with SHA-256.',
  docs: DOCS.libreswanNss,
});
