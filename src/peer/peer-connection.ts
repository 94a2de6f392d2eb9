import { Identity, identityOf } from './identity';
import type { NodeSide } from './node-side';
import { InputError } from '../core/input-error';
import { printable } from '../core/printable';
import { isPlaceholder } from '../documents/placeholders';
import { Ipv4Cidr, isIpv4, isIpv6 } from '../openshift/ip';
import { peerProblem } from '../openshift/libreswan-ends';
import { libreswanOption } from '../openshift/libreswan-options';
import { proposalRefusal } from '../openshift/libreswan-proposals';
import { libreswanValueProblem } from '../openshift/libreswan-values';

/** One end of a connection. */
export interface End {
  /** An address or name; `%any` for nodes whose addresses are not known, `%defaultroute` for a peer that knows its own. */
  readonly address: string;
  readonly id: Identity;
  /** What lies behind it; none where it is the end itself. */
  readonly subnets: readonly string[];
  readonly protoport?: string;
  /** When it shows its certificate to the other end. */
  readonly sends: 'always' | 'ifasked' | 'never';
}

/**
 * One connection as the peer has to have it: what its nodes have, seen from the other side. Every writer of a peer's
 * configuration reads it, and nothing else.
 */
export interface PeerConnection {
  /** Its name at the peer, which libreswan and strongSwan both take. */
  readonly name: string;
  /** The nodes that have it, for people. */
  readonly nodes: readonly string[];
  /** The nodes that are known by name. */
  readonly hostnames: readonly string[];
  /** Whether it may be more than one node that calls. */
  readonly isForMany: boolean;
  readonly mode: 'transport' | 'tunnel';
  readonly ikeVersion: 1 | 2;
  /** The peer itself. */
  readonly peer: End;
  readonly node: End;
  /** The nodes' nickname of their certificate. */
  readonly nodeCertificate?: string;
  /** Whether the nodes have the peer's certificate, under this nickname, and need it sent by nobody. */
  readonly knownCertificate?: string;
  /** The CA that the nodes ask of the peer's certificate: `%same` for their own. */
  readonly peerCa?: string;
  /** Whether the nodes take any certificate of the CA. */
  readonly acceptsAny: boolean;
  /** In libreswan's names, as the nodes have them; what is not set is left to both programs. */
  readonly ike?: string;
  readonly esp?: string;
  /** Seconds. */
  readonly ikeLifetime?: number;
  readonly espLifetime?: number;
  readonly dpdDelay?: number;
  readonly dpdTimeout?: number;
}

/** What the peer's administrator knows, and no manifest says. */
export interface PeerFacts {
  /** The peer's own address. */
  readonly peerAddress?: string;
  /** The id that the peer asks of the nodes, in libreswan's form. */
  readonly nodeIdentity?: string;
}

/** @throws where a peer's configuration can't have them, in the words of `named` */
export function checkFacts({ peerAddress, nodeIdentity }: PeerFacts, named: { readonly [fact in keyof PeerFacts]-?: string }): void {
  if (peerAddress !== undefined && !isIpv4(peerAddress)) {
    throw new InputError(`${named.peerAddress} ('${printable(peerAddress)}') must be the IPv4 address by which the nodes reach the peer, such as '192.0.2.10'`);
  }
  if (nodeIdentity !== undefined && !/^[ -!#-~]+$/.test(nodeIdentity)) {
    throw new InputError(`${named.nodeIdentity} ('${printable(nodeIdentity)}') must be an id of printable ASCII without '"', such as '@nodes.example.com' or `
      + "'CN=nodes, O=Example'");
  }
}

/** The host that the nodes call. */
export function peerHostOf({ settings }: NodeSide): string {
  return String(settings.right ?? '');
}

/**
 * The connection as the peer has to have it.
 *
 * @throws where the peer can't be told: a value that no node takes or that is still to be filled in, a shared secret, a node that
 * wants its address from the peer
 */
export function mirrored(side: NodeSide, facts: PeerFacts = {}): PeerConnection {
  refuseUnusable(side);
  const { settings, hostname, nodes, interfaceName } = side;
  const text = (key: string) => settings[key] === undefined ? undefined : String(settings[key]);
  const filledIn = settings['nm-auto-defaults'] !== false;
  const mode = text('type') === 'transport' ? 'transport' : 'tunnel';
  const right = text('right')!;
  const left = text('left') ?? '%defaultroute';
  const remote = subnetsOf(settings, 'right', filledIn);
  const local = subnetsOf(settings, 'left', false);
  const peerAddress = facts.peerAddress ?? (isIpv4(right) ? right : onlyHost(mode, remote)) ?? '%defaultroute';
  const nodeAddress = left.startsWith('%') ? onlyHost(mode, local) ?? '%any' : left;
  return {
    name: sectionName(interfaceName),
    nodes: [nodes],
    hostnames: hostname === undefined ? [] : [hostname],
    isForMany: hostname === undefined,
    mode,
    // What the plugin fills in where nothing is said is IKEv1.
    ikeVersion: ['insist', 'yes', 'propose'].includes(text('ikev2') ?? (filledIn ? 'never' : 'insist')) ? 2 : 1,
    peer: {
      address: peerAddress,
      id: identityOf(text('rightid'), isIpv4(right) ? right : peerAddress, filledIn),
      subnets: mode === 'transport' ? withoutHost(remote, peerAddress) : remote,
      protoport: text('rightprotoport'),
      sends: 'always',
    },
    node: {
      address: nodeAddress,
      id: identityOf(facts.nodeIdentity ?? text('leftid'), nodeAddress, filledIn),
      subnets: withoutHost(local, nodeAddress),
      protoport: text('leftprotoport'),
      sends: (text('leftsendcert') ?? 'always') as End['sends'],
    },
    nodeCertificate: text('leftcert'),
    knownCertificate: text('rightcert'),
    peerCa: text('rightca'),
    acceptsAny: text('rightid') === '%fromcert' || settings['require-id-on-certificate'] === false,
    ike: text('ike'),
    esp: text('esp'),
    ikeLifetime: secondsOf(text('ikelifetime')),
    espLifetime: secondsOf(text('salifetime')),
    dpdDelay: secondsOf(text('dpddelay')),
    dpdTimeout: secondsOf(text('dpdtimeout')),
  };
}

/** A name that is a section of swanctl.conf and a connection of libreswan: both give the dot and others a meaning of their own. */
export function sectionName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  return /^[A-Za-z]/.test(name) ? name : `ipsec-${name || 'tunnel'}`;
}

