import { strongSwanId } from './identity';
import type { End, PeerConnection } from './peer-connection';
import type { FileNames, PeerHost } from './peer-host';
import { espProposals, ikeProposals } from './strongswan-proposals';
import { comment, demandsOnPeer, inClear, nodesOf, probesOf, promisesOfNodes, whoCalls } from './words';

/**
 * The connections as `swanctl.conf` of strongSwan 5.9 or 6 has them, local being the peer.
 *
 * @see https://docs.strongswan.org/docs/5.9/swanctl/swanctlConf.html
 */
export function strongSwanFile(host: PeerHost, { certificateName }: FileNames): string {
  const groups = groupsOf(host.connections);
  const sections = groups.flatMap((group) => connectionSection(group, certificateName, host.isShared));
  return `${[...comment(headLines(host, groups, certificateName)), '', 'connections {', ...sections.map((line) => `    ${line}`), '}'].join('\n')}\n`;
}

/**
 * Connections that libreswan makes under one IKE SA, because it takes both ends for the same: strongSwan looks for their selectors in the
 * connection that the SA began with, and nowhere else.
 */
function groupsOf(connections: readonly PeerConnection[]): PeerConnection[][] {
  const groups = new Map<string, PeerConnection[]>();
  for (const connection of connections) {
    const { peer, node, ikeVersion, ike, nodeCertificate } = connection;
    const key = JSON.stringify([peer.id, node.id, node.address, ikeVersion, ike ?? '', nodeCertificate ?? '']);
    groups.set(key, [...groups.get(key) ?? [], connection]);
  }
  return [...groups.values()];
}

function headLines(host: PeerHost, groups: readonly PeerConnection[][], name: string): string[] {
  const { connections, stem } = host;
  const calls = whoCalls(connections);
  const known = connections.some(({ node }) => node.sends === 'never');
  return [
    `IPsec between ${host.host}, where this file goes, and ${nodesOf(connections)} of an OpenShift cluster.`,
    `For strongSwan: /etc/swanctl/conf.d/${stem}.conf, which /etc/swanctl/swanctl.conf includes. It holds no secret.`,
    '',
    `This host's certificate, ${name}.pem:`,
    ...demandsOnPeer(host).map((line) => `- ${line}`),
    "The nodes' certificate:",
    ...promisesOfNodes(host).map((line) => `- ${line}`),
    '',
    `Import, once: ${name}.crt and ${name}.key are this host's certificate and key, ca.pem the CA of the nodes. Where CAs stand between this `
      + "host's certificate and its root, put them into chain.pem, and install it beside ca.pem.",
    `    install -m 644 ${name}.crt /etc/swanctl/x509/${name}.pem`,
    `    install -m 600 ${name}.key /etc/swanctl/private/${name}.pem`,
    '    install -m 644 ca.pem /etc/swanctl/x509ca/',
    ...known ? ['    install -m 644 node.pem /etc/swanctl/x509/nodes.pem'] : [],
    'From a PKCS#12 file:',
    `    openssl pkcs12 -in ${name}.p12 -clcerts -nokeys -out ${name}.crt`,
    `    openssl pkcs12 -in ${name}.p12 -nocerts -nodes -out ${name}.key`,
    'Load:',
    '    swanctl --load-all',
    'Look, while a node has traffic for this host:',
    '    swanctl --list-sas',
    '    journalctl -u strongswan',
    ...calls === undefined ? [`Call the nodes from here: swanctl --initiate --child ${groups[0][0].name}`] : [calls],
    'UDP ports 500 and 4500 and IP protocol 50 (ESP) must be open between this host and the nodes.',
    inClear(host),
  ];
}

type Line = string;

function connectionSection(group: readonly PeerConnection[], certificateName: string, isShared: boolean): Line[] {
  const [first] = group;
  const { peer, node, ike, ikeLifetime, ikeVersion, dpdDelay } = first;
  const probes = probesOf({ dpdDelay }, isShared);
  return [
    ...comment([`For ${nodesOf(group)}.`], 106),
    ...section(first.name, [
      setting('version', `${ikeVersion}`),
      setting('local_addrs', peer.address === '%defaultroute' ? undefined : peer.address),
      setting('remote_addrs', node.address),
      // It is sent when asked for alone otherwise, and libreswan asks where it is told of a CA.
      setting('send_cert', 'always'),
      setting('unique', isShared ? 'never' : undefined),
      setting('proposals', ike === undefined ? undefined : ikeProposals(ike)),
      setting('rekey_time', ikeLifetime === undefined ? undefined : `${ikeLifetime}s`),
      setting('dpd_delay', probes === undefined ? undefined : `${probes}s`),
      section('local', [
        setting('auth', 'pubkey'), setting('certs', `${certificateName}.pem`), setting('id', strongSwanId(peer.id)),
      ].flat()),
      section('remote', [
        setting('auth', 'pubkey'),
        setting('id', strongSwanId(node.id) ?? '%any'),
        node.sends === 'never' ? setting('certs', 'nodes.pem') : setting('cacerts', 'ca.pem'),
      ].flat()),
      section('children', group.flatMap((child) => childSection(child, probes !== undefined))),
    ].flat()),
  ];
}

function childSection({ name, mode, peer, node, ike, esp, espLifetime }: PeerConnection, isProbed: boolean): Line[] {
  return section(name, [
    setting('mode', mode),
    setting('local_ts', selectorsOf(peer)),
    setting('remote_ts', selectorsOf(node)),
    setting('esp_proposals', espProposals(esp, ike)),
    setting('rekey_time', espLifetime === undefined ? undefined : `${espLifetime}s`),
    setting('dpd_action', isProbed ? 'clear' : undefined),
  ].flat());
}

/** `dynamic` is the end itself. */
function selectorsOf({ subnets, protoport }: End): string | undefined {
  const suffix = protoport === undefined ? '' : `[${protoport.replace(/\/(?:%any|0)$/, '')}]`;
  if (subnets.length === 0) return suffix === '' ? undefined : `dynamic${suffix}`;
  return subnets.map((subnet) => `${subnet}${suffix}`).join(', ');
}

function section(name: string, lines: readonly Line[]): Line[] {
  return [`${name} {`, ...lines.map((line) => `    ${line}`), '}'];
}

function setting(key: string, value: string | undefined): Line[] {
  if (value === undefined) return [];
  return [`${key} = ${/^[A-Za-z0-9%][A-Za-z0-9%./:_*@\-[\] ,]*$/.test(value) ? value : `"${value.replaceAll('\\', '\\\\')}"`}`];
}
