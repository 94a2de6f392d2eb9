import { libreswanId } from './identity';
import { End, PeerConnection, sectionName } from './peer-connection';
import type { FileNames, PeerHost } from './peer-host';
import { comment, demandsOnPeer, inClear, listed, nodesOf, probesOf, promisesOfNodes, whoCalls } from './words';

const NSS = 'sql:/var/lib/ipsec/nss';

/**
 * The connections as `ipsec.conf` of libreswan 4 or 5 has them, left being the peer.
 *
 * @see https://libreswan.org/man/ipsec.conf.5.html
 */
export function libreswanFile(host: PeerHost, { certificateName }: FileNames): string {
  const { connections, isShared } = host;
  const setup = isShared ? ['', 'config setup', '    uniqueids=no'] : [];
  const conns = connections.flatMap((connection) => ['', ...connectionLines(connection, certificateName, isShared)]);
  return `${[...comment(headLines(host, certificateName)), ...setup, ...conns].join('\n')}\n`;
}

function headLines(host: PeerHost, name: string): string[] {
  const { connections, stem } = host;
  const names = connections.map((connection) => connection.name);
  const calls = whoCalls(connections);
  const known = connections.find(({ node }) => node.sends === 'never');
  return [
    `IPsec between ${host.host}, where this file goes, and ${nodesOf(connections)} of an OpenShift cluster.`,
    `For libreswan: /etc/ipsec.d/${stem}.conf, which /etc/ipsec.conf must include (include /etc/ipsec.d/*.conf). It holds no secret.`,
    '',
    `This host's certificate, ${name}:`,
    ...demandsOnPeer(host).map((line) => `- ${line}`),
    "The nodes' certificate:",
    ...promisesOfNodes(host).map((line) => `- ${line}`),
    '',
    `Import, once: ${name}.crt and ${name}.key are this host's certificate and key, ca.pem the CA of the nodes. Where CAs stand between this `
      + "host's certificate and its root, put them into chain.pem, and add -certfile chain.pem to the first line.",
    `    openssl pkcs12 -export -in ${name}.crt -inkey ${name}.key -name ${name} -out ${name}.p12`,
    '    ipsec checknss',
    `    pk12util -i ${name}.p12 -d ${NSS}`,
    `    certutil -A -d ${NSS} -n nodes-ca -t CT,C,C -i ca.pem`,
    ...known ? [`    certutil -A -d ${NSS} -n ${nodeNickname(known)} -t P,P,P -i node.pem`] : [],
    'Load; restart libreswan instead where config setup has changed:',
    ...names.slice(0, 8).map((each) => `    ipsec auto --replace ${each}`),
    ...names.length > 8 ? ['    systemctl restart ipsec'] : [],
    'Look, while a node has traffic for this host:',
    '    ipsec trafficstatus',
    '    journalctl -u ipsec',
    ...calls === undefined ? [`Call the nodes from here: ipsec auto --up ${listed(names, 1)}`] : [calls],
    ...secondTunnel(connections),
    'UDP ports 500 and 4500 and IP protocol 50 (ESP) must be open between this host and the nodes.',
    inClear(host),
  ];
}

/** Measured with libreswan 4.10: the second tunnel of a node is refused with TS_UNACCEPTABLE otherwise. */
function secondTunnel(connections: readonly PeerConnection[]): string[] {
  if (!canBeSeveralOfANode(connections)) return [];
  const missing = [
    ...connections.some(({ node }) => node.address === '%any') ? ['the endpoints left'] : [],
    ...connections.some(({ node }) => node.id.kind === 'subject') ? ['this file the id of the nodes (nodeIdentity, --node-id)'] : [],
  ];
  return missing.length === 0 ? []
    : [`libreswan finds the second tunnel of a node only where it knows the node's address and subject: give ${missing.join(', and ')}.`];
}

/** Whether a node may have more than one of these; of nodes whose names are not known, each may have all. */
function canBeSeveralOfANode(connections: readonly PeerConnection[]): boolean {
  const named = new Set<string>();
  return connections.length > 1 && connections.some(({ hostnames }) =>
    hostnames.length === 0 || hostnames.some((name) => named.has(name) || !named.add(name)));
}

function connectionLines(connection: PeerConnection, certificateName: string, isShared: boolean): string[] {
  const { name, nodes, peer, node, mode, ikeVersion, ike, esp, ikeLifetime, espLifetime, peerCa } = connection;
  const lines: (readonly [key: string, value: string | undefined])[] = [
    ['ikev2', ikeVersion === 2 ? 'insist' : 'never'],
    ['type', mode],
    ['left', peer.address],
    ['leftid', libreswanId(peer.id)],
    ['leftcert', certificateName],
    ['leftsendcert', 'always'],
    ['leftrsasigkey', '%cert'],
    ...subnetLines('left', peer),
    ['right', node.address],
    ['rightid', libreswanId(node.id)],
    ['rightrsasigkey', '%cert'],
    // libreswan asks for a certificate where it is told of a CA alone; and one CA for both ends is one for both.
    ['rightca', node.sends === 'ifasked' || node.sends === 'always' && peerCa === '%same' ? '%same' : undefined],
    ['rightcert', node.sends === 'never' ? nodeNickname(connection) : undefined],
    ...subnetLines('right', node),
    ['ike', ike],
    ['esp', esp],
    ['ikelifetime', ikeLifetime === undefined ? undefined : `${ikeLifetime}s`],
    ['salifetime', espLifetime === undefined ? undefined : `${espLifetime}s`],
    ...probeLines(connection, isShared),
    ['auto', 'add'],
  ];
  return [
    ...comment([`${mode === 'transport' ? 'Host to host' : 'Tunnel'}, for ${listed(nodes)}.`]),
    `conn ${name}`,
    ...lines.flatMap(([key, value]) => value === undefined ? [] : [`    ${key}=${/\s/.test(value) ? `"${value}"` : value}`]),
  ];
}

function subnetLines(end: 'left' | 'right', { subnets, protoport }: End): (readonly [string, string | undefined])[] {
  return [
    [`${end}subnet`, subnets.length === 1 ? subnets[0] : undefined],
    [`${end}subnets`, subnets.length > 1 ? `{${subnets.join(' ')}}` : undefined],
    [`${end}protoport`, protoport],
  ];
}

/** A node that comes back by another tunnel leaves the old one behind where ids are not unique: probes find that out. */
function probeLines({ ikeVersion, dpdDelay, dpdTimeout }: PeerConnection, isShared: boolean): (readonly [string, string | undefined])[] {
  const delay = probesOf({ dpdDelay }, isShared);
  if (delay === undefined) return [];
  // With IKEv2 libreswan says that it ignores the time after which a peer counts as dead.
  const timeout = ikeVersion === 1 ? `${dpdTimeout ?? delay * 4}` : undefined;
  return [['dpddelay', `${delay}`], ['dpdtimeout', timeout], ['dpdaction', 'clear']];
}

function nodeNickname({ nodeCertificate }: PeerConnection): string {
  return sectionName(`node-${nodeCertificate ?? 'certificate'}`);
}
