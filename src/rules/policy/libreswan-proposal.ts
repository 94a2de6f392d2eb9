import { asFix } from './libreswan-ends';
import { finalText } from '../../documents/policies';
import { show } from '../../documents/values';
import { libreswanOption } from '../../openshift/libreswan-options';
import {
  ADDITIONAL_KEY_EXCHANGES, algorithmWithoutEncryption, hasAdditionalKeyExchange, ikeVersionsOf, proposalProblem,
} from '../../openshift/libreswan-proposal-problem';
import { libreswanValueProblem } from '../../openshift/libreswan-values';
import { availability } from '../../openshift/openshift-version';
import { DOCS } from '../docs';
import type { Found, Rule } from '../rule';

const KEYS = ['ike', 'esp'] as const;

export const libreswanProposal: Rule = {
  id: 'libreswan-proposal',
  severity: 'error',
  title:
    "an `ike` or `esp` that libreswan refuses: another program's spelling, an algorithm that it lacks, AEAD with integrity, "
      + 'unequal DH groups, a post-quantum key exchange that the release lacks; a warning where it may lack it, and where ESP encrypts nothing',
  why: 'nmstate and NetworkManager pass the text on unread; libreswan does not add the connection then, and traffic goes out in clear.',
  fix: "Write libreswan's own names, or leave the key out: the node's crypto policy decides then.",
  docs: DOCS.libreswan,

  on: {
    connection({ settings, settingsPath, filledIn }, report, { version }) {
      for (const key of KEYS) {
        const given = finalText(settings, key);
        if (given === undefined || libreswanValueProblem(libreswanOption(key)!, given)) continue;
        const additional = version && hasAdditionalKeyExchange(given) ? availability(version, ADDITIONAL_KEY_EXCHANGES) : 'yes';
        const problem = proposalProblem(key, given, ikeVersionsOf(settings.ikev2, filledIn), additional === 'no');
        if (!problem && additional === 'unknown') report(mayLackThem(`${settingsPath}/${key}`, key, given));
        const open = problem || key === 'ike' ? undefined : algorithmWithoutEncryption(given);
        if (open !== undefined) report(encryptsNothing(`${settingsPath}/${key}`, given, open));
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

function encryptsNothing(path: string, given: string, name: string): Found {
  return {
    path,
    severity: 'warning',
    message: `'esp' (${show(given)}) offers ${show(name)}, which encrypts nothing: what is in the packets can be read on their way`,
    fix: 'Name ciphers alone, such as aes_gcm256.',
  };
}

function mayLackThem(path: string, key: string, given: string): Found {
  return {
    path,
    severity: 'warning',
    message: `'${key}' (${show(given)}) names an additional key exchange, which a libreswan 5.3 as it was released refuses: the connection `
      + 'is not added then',
    fix: "Ask a node first: 'ipsec algparse' says whether its libreswan takes the proposal.",
  };
}
