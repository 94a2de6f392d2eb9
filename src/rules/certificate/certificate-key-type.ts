import { certificateRule } from './certificate-rule';
import { DOCS } from '../docs';

export const certificateKeyType = certificateRule({
  id: 'certificate-key-type',
  severity: 'error',
  title: 'a key that is not RSA while the connection says `%cert` (`leftrsasigkey`)',
  why: 'The node signs with RSA then, and cannot with this key: authentication fails.',
  fix: 'Issue it for an RSA key of 3072 bits.',
  docs: DOCS.libreswan,
});
