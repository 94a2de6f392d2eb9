import { Ikev2, IpsecConnectionType } from './connection';
import type { ExternalIpsecEndpointProps } from './external-ipsec-endpoint';
import { PeerIdentity } from './peer-identity';
import { localSubnet, remoteSubnet, subnetList } from './subnets';
import { ownerOfInterface } from '../openshift/interface-name';
import { isDnsName, isIpv4, isIpv6 } from '../openshift/ip';
import { idProblem, lifetimeProblem, ownEndProblem, peerProblem, unnamedPeerProblem } from '../openshift/libreswan-ends';
import { isIdentity, libreswanOption, libreswanValueProblem } from '../openshift/libreswan-options';
import { ikeVersionsOf, proposalProblem } from '../openshift/libreswan-proposal-problem';
import { NodeSelection, NodeTarget } from '../openshift/node-selection';
import { availability, describeFloor, VersionFloor } from '../openshift/openshift-version';
import { Acknowledgements } from '../synthesis/acknowledgements';
import { InputError } from '../synthesis/input-error';

type LibreswanValue = string | number | boolean;
type Settings = { [key: string]: LibreswanValue };

const NO_IPV6 = 'OpenShift does not support IPv6 for IPsec through NMState; use an IPv4 address';

/** The `libreswan` section of a connection: made and judged once, with `left` filled in for each node. */
export class LibreswanSection {
  private readonly settings: Settings;
  private readonly left: LeftOf;

  public constructor(props: ExternalIpsecEndpointProps, acknowledgements: Acknowledgements) {
    refuseInterface(props.interfaceName);
    this.left = checkedLeft(props.left, props.nodes, acknowledgements);
    refuseHost(props, this.left);
    this.settings = settingsOf(props);
    if (props.libreswanExtra) Object.assign(this.settings, checkedExtra(props.libreswanExtra, acknowledgements));
    judgeValues(this.settings, props, acknowledgements);
    judgeDeadPeerDetection(props, acknowledgements);
    judgeIdentities(this.settings, acknowledgements);
    warnOfSurprises(props, acknowledgements);
  }

  public forTarget(target: NodeTarget): Settings {
    return { left: this.left(target), ...this.settings };
  }
}

function settingsOf(props: ExternalIpsecEndpointProps): Settings {
  const settings: Settings = {
    leftid: props.leftid ?? '%fromcert',
    leftrsasigkey: props.leftrsasigkey ?? '%cert',
    leftcert: props.certificate.nickname,
    leftmodecfgclient: props.leftmodecfgclient ?? false,
    right: props.host,
    rightid: (props.peerIdentity ?? PeerIdentity._ofHost(props.host)).rightid,
    rightrsasigkey: props.rightrsasigkey ?? '%cert',
    rightsubnet: remoteSubnet(props),
    ikev2: props.ikev2 ?? Ikev2.INSIST,
    type: props.type,
  };
  const optional: [string, LibreswanValue | undefined][] = [
    ['leftsubnet', localSubnet(props)],
    ['leftsubnets', subnetList('leftsubnets', props)],
    ['leftprotoport', props.leftprotoport],
    ['leftsendcert', props.leftsendcert],
    ['rightcert', props.rightcert],
    ['rightca', props.rightca],
    ['rightsubnets', subnetList('rightsubnets', props)],
    ['rightprotoport', props.rightprotoport],
    ['ike', props.ike],
    ['esp', props.esp],
    ['ikelifetime', props.ikelifetime],
    ['salifetime', props.salifetime],
    ['dpddelay', props.dpddelay],
    ['dpdtimeout', props.dpdtimeout],
    ['dpdaction', props.dpdaction],
    ['ipsec-interface', props.ipsecInterface],
    ['authby', props.authby],
    ['require-id-on-certificate', props.requireIdOnCertificate],
    ['nm-auto-defaults', props.nmAutoDefaults],
  ];
  for (const [key, value] of optional) {
    if (value !== undefined) settings[key] = value;
  }
  return settings;
}

