import { asFix } from './libreswan-ends';
import { finalText } from '../../documents/policies';
import { show } from '../../documents/values';
import { idProblem } from '../../openshift/libreswan-ends';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanIdAddress: Rule = {
  id: 'libreswan-id-address',
  severity: 'error',
  title: 'an id of `@` and an IPv4 address, with certificates',
  why: "'@' makes a host name of it, which matches no address in a certificate: the peer is refused.",
  fix: "Write the address without '@'.",
  docs: DOCS.libreswan,

  on: {
    connection({ settings, settingsPath }, report) {
      // Neither a shared secret nor a peer whose certificate need not hold its id is looked up in a certificate.
      if (settings.psk !== undefined || settings['require-id-on-certificate'] === false) return;
      for (const key of ['leftid', 'rightid']) {
        const id = finalText(settings, key);
        const found = id === undefined ? undefined : idProblem(id);
        if (!found) continue;
        report({ path: `${settingsPath}/${key}`, message: `'${key}' (${show(id)}) ${found.problem}`, fix: asFix(found.advice) });
      }
    },
  },
};
