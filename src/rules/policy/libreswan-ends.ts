import { oncePerShared } from '../../core/shared';
import { Connection, finalText, hostOf, isConnection } from '../../documents/policies';
import { PlainObject, show } from '../../documents/values';
import { EndProblem, ownEndProblem, peerProblem, sameName } from '../../openshift/libreswan-ends';
import { DOCS } from '../docs';
import type { Found, Rule } from '../rule';

export const libreswanEnds: Rule = {
  id: 'libreswan-ends',
  severity: 'error',
  title: '`left` and `right` that are no two hosts: the same one, loopback, `%any`, or no host at all',
  why: 'A connection is between the node and one other host, which the node calls.',
  fix: 'Give the address or DNS name of the host outside the cluster as right.',
  docs: DOCS.libreswan,

  on: {
    // What the connection says of itself is judged apart from the node that it is for: of a thousand nodes, it is the same for each.
    connection(connection, report) {
      const { left, right } = endsOf(connection);
      const ownEnd = left === undefined ? undefined : ownEndProblem(left);
      if (ownEnd) report(found(connection, 'left', ownEnd));
      if (right !== undefined && peerProblem(right, left)) {
        report(found(connection, 'right', peerProblem(right, left, hostOf(connection.policy))!));
      }
    },
    policy(policy, report) {
      const host = hostOf(policy);
      if (host === undefined) return;
      for (const own of policy.interfaces) {
        if (!isConnection(own)) continue;
        const given = own.settings.right;
        // Hardly any node is its own peer: what a template fills in, and the other end, are looked for with those that are.
        if (typeof given !== 'string' || !sameName(host, given.trim())) continue;
        const { left, right } = endsOf(own);
        if (right === undefined || peerProblem(right, left)) continue;
        const problem = peerProblem(right, left, host);
        if (problem) report(found(own, 'right', problem));
      }
    },
  },
};

interface Ends {
  readonly left?: string;
  readonly right?: string;
}

function endsOf({ settings }: Connection): Ends {
  return endsIn(settings);
}

const endsIn = oncePerShared((settings: PlainObject): Ends => (
  { left: finalText(settings, 'left'), right: finalText(settings, 'right')?.trim() }
));

function found({ settings, settingsPath }: Connection, key: string, { problem, advice }: EndProblem): Found {
  return { path: `${settingsPath}/${key}`, message: `'${key}' (${show(settings[key])}) ${problem}`, fix: asFix(advice) };
}

/** An advice as the sentence that a finding ends with. */
export function asFix(advice: string): string {
  return `${advice[0].toUpperCase()}${advice.slice(1)}.`;
}
