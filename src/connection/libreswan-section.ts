import { ConnectionDelivery, IpsecConnectionType, LibreswanSettings } from './connection';
import { ipsecInterfaceName, ipsecInterfaceOf, IpsecInterfaceParts } from './ipsec-interface';
import { OPTIONAL_KEYS, PROPS_OF_KEYS } from './libreswan-keys';
import { Ikev2, LibreswanOptions } from './libreswan-options';
import { PeerIdentity } from './peer-identity';
import { EspProposal, IkeProposal, proposalText } from './proposals';
import type { SubnetPair } from './subnet-pairs';
import { templateProblem } from './template-problem';
import { InputError } from '../core/input-error';
import { shared } from '../core/shared';
import { hubTemplateIn } from '../openshift/hub-template';
import { isIpv4 } from '../openshift/ip';
import { libreswanOption } from '../openshift/libreswan-options';
import { CONNECT_MODE_KEY, SECRET_KEYS, VPN_SETTINGS } from '../openshift/network-manager';
import { NodeSelection, NodeTarget } from '../openshift/node-selection';
import type { PropNames } from '../synthesis/prop-names';

/** What a connection is made of. */
export interface ConnectionParts extends LibreswanOptions, IpsecInterfaceParts {
  readonly ikeProposals?: IkeProposal[];
  readonly espProposals?: EspProposal[];
  readonly certificate: { readonly nickname: string };
  readonly nodes: NodeSelection;
  readonly host: string;
  readonly type: IpsecConnectionType;
  readonly remoteSubnet?: string;
  readonly remoteSubnets?: string[];
  readonly localSubnet?: string;
  readonly localSubnets?: string[];
  readonly leftAddress?: string;
  readonly leftByHost?: { [hostname: string]: string };
  readonly left?: string | { [hostname: string]: string };
  readonly peerIdentity?: PeerIdentity;
  readonly delivery?: ConnectionDelivery;
}

type LibreswanValue = string | number | boolean;
type Settings = { [key: string]: LibreswanValue };
type LeftOf = (target: NodeTarget) => string;

/** The `libreswan` section of a connection: made once, with `left` filled in for each node. The rules judge what it says. */
export class LibreswanSection {
  private readonly settings: Settings;
  private readonly left: LeftOf;
  private last?: LibreswanSettings;
  private isLastShared = false;

  public constructor(props: ConnectionParts) {
    this.left = leftOf(props);
    refuseSharedSubnet(props);
    this.settings = settingsOf(props);
    if (props.libreswanExtra) Object.assign(this.settings, checkedExtra(props.libreswanExtra));
    refuseTemplates(this.settings, props);
  }

  /** The settings of targets with the same `left` are one map, from the second in a row. */
  public forTarget(target: NodeTarget): LibreswanSettings {
    const left = this.left(target);
    const isRepeated = this.last?.left === left;
    if (isRepeated && this.isLastShared) return this.last!;
    this.last = { ...this.settings, left };
    this.isLastShared = isRepeated;
    return isRepeated ? shared(this.last) : this.last;
  }
}

function settingsOf(props: ConnectionParts): Settings {
  const settings: Settings = {
    left: '', // filled in for each node
    leftid: props.leftid ?? '%fromcert',
    leftrsasigkey: props.leftrsasigkey ?? '%cert',
    leftcert: props.certificate.nickname,
    leftmodecfgclient: props.leftmodecfgclient ?? false,
    right: props.host,
    rightid: (props.peerIdentity ?? identityOf(props.host)).rightid,
    rightrsasigkey: props.rightrsasigkey ?? '%cert',
    rightsubnet: props.remoteSubnet ?? subnetOf(props.host),
    ikev2: props.ikev2 ?? Ikev2.INSIST,
    type: props.type,
  };
  for (const [key, prop] of OPTIONAL_KEYS) {
    const value = valueOf(props, prop);
    if (value !== undefined) settings[key] = Array.isArray(value) ? listed(prop, value) : value as LibreswanValue;
  }
  return settings;
}