function refuseInterface(name: string): void {
  const owner = ownerOfInterface(name);
  if (!owner) return;
  throw new InputError(`'interfaceName' ('${name}') is the name of an interface that belongs to ${owner} on every node: `
    + "give the connection a name of its own, such as 'ipsec-storage'");
}

function refuseHost({ host, nodes }: ExternalIpsecEndpointProps, leftOf: LeftOf): void {
  if (isIpv6(host)) throw new InputError(`'host' ('${host}') is an IPv6 address: ${NO_IPV6}`);
  if (!host.startsWith('%') && !isIpv4(host) && !isDnsName(host)) {
    throw new InputError(`'host' ('${host}') must be a DNS name such as 'storage.example.com' or an IPv4 address: it is what the node connects to (libreswan 'right')`);
  }
  for (const target of nodes._targets) {
    const found = peerProblem(host, leftOf(target), target.hostname);
    if (found) throw new InputError(`'host' ('${host}') ${found.problem}: ${found.advice}`);
  }
}

type LeftOf = (target: NodeTarget) => string;

/** `left` for each target: one text for all, or a map that names each host of the selection exactly once. */
function checkedLeft(left: ExternalIpsecEndpointProps['left'], nodes: NodeSelection, acknowledgements: Acknowledgements): LeftOf {
  if (left === undefined) return () => '%defaultroute';
  if (typeof left !== 'string') return checkedLeftMap(left, nodes);
  refuseLeft("'left'", left);
  if (left === '%defaultroute' || nodes._targets.length === 1 && nodes._kind === 'hosts') return () => left;
  const problem = `'left' ('${left}') is one node's address, and the selected nodes may be many: leave it out for '%defaultroute', `
    + "or select hosts and give a map { '<host>': '<address>' }";
  if (nodes._kind !== 'labels') throw new InputError(problem);
  acknowledgements.warn('libreswan-left-shared', problem);
  return () => left;
}

function checkedLeftMap(given: { [hostname: string]: string }, nodes: NodeSelection): LeftOf {
  const left = { ...given };
  const hosts = nodes._targets.map(({ hostname }) => hostname);
  if (nodes._kind !== 'hosts') throw new InputError("'left' (a map) needs nodes selected by NodeSelection.hostnames: with any other selection the hosts are not known");
  const missing = hosts.filter((host) => !Object.hasOwn(left, host!));
  const unknown = Object.keys(left).filter((host) => !hosts.includes(host));
  if (missing.length > 0) throw new InputError(`'left' (a map) lacks the host '${missing[0]}': give an address for each host of 'nodes'`);
  if (unknown.length > 0) throw new InputError(`'left' (a map) has the host '${unknown[0]}', which is not among 'nodes' (${hosts.join(', ')})`);
  for (const [host, address] of Object.entries(left)) refuseLeft(`'left' for host '${host}'`, address);
  return ({ hostname }) => left[hostname!];
}

function refuseLeft(what: string, left: string): void {
  if (isIpv6(left)) throw new InputError(`${what} ('${left}') is an IPv6 address: ${NO_IPV6}`);
  if (left !== '%defaultroute' && !isIpv4(left) && !isDnsName(left)) {
    throw new InputError(`${what} ('${left}') must be the node's IPv4 address, a DNS name that the node resolves, or '%defaultroute'`);
  }
  const found = ownEndProblem(left);
  if (found) throw new InputError(`${what} ('${left}') ${found.problem}: ${found.advice}`);
}

