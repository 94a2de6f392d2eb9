import { certificateRule } from './certificate-rule';
import { DOCS } from '../docs';

export const certificateUntrusted = certificateRule({
  id: 'certificate-untrusted',
  severity: 'error',
  title: "no chain from the bundle's certificate to a CA of the CA file or of the bundle",
  why: 'Neither side can prove who issued the certificate.',
  fix: 'Add the CA that issued it to the CA file, or the intermediate CAs to the bundle.',
  docs: DOCS.libreswanNss,
});
