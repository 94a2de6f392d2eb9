import { certificateRule } from './certificate-rule';
import { DOCS } from '../docs';

export const certificateExpiresSoon = certificateRule({
  id: 'certificate-expires-soon',
  severity: 'warning',
  title: 'fewer than 30 days left (adjustable)',
  why: 'A new one reaches the nodes by a rollout that reboots them one by one, which takes its time.',
  fix: 'Renew it now.',
  docs: DOCS.libreswanNss,
});