/** Keys that are other props, or none on purpose; `libreswanExtra` is for keys that the library does not know yet. */
function checkedExtra(extra: { [key: string]: string }, acknowledgements: Acknowledgements): Settings {
  for (const [key, value] of Object.entries(extra)) {
    if (key === 'psk') throw new InputError("'libreswanExtra' has the key 'psk': a shared secret has no place in a manifest; use certificates");
    if (key === 'hostaddrfamily' || key === 'clientaddrfamily') {
      throw new InputError(`'libreswanExtra' has the key '${key}', which is for IPv6: ${NO_IPV6}`);
    }
    if (libreswanOption(key)) throw new InputError(`'libreswanExtra' has the key '${key}', which is a prop of its own: use the prop, whose value is checked`);
    if (!/^[a-z][a-z0-9-]*$/.test(key) || key === 'constructor') throw new InputError(`'libreswanExtra' has the key '${key}', which can't be a libreswan key: they are lower-case letters, digits and '-'`);
    if (typeof value === 'string' && value.split(/[,;]/).some(isIpv6)) throw new InputError(`'libreswanExtra' has '${key}' ('${value}'), an IPv6 address: ${NO_IPV6}`);
    acknowledgements.warn('libreswan-extra', `'libreswanExtra' writes the key '${key}' unchecked: where the node's nmstate does not know it, the whole policy is refused there`);
  }
  return extra;
}

function judgeValues(settings: Settings, props: ExternalIpsecEndpointProps, acknowledgements: Acknowledgements): void {
  for (const key of Object.keys(settings)) {
    const value = settings[key];
    const option = libreswanOption(key) ?? { key, type: 'string' };
    const problem = libreswanValueProblem(option, value);
    if (problem) throw new InputError(`${propOf(key, props)} (${typeof value === 'string' ? `'${value}'` : value}) ${problem}`);
    if (option.since) judgeVersion(key, option.since, props, acknowledgements);
  }
  for (const key of ['ike', 'esp'] as const) refuseProposal(key, settings, props);
  if (/\b(?:secret|null|never)\b/.test(String(settings.authby ?? ''))) {
    throw new InputError(`'authby' ('${settings.authby}') does not authenticate by certificate: a shared secret has no place in a manifest, and null authenticates nobody; leave it out`);
  }
}

function refuseProposal(key: 'ike' | 'esp', settings: Settings, { cluster: { openshiftVersion } }: ExternalIpsecEndpointProps): void {
  const given = settings[key];
  if (given === undefined) return;
  const refused = proposalProblem(key, String(given), ikeVersionsOf(settings.ikev2, true), openshiftVersion._libreswanMajor);
  if (refused) throw new InputError(`'${key}' ('${given}') ${refused.problem}; ${refused.advice}`);
}

function judgeVersion(key: string, since: VersionFloor, props: ExternalIpsecEndpointProps, acknowledgements: Acknowledgements): void {
  const { openshiftVersion } = props.cluster;
  const available = availability(openshiftVersion, since);
  if (available === 'yes') return;
  const problem = `${propOf(key, props)} needs ${describeFloor(since)}: the nodes of an older release refuse the whole policy`;
  if (available === 'no') throw new InputError(`${problem}, and the cluster's 'openshiftVersion' is ${openshiftVersion}; leave it out or upgrade`);
  acknowledgements.warn('libreswan-option-version', `${problem}; state the patch level in 'openshiftVersion' (${openshiftVersion}) to have it checked`);
}

/** libreswan 4 ignores the one without the other; libreswan 5 has no timeout of its own any more. */
function judgeDeadPeerDetection(props: ExternalIpsecEndpointProps, acknowledgements: Acknowledgements): void {
  const { dpddelay, dpdtimeout, cluster: { openshiftVersion } } = props;
  if (dpddelay !== undefined && dpdtimeout !== undefined && dpddelay > dpdtimeout) {
    throw new InputError(`'dpdtimeout' (${dpdtimeout}) is less than 'dpddelay' (${dpddelay}): the peer would count as dead before the first probe `
      + 'is due; give a dpdtimeout of several times dpddelay, such as 30 and 120');
  }
  if ((dpddelay === undefined) === (dpdtimeout === undefined)) return;
  const [given, missing] = dpddelay === undefined ? ['dpdtimeout', 'dpddelay'] : ['dpddelay', 'dpdtimeout'];
  const problem = `'${given}' (${dpddelay ?? dpdtimeout}) is given without '${missing}': libreswan 4 then sends no probes at all; give both`;
  if (openshiftVersion._libreswanMajor < 5) throw new InputError(problem);
  acknowledgements.warn('libreswan-dpd-incomplete', problem);
}