/** What a prop says, or those that say the same in other types. */
function valueOf(props: ConnectionParts, prop: typeof OPTIONAL_KEYS[number][1]) {
  switch (prop) {
    case 'ike':
    case 'esp':
      return proposalText(props, prop);
    case 'ipsecInterface':
      return ipsecInterfaceOf(props);
    default:
      return props[prop];
  }
}

/** Whether a template will be a name or an address, which are different identities, shows on the hub alone. */
function identityOf(host: string): PeerIdentity {
  if (hubTemplateIn(host) === undefined) return PeerIdentity._ofHost(host);
  throw new InputError(`'peerIdentity' must be given where 'host' ('${host}') is filled in on the hub, because a name and an address are `
    + 'different identities: PeerIdentity.of(`@${…}`) with the same template where it is a name, and PeerIdentity.of(…) where it is an '
    + 'address');
}

/** `rightsubnet`. Without it NetworkManager-libreswan writes 0.0.0.0/0, so that it is always stated. */
function subnetOf(host: string): string {
  if (isIpv4(host)) return `${host}/32`;
  const what = hubTemplateIn(host) === undefined ? 'a DNS name' : 'filled in on the hub';
  throw new InputError(`'remoteSubnet' must be given where 'host' ('${host}') is ${what}: without it the node sends all IPv4 traffic `
    + "into the tunnel; for the peer alone it is the peer's address followed by /32");
}

/** Subnets as one text with commas, as ipsec.conf takes it. */
function listed(prop: string, subnets: readonly string[]): string {
  if (subnets.length === 0) throw new InputError(`'${prop}' (an empty list) must name a subnet: leave it out instead`);
  return subnets.join(',');
}

/** `left` for each target: one text for all, or a map that names each host of the selection exactly once. */
function leftOf(props: ConnectionParts): LeftOf {
  const said = saidLeft(props);
  if (said === undefined) return () => '%defaultroute';
  const [prop, left] = said;
  if (typeof left !== 'string') return leftOfHosts(prop, left, props.nodes);
  if (left !== '%defaultroute' && props.nodes._targets.length > 1) {
    throw new InputError(`'${prop}' ('${left}') is one node's address, and 'nodes' are several hosts: leave it out for '%defaultroute', `
      + `or give ${prop === 'left' ? 'a map' : 'leftByHost:'} { '<host>': '<address>' }`);
  }
  return () => left;
}

/** The prop that says `left`, and what it says. */
function saidLeft(props: ConnectionParts): [LeftProp, string | { [hostname: string]: string }] | undefined {
  const [prop, other] = LEFT_PROPS.filter((name) => props[name] !== undefined);
  if (other !== undefined) throw new InputError(`'${prop}' and '${other}' both say the node's own address: give one of the two`);
  return prop === undefined ? undefined : [prop, props[prop]!];
}

const LEFT_PROPS = ['leftAddress', 'leftByHost', 'left'] as const;
type LeftProp = typeof LEFT_PROPS[number];

/** Each policy by itself says nothing wrong: that the subnet is another node's shows in the list of nodes alone. */
function refuseSharedSubnet({ type, localSubnet, nodes }: ConnectionParts): void {
  if (type !== IpsecConnectionType.TRANSPORT || localSubnet === undefined || nodes._targets.length < 2) return;
  throw new InputError(`'localSubnet' ('${localSubnet}') is one node's address with type transport, and 'nodes' are several hosts: `
    + 'leave it out, each node then protects its own');
}

function leftOfHosts(prop: LeftProp, given: { [hostname: string]: string }, nodes: NodeSelection): LeftOf {
  const left = { ...given };
  const hosts = nodes._targets.map(({ hostname }) => hostname);
  const map = `'${prop}' (a map)`;
  if (nodes._kind !== 'hosts') {
    throw new InputError(`${map} needs nodes selected by NodeSelection.hostnames: with any other selection the hosts are not known`);
  }
  const missing = hosts.filter((host) => !Object.hasOwn(left, host!));
  const unknown = Object.keys(left).filter((host) => !hosts.includes(host));
  if (missing.length > 0) throw new InputError(`${map} lacks the host '${missing[0]}': give an address for each host of 'nodes'`);
  if (unknown.length > 0) throw new InputError(`${map} has the host '${unknown[0]}', which is not among 'nodes' (${hosts.join(', ')})`);
  return ({ hostname }) => left[hostname!];
}

