import { DOCS } from '../docs';
import { hostOf, finalText } from '../policy/policies';
import type { Rule } from '../rule';
import { show } from '../values';

export const certificateShared: Rule = {
  id: 'certificate-shared',
  severity: 'warning',
  title: "two nodes or more, or a selection of many, use one `leftcert` towards one `right`: a peer with libreswan's default `uniqueids=yes` keeps one tunnel only",
  why: 'The nodes have one identity for the peer, which drops the tunnel of one when another comes up.',
  fix: "Have 'uniqueids=no' set on the peer, or give each node a certificate of its own.",
  docs: DOCS.libreswan,

  on: {
    set({ connections, certificateImports }, report) {
      const users = new Map<string, Map<string, { readonly hosts: Set<string>; told: boolean }>>();
      for (const connection of connections) {
        const { subject, policy, settings } = connection;
        const [leftcert, right] = [finalText(settings, 'leftcert'), finalText(settings, 'right')];
        if (leftcert === undefined || right === undefined || policy.isState) continue;
        let ofPeer = users.get(right);
        if (!ofPeer) users.set(right, ofPeer = new Map());
        let known = ofPeer.get(leftcert);
        if (!known) ofPeer.set(leftcert, known = { hosts: new Set(), told: false });
        if (known.told) continue;
        const host = hostOf(policy);
        if (host !== undefined) known.hosts.add(host);
        // One nickname can stand for a certificate of its own on each node.
        const shared = host === undefined || known.hosts.size > Math.max(1, certificateImports.bundlesNamed(leftcert));
        if (!shared) continue;
        known.told = true;
        const who = host === undefined ? 'all nodes that the policy selects' : 'more than one node';
        report({
          subject,
          path: `${connection.settingsPath}/leftcert`,
          message: `the certificate ${show(leftcert)} is used towards ${show(right)} by ${who}: a peer with libreswan's default uniqueids=yes keeps one tunnel only`,
        });
      }
    },
  },
};
