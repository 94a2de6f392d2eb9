import { DOCS } from '../docs';
import { isWhollyPlaceholder } from '../placeholders';
import type { Rule } from '../rule';

export const pskInManifest: Rule = {
  id: 'psk-in-manifest',
  severity: 'error',
  title: '`psk` in a policy',
  why: 'Whoever may read policies, or the repository that keeps them, can take the place of either side.',
  fix: 'Authenticate by certificate, and replace the secret on both sides: it must count as known.',
  docs: DOCS.enableExternal,
  conceals: true,

  *check({ connections }) {
    for (const { subject, settings, settingsPath } of connections) {
      if (settings.psk === undefined || isWhollyPlaceholder(settings.psk)) continue;
      yield { subject, path: `${settingsPath}/psk`, message: "'psk' puts a shared secret into the policy, readable for whoever may read policies or the repository that keeps them" };
    }
  },
};
