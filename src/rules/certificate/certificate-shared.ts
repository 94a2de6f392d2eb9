import type { CertificateImport } from '../../documents/imports/imports';
import { isPlaceholder } from '../../documents/placeholders';
import { hostOf, finalText } from '../../documents/policies';
import type { Subject } from '../../documents/subjects';
import { at, show } from '../../documents/values';
import { HOSTNAME_LABEL } from '../../openshift/labels';
import { DOCS } from '../docs';
import type { Report, Rule } from '../rule';

export const certificateShared: Rule = {
  id: 'certificate-shared',
  severity: 'warning',
  title:
    'two nodes or more, or a selection of many, use one `leftcert` towards one `right`: '
      + "a peer with libreswan's default `uniqueids=yes` keeps one tunnel only",
  why: 'The nodes have one identity for the peer, which drops the tunnel of one when another comes up.',
  fix: "Have 'uniqueids=no' set on the peer, or give each node a certificate of its own.",
  docs: DOCS.libreswan,

  on: {
    set({ connections, certificateImports, daemonSetImports, pools }, report) {
      judgePoolsOfOneHost(certificateImports.all, pools, report);
      const ownOnEachNode = new Set(daemonSetImports.filter(({ perNode }) => perNode).map(({ nickname }) => nickname));
      const users = new Map<string, Map<string, { readonly hosts: Set<string>; told: boolean }>>();
      for (const connection of connections) {
        const { subject, policy, settings } = connection;
        const leftcert = finalText(settings, 'leftcert');
        const right = finalText(settings, 'right');
        if (leftcert === undefined || right === undefined || policy.isState || ownOnEachNode.has(leftcert)) continue;
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
        const who =
          host === undefined ? (connection.keyfile ? 'all nodes of the pool' : 'all nodes that the policy selects') : 'more than one node';
        report({
          subject,
          path: `${connection.settingsPath}/leftcert`,
          message: `the certificate ${show(leftcert)} is used towards ${show(right)} by ${who}: `
            + 'a peer with libreswan\'s default uniqueids=yes keeps one tunnel only',
        });
      }
    },
  },
};

/** Pools of one host each are made so that each host has a certificate of its own. */
function judgePoolsOfOneHost(imports: readonly CertificateImport[], pools: readonly Subject[], report: Report<'set'>): void {
  const hostOfPool = new Map(pools.map(({ name, object }) => [name, at(object.spec, 'nodeSelector', 'matchLabels', HOSTNAME_LABEL)]));
  const hostOfCertificate = new Map<string, string>();
  for (const { bundle: file, opened, machineConfig: { role, subject } } of imports) {
    const host = role === undefined ? undefined : hostOfPool.get(role);
    if (!file || !opened || !('bundle' in opened) || typeof host !== 'string' || isPlaceholder(host)) continue;
    const { fingerprintSha256 } = opened.bundle;
    const other = hostOfCertificate.get(fingerprintSha256);
    if (other !== undefined && other !== host) {
      report({
        subject,
        path: `${file.pointer}/contents/source`,
        message: `hosts '${other}' and '${host}' have the same certificate: a peer with libreswan's default `
          + 'uniqueids=yes keeps one tunnel only',
      });
    }
    hostOfCertificate.set(fingerprintSha256, host);
  }
}
