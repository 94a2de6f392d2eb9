import { finalText, hostOf } from './policies';
import { ownEndProblem, peerProblem } from '../../openshift/libreswan-ends';
import { DOCS } from '../docs';
import type { Rule } from '../rule';
import { show } from '../values';

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
      const wrong = { left: left && ownEndProblem(left), right: right && peerProblem(right, left, hostOf(policy)) };
      for (const key of ['left', 'right'] as const) {
        const found = wrong[key];
        if (!found) continue;
        const message = `'${key}' (${show(settings[key])}) ${found.problem}`;
        report({ path: `${settingsPath}/${key}`, message, fix: asFix(found.advice) });
      }
    },
  },
};

/** An advice as the sentence that a finding ends with. */
export function asFix(advice: string): string {
  return `${advice[0].toUpperCase()}${advice.slice(1)}.`;
}