/** What is read here and what follows from it; other keys are the node's own affair. */
const KEYS = [
  'right', 'left', 'rightid', 'leftid', 'rightsubnet', 'rightsubnets', 'leftsubnet', 'leftsubnets', 'rightprotoport', 'leftprotoport', 'type',
  'ikev2', 'ike', 'esp', 'ikelifetime', 'salifetime', 'leftcert', 'rightcert', 'rightca', 'leftsendcert',
];

function refuseUnusable({ settings, interfaceName }: NodeSide): void {
  const of = `of the connection '${interfaceName}'`;
  if (isPlaceholder(interfaceName) || interfaceName === '') throw new InputError('a connection has no name that is final: fill it in first');
  if (settings.psk !== undefined || settings.authby === 'secret') {
    throw new InputError(`the connection '${interfaceName}' authenticates with a shared secret, for which no peer is written: use certificates`);
  }
  for (const key of KEYS) {
    const value = settings[key];
    if (value === undefined) continue;
    if (isPlaceholder(value)) {
      throw new InputError(`'${key}' ('${shortened(value)}') ${of} is a placeholder, which is to be filled in first`);
    }
    const problem = libreswanValueProblem(libreswanOption(key)!, value);
    if (problem) throw new InputError(`'${key}' ${of} ${problem}: no node takes it, and no peer is written`);
  }
  if (settings.right === undefined) throw new InputError(`'right' ${of} is missing: it is the peer`);
  if (isIpv6(String(settings.right))) {
    throw new InputError(`'right' ('${String(settings.right)}') ${of} is an IPv6 address, which OpenShift does not support for IPsec: use an IPv4 address`);
  }
  const right = peerProblem(String(settings.right));
  if (right) throw new InputError(`'right' ('${String(settings.right)}') ${of} ${right.problem}: ${right.advice}`);
  for (const key of ['ike', 'esp'] as const) {
    const refusal = typeof settings[key] === 'string' ? proposalRefusal(key, settings[key], 2) : undefined;
    if (refusal) throw new InputError(`'${key}' ('${String(settings[key])}') ${of}: libreswan says '${refusal}', and no peer is written`);
  }
  if (settings.leftmodecfgclient === true || settings.leftmodecfgclient === 'yes') {
    throw new InputError(`the node asks the peer for an address ('leftmodecfgclient' ${of}), from a pool that no manifest knows: `
      + 'set leftmodecfgclient: false, or configure the peer by hand');
  }
}

function shortened(value: unknown): string {
  const said = typeof value === 'string' ? value : JSON.stringify(value);
  return said.length > 80 ? `${said.slice(0, 77)}…` : said;
}

function subnetsOf(settings: NodeSide['settings'], end: 'left' | 'right', filledIn: boolean): string[] {
  const single = settings[`${end}subnet`];
  const many = typeof settings[`${end}subnets`] === 'string' ? String(settings[`${end}subnets`]).split(/[{}\s,]+/) : [];
  const all = [single === undefined ? [] : [String(single)], many].flat().filter((each) => each !== '');
  // NetworkManager-libreswan puts all IPv4 addresses in the place of none.
  return single === undefined && filledIn ? ['0.0.0.0/0', ...all] : [...new Set(all)];
}

/** The address of the end itself: in transport mode a subnet is nothing else. */
function onlyHost(mode: string, subnets: readonly string[]): string | undefined {
  const only = subnets.length === 1 && mode === 'transport' ? Ipv4Cidr.parse(subnets[0]) : undefined;
  return only?.isHost ? subnets[0].split('/')[0] : undefined;
}

/** The end itself is what a connection is for where it has no subnet. */
function withoutHost(subnets: readonly string[], address: string): readonly string[] {
  return subnets.length === 1 && subnets[0] === `${address}/32` ? [] : subnets;
}

const SECONDS: { readonly [unit: string]: number } = { '': 1, 's': 1, 'm': 60, 'h': 3600, 'd': 86400 };

function secondsOf(duration: string | undefined): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd]?)$/.exec(duration ?? '') ?? [];
  return count === undefined ? undefined : Number(count) * SECONDS[unit];
}
