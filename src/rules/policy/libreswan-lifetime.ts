import { asFix } from './libreswan-ends';
import { finalText } from '../../documents/policies';
import { show } from '../../documents/values';
import { lifetimeProblem } from '../../openshift/libreswan-ends';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanLifetime: Rule = {
  id: 'libreswan-lifetime',
  severity: 'warning',
  title: '`ikelifetime` or `salifetime` over 24 hours: libreswan cuts it',
  why: 'Keys are renewed every 24 hours then, whatever the policy says.',
  fix: 'Write 24 hours or less.',
  docs: DOCS.libreswan,

  on: {
    connection({ settings, settingsPath }, report) {
      for (const key of ['ikelifetime', 'salifetime']) {
        const lifetime = finalText(settings, key);
        const found = lifetime === undefined ? undefined : lifetimeProblem(lifetime);
        if (!found) continue;
        const message = `'${key}' (${show(lifetime)}) ${found.problem}`;
        report({ path: `${settingsPath}/${key}`, message, fix: asFix(found.advice) });
      }
    },
  },
};
