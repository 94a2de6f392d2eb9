import { asFix } from './libreswan-ends';
import { finalText } from '../../documents/policies';
import { show } from '../../documents/values';
import { libreswanOption } from '../../openshift/libreswan-options';
import { ikeVersionsOf, proposalProblem } from '../../openshift/libreswan-proposal-problem';
import { libreswanValueProblem } from '../../openshift/libreswan-values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

const KEYS = ['ike', 'esp'] as const;

export const libreswanProposal: Rule = {
  id: 'libreswan-proposal',
  severity: 'error',
  title:
    "an `ike` or `esp` that libreswan refuses: another program's spelling, an algorithm that it lacks, AEAD with integrity, "
      + 'unequal DH groups',
  why: 'nmstate and NetworkManager pass the text on unread; libreswan does not add the connection then, and traffic goes out in clear.',
  fix: "Write libreswan's own names, or leave the key out: the node's crypto policy decides then.",
  docs: DOCS.libreswan,

  on: {
    connection({ settings, settingsPath, filledIn }, report, { version }) {
      for (const key of KEYS) {
        const given = finalText(settings, key);
        if (given === undefined || libreswanValueProblem(libreswanOption(key)!, given)) continue;
        const problem = proposalProblem(key, given, ikeVersionsOf(settings.ikev2, filledIn), version?._libreswanMajor);
        if (!problem) continue;
        report({
          path: `${settingsPath}/${key}`,
          message: `'${key}' (${show(given)}) ${problem.problem}`,
          fix: asFix(problem.advice),
        });
      }
    },
  },
};
