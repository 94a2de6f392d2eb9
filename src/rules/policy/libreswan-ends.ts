import { finalText, hostOf } from '../../documents/policies';
import { show } from '../../documents/values';
import { EndProblem, ownEndProblem, peerProblem } from '../../openshift/libreswan-ends';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanEnds: Rule = {
  id: 'libreswan-ends',
  severity: 'error',
  title: '`left` and `right` that are no two hosts: the same one, loopback, `%any`, or no host at all',
  why: 'A connection is between the node and one other host, which the node calls.',
  fix: 'Give the address or DNS name of the host outside the cluster as right.',
  docs: DOCS.libreswan,

  on: {
    connection({ policy, settings, settingsPath }, report) {
      const left = finalText(settings, 'left');
      const right = finalText(settings, 'right')?.trim();
      const tell = (key: string, { problem, advice }: EndProblem) => report({
        path: `${settingsPath}/${key}`, message: `'${key}' (${show(settings[key])}) ${problem}`, fix: asFix(advice),
      });
      const ownEnd = left === undefined ? undefined : ownEndProblem(left);
      if (ownEnd) tell('left', ownEnd);
      const peer = right === undefined ? undefined : peerProblem(right, left, hostOf(policy));
      if (peer) tell('right', peer);
    },
  },
};

/** An advice as the sentence that a finding ends with. */
export function asFix(advice: string): string {
  return `${advice[0].toUpperCase()}${advice.slice(1)}.`;
}
