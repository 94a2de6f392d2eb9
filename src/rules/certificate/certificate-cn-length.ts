import { requestRule } from './certificate-rule';
import { DOCS } from '../docs';

export const certificateCnLength = requestRule({
  id: 'certificate-cn-length',
  severity: 'error',
  title: 'a CN over 64 characters',
  why: 'X.509 allows 64, and tools refuse or cut what is longer.',
  fix: 'Issue it with a shorter CN, and put the full name into the subject alternative names.',
  docs: DOCS.libreswanNss,
});
