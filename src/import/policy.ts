import type { Candidate } from './candidate';
import { call, Code, listOf, literal, member, recordOf, variable } from './code';
import { IpsecConnectionType } from '../connection/connection';
import { OPTIONAL_KEYS } from '../connection/libreswan-keys';
import { DpdAction, Ikev2, LIBRESWAN_KINDS, SendCertificate } from '../connection/libreswan-options';
import { PeerIdentity } from '../connection/peer-identity';
import { IpsecCertificate } from '../constructs/certificates/ipsec-certificate';
import { ExternalIpsecEndpoint } from '../constructs/endpoint/external-ipsec-endpoint';
import { IpsecTunnelRemoval } from '../constructs/endpoint/ipsec-tunnel-removal';
import { RhacmTemplate } from '../constructs/gitops/rhacm-template';
import { ACKNOWLEDGE_ANNOTATION } from '../core/acknowledgements';
import { at, list, PlainObject, record } from '../documents/values';
import { HOSTNAME_LABEL, NODE_ROLE_PREFIX } from '../openshift/labels';
import { NodeSelection } from '../openshift/node-selection';

const CLUSTER = variable('cluster');

/** The enumerations of libreswan keys. */
const ENUMS: { readonly [key: string]: readonly [name: string, of: { readonly [member: string]: string }] } = {
  leftsendcert: ['SendCertificate', SendCertificate], ikev2: ['Ikev2', Ikev2], dpdaction: ['DpdAction', DpdAction],
};

/** What an endpoint writes where nobody says otherwise. */
const DEFAULTS: { readonly [key: string]: unknown } = {
  left: '%defaultroute', leftid: '%fromcert', leftrsasigkey: '%cert', leftmodecfgclient: false, rightrsasigkey: '%cert', ikev2: Ikev2.INSIST,
};

const NODE_NAME: Code = { text: 'RhacmTemplate.NODE_NAME', uses: ['RhacmTemplate'], make: () => RhacmTemplate.NODE_NAME };

const OF_PROPS: { readonly [key: string]: string } = Object.fromEntries(OPTIONAL_KEYS);
const LISTS = ['leftsubnets', 'rightsubnets'];
const OWN = ['right', 'rightid', 'rightsubnet', 'leftcert', 'left', 'type'];

/**
 * The construct that may write a policy with one connection.
 *
 * @param certificates the variables of the constructs that bring a certificate, by its nickname
 */
export function policyCandidate(object: PlainObject, certificates: ReadonlyMap<string, string>): Candidate | undefined {
  if (object.kind !== 'NodeNetworkConfigurationPolicy' || object.apiVersion !== 'nmstate.io/v1') return undefined;
  const interfaces = list(at(object.spec, 'desiredState', 'interfaces'));
  const connection = record(interfaces[0]);
  if (interfaces.length !== 1 || connection?.type !== 'ipsec' || typeof connection.name !== 'string') return undefined;
  const nodes = nodesCode(at(object.spec, 'nodeSelector'));
  if (!nodes) return undefined;
  const name = at(object.metadata, 'name');
  const common: readonly (readonly [string, Code | undefined])[] = [
    ['cluster', CLUSTER],
    ['nodes', nodes],
    ['interfaceName', literal(connection.name)],
    ['policyName', name === connection.name ? undefined : literal(name)],
    ['maxUnavailable', optional(at(object.spec, 'maxUnavailable'))],
    ['acknowledge', acknowledged(object)],
  ];
  if (connection.state === 'absent') {
    return {
      name: 'IpsecTunnelRemoval',
      make: IpsecTunnelRemoval,
      props: recordOf(common),
      path,
      objectsOf: ({ policies }: IpsecTunnelRemoval) => policies,
    };
  }
  const libreswan = record(connection.libreswan);
  if (!libreswan || typeof libreswan.right !== 'string' || typeof libreswan.leftcert !== 'string') return undefined;
  return {
    name: 'ExternalIpsecEndpoint',
    make: ExternalIpsecEndpoint,
    props: recordOf([...common, ...endpointProps(libreswan, certificates)]),
    path,
    objectsOf: ({ policies }: ExternalIpsecEndpoint) => policies,
  };
}

const path = (name: string, index: number) => `${name}.policies[${index}]`;