function judgeIdentities(settings: Settings, acknowledgements: Acknowledgements): void {
  for (const key of ['leftid', 'rightid']) {
    const id = String(settings[key]);
    const prop = `'${PROPS[key] ?? key}'`;
    if (isIpv6(id)) throw new InputError(`${prop} ('${id}') is an IPv6 address: ${NO_IPV6}`);
    const found = settings['require-id-on-certificate'] === false ? undefined : idProblem(id);
    if (found) throw new InputError(`${prop} ('${id}') ${found.problem}; ${found.advice}`);
    if (isIdentity(id)) continue;
    acknowledgements.warn('libreswan-id-prefix', id.includes('=')
      ? `${prop} ('${id}') is a distinguished name without '@': the node puts one in front, and libreswan takes it away again; `
        + `write '@${id}'`
      : `${prop} ('${id}') begins with neither '@' nor '%' and is no address: the node puts '@' in front of it; `
        + `write '@${id}' if that is meant`);
  }
}

function warnOfSurprises(props: ExternalIpsecEndpointProps, acknowledgements: Acknowledgements): void {
  const rightid = props.peerIdentity?.rightid;
  const unnamed = rightid === undefined ? undefined : unnamedPeerProblem(rightid);
  if (unnamed) {
    acknowledgements.warn('libreswan-peer-unverified', `'peerIdentity' (${rightid}) ${unnamed}: leave it out, so that the peer must `
      + `prove to be '${props.host}', or acknowledge that the CA issues for this peer alone`);
  }
  for (const key of ['ikelifetime', 'salifetime'] as const) {
    const found = lifetimeProblem(props[key] ?? '');
    if (found) acknowledgements.warn('libreswan-lifetime', `'${key}' (${props[key]}) ${found.problem}; ${found.advice}`);
  }
  if (props.authby !== undefined) {
    acknowledgements.warn('libreswan-authby-ignored', `'authby' (${props.authby}) is not used: NetworkManager-libreswan drops it where an rsasigkey is set, `
      + 'as it always is for certificates; leave it out');
  }
  if (props.requireIdOnCertificate === false) {
    acknowledgements.warn('libreswan-peer-unverified', "'requireIdOnCertificate' (false) accepts any certificate of the CA as the peer: its id need not stand in the certificate");
  }
  if (props.ikev2 === Ikev2.NO || props.ikev2 === Ikev2.NEVER) {
    acknowledgements.warn('libreswan-ikev2', `'ikev2' (${props.ikev2}) makes the node speak IKEv1, which is obsolete (RFC 9395); use Ikev2.INSIST`);
  }
  if (props.leftmodecfgclient) {
    acknowledgements.warn('libreswan-modecfg-client', "'leftmodecfgclient' (true) makes the node ask the peer for an address, as a roaming client does; leave it out for a peer that is a host");
  }
  if (props.type === IpsecConnectionType.TUNNEL && remoteSubnet(props) === '0.0.0.0/0') {
    acknowledgements.warn('libreswan-subnet-missing', "'remoteSubnet' (0.0.0.0/0) sends all IPv4 traffic of the node into the tunnel, the cluster's own among it; name the subnet behind the peer");
  }
}

const PROPS: { readonly [key: string]: string } = {
  'right': 'host',
  'rightid': 'peerIdentity',
  'rightsubnet': 'remoteSubnet',
  'leftsubnet': 'localSubnet',
  'leftcert': "certificate's nickname",
  'ipsec-interface': 'ipsecInterface',
  'require-id-on-certificate': 'requireIdOnCertificate',
  'nm-auto-defaults': 'nmAutoDefaults',
};

function propOf(key: string, { libreswanExtra }: ExternalIpsecEndpointProps): string {
  return libreswanExtra && key in libreswanExtra ? `'libreswanExtra.${key}'` : `'${PROPS[key] ?? key}'`;
}
