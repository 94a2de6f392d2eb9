import type { CertificateImport } from './imports';
import { DOCS } from '../docs';
import { hostOf } from '../policy/policies';
import type { Rule } from '../rule';
import { show } from '../values';

export const certificateShared: Rule = {
  id: 'certificate-shared',
  severity: 'warning',
  title: "two nodes or more, or a selection of many, use one `leftcert` towards one `right`: a peer with libreswan's default `uniqueids=yes` keeps one tunnel only",
  why: 'The nodes have one identity for the peer, which drops the tunnel of one when another comes up.',
  fix: "Have 'uniqueids=no' set on the peer, or give each node a certificate of its own.",
  docs: DOCS.libreswan,
  acrossObjects: true,

  *check({ connections, certificateImports }) {
    const users = new Map<string, { readonly host?: string; told: boolean }>();
    for (const { subject, policy, value, settingsPath } of connections) {
      const [leftcert, right] = [value('leftcert'), value('right')];
      if (leftcert === undefined || right === undefined || differsByPool(certificateImports.named(leftcert))) continue;
      const host = hostOf(policy);
      const key = `${leftcert}\0${right}`;
      const first = users.get(key);
      const shared = host === undefined || first !== undefined && first.host !== host;
      if (!first) users.set(key, { host, told: shared });
      if (!shared || first?.told) continue;
      if (first) first.told = true;
      yield {
        subject,
        path: `${settingsPath}/leftcert`,
        message: `the certificate ${show(leftcert)} is used towards ${show(right)} by ${host === undefined ? 'all nodes that the policy selects' : 'more than one node'}: a peer with libreswan's default uniqueids=yes keeps one tunnel only`,
      };
    }
  },
};

/** Whether pools have a certificate of their own each, under one nickname. */
function differsByPool(imports: readonly CertificateImport[]): boolean {
  return new Set(imports.map(({ bundle }) => bundle?.contents?.source)).size > 1;
}
