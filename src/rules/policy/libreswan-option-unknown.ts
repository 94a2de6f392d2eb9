import { extraKeys } from '../../documents/extra-keys';
import { isPlaceholder } from '../../documents/placeholders';
import { show, step } from '../../documents/values';
import { LIBRESWAN_OPTIONS, libreswanOption } from '../../openshift/libreswan-options';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanOptionUnknown: Rule = {
  id: 'libreswan-option-unknown',
  severity: 'error',
  title: 'a key nmstate does not know: the node refuses the whole policy',
  why: 'nmstate refuses unknown keys of the libreswan section, on the node and not before: no webhook looks at them.',
  fix: 'Take it out, or correct its spelling.',
  docs: DOCS.nmstateIpsec,
  conceals: true,

  on: {
    connection({ subject, settings, settingsPath }, report) {
      const extra = extraKeys(subject);
      for (const key of Object.keys(settings)) {
        if (libreswanOption(key) || extra.has(key) || isPlaceholder(key)) continue;
        const meant = nearest(key);
        report({
          path: settingsPath + step(key),
          message: `nmstate does not know the libreswan key ${show(key)}, and refuses the whole policy on the node`,
          fix: meant && `Write '${meant}' if that is meant, or take it out.`,
        });
      }
    },
  },
};

/** The known key that differs in capitals, separators, or at most two letters. */
function nearest(key: string): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_]/g, '');
  return LIBRESWAN_OPTIONS.map((option) => option.key)
    .map((known) => ({ known, distance: distance(plain(key), plain(known)) }))
    .filter((candidate) => candidate.distance <= 2)
    .sort((one, other) => one.distance - other.distance)[0]?.known;
}

/** Levenshtein's, of texts as short as keys are. */
function distance(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return 3;
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[other.length];
}