function endpointProps(libreswan: PlainObject, certificates: ReadonlyMap<string, string>): (readonly [string, Code | undefined])[] {
  const { right, rightid, rightsubnet, leftcert, left, type } = libreswan as { readonly [key: string]: string };
  const rest = Object.entries(libreswan).filter(([key, value]) => !OWN.includes(key) && value !== DEFAULTS[key]);
  const extra = rest.filter(([key]) => propOf(key) === undefined);
  return [
    ['certificate', certificateCode(leftcert, certificates)],
    ['host', literal(right)],
    ['type', member('IpsecConnectionType', IpsecConnectionType, type)],
    ['remoteSubnet', optional(rightsubnet)],
    ['left', left === DEFAULTS.left ? undefined : left === RhacmTemplate.NODE_NAME ? NODE_NAME : optional(left)],
    ['peerIdentity', identityCode(right, rightid)],
    ...rest.filter(([key]) => propOf(key) !== undefined)
      .map(([key, value]): [string, Code] => [propOf(key)!, settingCode(key, value)]),
    ['libreswanExtra', extra.length === 0 ? undefined : recordOf(extra.map(([key, value]) => [key, literal(value)]))],
  ];
}

function propOf(key: string): string | undefined {
  if (Object.hasOwn(OF_PROPS, key)) return OF_PROPS[key];
  return Object.hasOwn(LIBRESWAN_KINDS, key) && key !== 'libreswanExtra' ? key : undefined;
}

function settingCode(key: string, value: unknown): Code {
  if (Object.hasOwn(ENUMS, key)) return member(...ENUMS[key], value);
  if (LISTS.includes(key) && typeof value === 'string') return listOf(value.split(',').map(literal));
  return literal(value);
}

function certificateCode(nickname: string, certificates: ReadonlyMap<string, string>): Code {
  const known = certificates.get(nickname);
  if (known !== undefined) return variable(known);
  return call('IpsecCertificate.fromNickname', ['IpsecCertificate'], [literal(nickname)],
    (name: string) => IpsecCertificate.fromNickname(name));
}

function identityCode(host: string, rightid: unknown): Code | undefined {
  if (rightid === undefined || rightid === PeerIdentity._ofHost(host).rightid) return undefined;
  if (rightid === '%fromcert') {
    return call('PeerIdentity.fromCertificate', ['PeerIdentity'], [], () => PeerIdentity.fromCertificate());
  }
  return call('PeerIdentity.of', ['PeerIdentity'], [literal(rightid)], (id: string) => PeerIdentity.of(id));
}

/** The nodes that a selector means; undefined where it is none that a policy can have. */
function nodesCode(selector: unknown): Code | undefined {
  const select = (how: string, run: (...given: never[]) => unknown, args: readonly Code[]) =>
    call(`NodeSelection.${how}`, ['NodeSelection'], args, run);
  if (selector === undefined) return select('all', () => NodeSelection.all(), []);
  const labels = record(selector);
  const [[key, value], ...others] = Object.entries(labels ?? {}).concat([['', undefined]]);
  if (!labels || value === undefined) return undefined;
  if (others.length > 1) return select('labels', (all: { [label: string]: string }) => NodeSelection.labels(all), [literal(labels)]);
  if (key === HOSTNAME_LABEL) return select('hostname', (host: string) => NodeSelection.hostname(host), [literal(value)]);
  if (key.startsWith(NODE_ROLE_PREFIX) && value === '') {
    return select('role', (role: string) => NodeSelection.role(role), [literal(key.slice(NODE_ROLE_PREFIX.length))]);
  }
  return select('labels', (all: { [label: string]: string }) => NodeSelection.labels(all), [literal(labels)]);
}

function optional(value: unknown): Code | undefined {
  return value === undefined ? undefined : literal(value);
}

/** What was accepted of an object, as the prop that writes it again. */
export function acknowledged(object: PlainObject): Code | undefined {
  const accepted = Object.entries(record(at(object.metadata, 'annotations')) ?? {})
    .filter(([name]) => name.startsWith(ACKNOWLEDGE_ANNOTATION));
  if (accepted.length === 0) return undefined;
  return recordOf(accepted.map(([name, reason]) => [name.slice(ACKNOWLEDGE_ANNOTATION.length), literal(reason)]));
}
