import { libreswanId, provenBy } from './identity';
import type { End, PeerConnection } from './peer-connection';
import type { FileNames, PeerHost } from './peer-host';
import { demandsOnPeer, listed, nodesOf, probesOf, promisesOfNodes, whoCalls } from './words';

/** What a value is called by the vendors of appliances; `–` where the appliance has no such thing. */
interface Row {
  readonly what: string;
  readonly value: string;
  readonly aws: string;
  readonly ontap: string;
  readonly cisco: string;
}

/**
 * The connections as tables for people who set an appliance up by hand.
 *
 * @see https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
 * @see https://docs.netapp.com/us-en/ontap-cli/security-ipsec-policy-create.html
 * @see https://docs.netapp.com/us-en/ontap/networking/ipsec-prepare.html
 * @see https://www.cisco.com/c/en/us/td/docs/routers/ios/config/17-x/sec-vpn/b-security-vpn/m_sec-cfg-flex-serv-0.html
 */
export function checklist(host: PeerHost, { certificateName }: FileNames): string {
  const calls = whoCalls(host.connections);
  return `${[
    `# IPsec between ${host.host} and ${nodesOf(host.connections)}`,
    '',
    'What the host must be set up with, so that the nodes of an OpenShift cluster get their tunnels. The names at AWS, NetApp and Cisco are from',
    'their documentation, and **not tried by us**.',
    '',
    `- [ ] Open UDP ports 500 and 4500 and IP protocol 50 (ESP) between ${host.host} and the nodes.`,
    `- [ ] Import the host's certificate and key as \`${certificateName}\`, with the CAs between it and its root.`,
    ...demandsOnPeer(host).map((line) => `      ${line}`),
    "- [ ] Import the CA of the nodes' certificate.",
    ...promisesOfNodes(host).map((line) => `      ${line}`),
    '- [ ] Send the certificate always, not only when the other side asks.',
    ...host.isShared ? ['- [ ] Let several tunnels of one id live side by side (libreswan `uniqueids=no`, strongSwan `unique = never`).'] : [],
    '- [ ] Drop what goes between the host and the nodes in clear, where the appliance can: without such a rule it does go in clear while the',
    '      tunnel is down. From the nodes alone UDP 500, UDP 4500 and ESP pass.',
    ...calls === undefined ? [] : [`- [ ] ${calls}`],
    ...host.connections.flatMap((connection) => ['', ...tableOf(connection, certificateName, host.isShared)]),
  ].join('\n')}\n`;
}

function tableOf(connection: PeerConnection, certificateName: string, isShared: boolean): string[] {
  return [
    `## ${connection.name}`,
    '',
    `For ${listed(connection.nodes)}.`,
    '',
    '| what | value | AWS Site-to-Site VPN | NetApp ONTAP (`security ipsec policy`) | Cisco IOS XE |',
    '| --- | --- | --- | --- | --- |',
    ...rowsOf(connection, certificateName, isShared).map(({ what, value, aws, ontap, cisco }) =>
      `| ${[what, value, aws, ontap, cisco].map(cell).join(' | ')} |`),
  ];
}

const EITHER = 'left to both sides';
const AWS_ALGORITHMS = 'encryption algorithms, integrity algorithms, DH group numbers';

function rowsOf(connection: PeerConnection, certificateName: string, isShared: boolean): Row[] {
  const { mode, ikeVersion, peer, node, ike, esp, ikeLifetime, espLifetime, dpdTimeout } = connection;
  const probes = probesOf(connection, isShared);
  const transport = mode === 'transport';
  return [
    row('IKE version', `IKEv${ikeVersion}`, 'IKE versions', '– (IKEv2 alone)', `crypto ikev${ikeVersion}`),
    row('mode', mode, transport ? '– (tunnel mode alone)' : 'tunnel', transport ? '-action ESP_TRA' : '– (transport mode alone)',
      `crypto ipsec transform-set … / mode ${mode}`),
    row('authentication', 'certificates (RSA)', 'certificate of AWS Private CA', '-auth-method PKI', 'authentication local rsa-sig, remote rsa-sig'),
    row("the host's certificate", certificateName, 'certificate of the VPN connection', '-cert-name', 'crypto pki trustpoint'),
    row("the host's address", peer.address === '%defaultroute' ? 'its own' : peer.address, 'outside IP address of the tunnel', '-local-ip-subnets',
      'interface of the crypto map or tunnel'),
    row("the host's id", idOf(peer), '– (its certificate)', '-local-identity', 'identity local'),
    row("the nodes' address", node.address === '%any' ? 'any' : node.address, 'customer gateway, IP address', '-remote-ip-subnets',
      'match address local, peer of the crypto map'),
    row("the nodes' id", node.id.kind === 'subject' ? 'the subject of their certificate' : idOf(node), 'customer gateway, certificate ARN', '-remote-identity', 'match identity remote'),
    row('behind the host', behind(peer, transport), 'remote IPv4 network CIDR', '-local-ip-subnets', 'access list, source'),
    row('behind the nodes', behind(node, transport), 'local IPv4 network CIDR', '-remote-ip-subnets', 'access list, destination'),
    ...peer.protoport === undefined && node.protoport === undefined ? [] : [
      row('protocol and port', `${peer.protoport ?? 'any'} here, ${node.protoport ?? 'any'} at the nodes`, '–', '-protocols, -local-ports, -remote-ports',
        'access list, protocol and port'),
    ],
    row('IKE algorithms', ike ?? EITHER, `phase 1 ${AWS_ALGORITHMS}`, '-cipher-suite', 'crypto ikev2 proposal'),
    row('ESP algorithms', esp ?? EITHER, `phase 2 ${AWS_ALGORITHMS}`, '-cipher-suite', 'crypto ipsec transform-set'),
    row('lifetime of an IKE SA', seconds(ikeLifetime), 'phase 1 lifetime (900 to 28800 s)', '-ike-lifetime', 'lifetime of the crypto ikev2 profile'),
    row('lifetime of an ESP SA', seconds(espLifetime), 'phase 2 lifetime (900 to 3600 s)', '-ipsec-lifetime',
      'set security-association lifetime seconds'),
    row('dead peer detection', probes === undefined ? EITHER : `probes every ${probes} s${dpdTimeout === undefined ? '' : `, dead after ${dpdTimeout} s`}`,
      'DPD timeout (30 s or more)', '–', 'crypto ikev2 dpd'),
    row('who calls', 'the nodes', 'startup action: add', '–', '–'),
  ];
}

function row(what: string, value: string, aws: string, ontap: string, cisco: string): Row {
  return { what, value, aws, ontap, cisco };
}

function idOf({ id }: End): string {
  return id.kind === 'subject' ? 'the subject of its certificate' : `${libreswanId(id)} (${provenBy(id)})`;
}

function behind({ address, subnets }: End, transport: boolean): string {
  if (subnets.length > 0) return subnets.join(', ');
  return transport || address.startsWith('%') ? 'itself alone' : `${address}/32`;
}

function seconds(lifetime: number | undefined): string {
  return lifetime === undefined ? EITHER : `${lifetime} s`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