/** Keys that are other props, or none on purpose; `libreswanExtra` is for keys that the library does not know yet. */
function checkedExtra(extra: { [key: string]: string }): Settings {
  for (const key of Object.keys(extra)) {
    if (key === 'psk' || SECRET_KEYS.includes(key)) {
      throw new InputError(`'libreswanExtra' has the key '${key}': a shared secret has no place in a manifest; use certificates`);
    }
    if (key === 'hostaddrfamily' || key === 'clientaddrfamily') {
      throw new InputError(
        `'libreswanExtra' has the key '${key}', which is for IPv6: OpenShift does not support IPv6 for IPsec through NMState; `
          + 'use an IPv4 address',
      );
    }
    if (key === CONNECT_MODE_KEY) {
      throw new InputError(`'libreswanExtra' has the key '${key}', which 'connectMode' writes: give connectMode: ConnectMode.ON_DEMAND`);
    }
    if (VPN_SETTINGS.includes(key)) {
      throw new InputError(
        `'libreswanExtra' has the key '${key}', which is NetworkManager's own in a keyfile, and nothing that libreswan is told: `
          + 'take it out',
      );
    }
    if (libreswanOption(key)) {
      throw new InputError(`'libreswanExtra' has the key '${key}', which is a prop of its own: use the prop, whose value is checked`);
    }
    if (!/^[a-z][a-z0-9-]*$/.test(key) || key === 'constructor') {
      throw new InputError(
        `'libreswanExtra' has the key '${key}', which can't be a libreswan key: they are lower-case letters, digits and '-'`,
      );
    }
  }
  return extra;
}

/** A program fills in its own values: what looks like a template's would reach the nodes as it is, and no rule would say so. */
function refuseTemplates(settings: Settings, props: ConnectionParts): void {
  const names = propNames(props);
  const refuse = (key: string, value: LibreswanValue) => {
    const problem = templateProblem(key, value, props.delivery);
    if (problem) throw new InputError(`${names[key] ?? `'${key}'`} ('${value}') ${problem}`);
  };
  for (const key of Object.keys(settings)) refuse(key, settings[key]);
  const [, left] = saidLeft(props) ?? [];
  for (const value of typeof left === 'string' ? [left] : Object.values(left ?? {})) refuse('left', value);
}

const PROPS: PropNames = { ...PROPS_OF_KEYS, [CONNECT_MODE_KEY]: "'connectMode'", 'interface.name': "'interfaceName'" };
const PROPS_WITH_ADDRESS: PropNames = { ...PROPS, left: "'leftAddress'" };
const PROPS_WITH_HOSTS: PropNames = { ...PROPS, left: "'leftByHost'" };

/** The props of an endpoint by the keys that they write into the connection of a pair of subnets. */
export function propNames(parts: ConnectionParts, pair?: SubnetPair): PropNames {
  const { libreswanExtra, leftAddress, leftByHost, ikeProposals, espProposals, ipsecInterfaceNumber, ipsecInterfaceEnabled } = parts;
  const sided = leftAddress !== undefined ? PROPS_WITH_ADDRESS : leftByHost !== undefined ? PROPS_WITH_HOSTS : PROPS;
  const typed: PropNames = {
    ...ipsecInterfaceNumber !== undefined || ipsecInterfaceEnabled !== undefined ? { 'ipsec-interface': ipsecInterfaceName(parts) } : {},
    ...ikeProposals ? { ike: "'ikeProposals'" } : {},
    ...espProposals ? { esp: "'espProposals'" } : {},
  };
  const own = Object.keys(typed).length > 0 ? { ...sided, ...typed } : sided;
  const props = pair === undefined || pair.suffix === ''
    ? own
    : { ...own, leftsubnet: `'${pair.localProp}'`, rightsubnet: `'${pair.remoteProp}'` };
  if (!libreswanExtra) return props;
  return { ...props, ...Object.fromEntries(Object.keys(libreswanExtra).map((key) => [key, `'libreswanExtra.${key}'`])) };
}
