import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ExternalIpsecEndpointProps } from './external-ipsec-endpoint-props';
import { writePolicy, PolicyPlan } from './node-network-policy';
import { Connection, ConnectionDelivery } from '../../connection/connection';
import type { PairedConnections } from '../../connection/connections';
import { nmstateInterface } from '../../connection/nmstate-interface';
import { PeerIdentity } from '../../connection/peer-identity';
import { hubTemplateIn } from '../../openshift/hub-template';
import { nameOfHost } from '../../openshift/kubernetes-names';
import { NodeSelection, NodeTarget } from '../../openshift/node-selection';
import type { IIpsecCertificate } from '../certificates/ipsec-certificate';
import type { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';

/** How many different endpoints are kept of each host: more than one peer has connections. */
const MOST_OF_HOST = 8;

/** How many hosts are kept of a cluster: more than a fleet has peers, and little memory. */
const MOST_HOSTS = 1024;

/** After so many that were new, with hardly any that was not, there is little to be hoped for. */
const PATIENCE = 256;

/** What endpoints that differ in nothing but their one node have in common. All of it was found right with the first. */
export interface AlikeEndpoints {
  readonly paired: PairedConnections;
  readonly plan: PolicyPlan;
}

interface Known extends AlikeEndpoints {
  readonly props: { readonly [prop: string]: unknown };
  /** How many props are given. */
  readonly given: number;
  readonly isList: boolean;
  readonly certificate: IIpsecCertificate;
  readonly nickname: unknown;
  readonly isOfOneCa: unknown;
  readonly rightid: unknown;
}

/** The endpoints of one cluster, by their hosts. */
class Fleet {
  public readonly byHost = new Map<string, Known[]>();
  public hits = 0;
  public misses = 0;
}

const FLEETS = new WeakMap<IpsecClusterConfig, Fleet>();

/** What is known of an endpoint from one that differs in nothing but its one node; undefined where there was none. */
export function knownAlike(props: ExternalIpsecEndpointProps): AlikeEndpoints | undefined {
  if (typeof props !== 'object' || props === null || Object.getPrototypeOf(props) !== Object.prototype) return undefined;
  const fleet = FLEETS.get(props.cluster);
  if (!fleet || !isOfOneHost(props.nodes)) return undefined;
  const candidates = fleet.byHost.get(props.host);
  if (candidates) for (const known of candidates) if (isAlike(props, known)) return hit(fleet, known);
  fleet.misses++;
  return undefined;
}

function hit(fleet: Fleet, known: Known): Known {
  fleet.hits++;
  return known;
}

/** Keeps what the next endpoint may have in common with one that was found right. */
export function keepAlike(props: ExternalIpsecEndpointProps, { paired, plan }: AlikeEndpoints): void {
  const { cluster, host, nodes, certificate, policyName, delivery } = props;
  if (Object.getPrototypeOf(props) !== Object.prototype || delivery === ConnectionDelivery.KEYFILE || !isOfOneHost(nodes)) return;
  // A name that is given is that of one policy.
  if (policyName !== undefined && !nodes._isList || !isPlain(props)) return;
  let fleet = FLEETS.get(cluster);
  if (!fleet) FLEETS.set(cluster, fleet = new Fleet());
  if (fleet.misses > PATIENCE && fleet.misses > fleet.hits) return;
  if (fleet.byHost.size >= MOST_HOSTS) fleet.byHost.clear();
  const known: Known = {
    paired,
    plan,
    props: { ...props } as { readonly [prop: string]: unknown },
    given: givenIn(props),
    isList: nodes._isList,
    certificate,
    nickname: certificate.nickname,
    isOfOneCa: isOfOneCa(certificate),
    rightid: props.peerIdentity?.rightid,
  };
  const candidates = fleet.byHost.get(host);
  if (!candidates) fleet.byHost.set(host, [known]);
  else if (candidates.unshift(known) > MOST_OF_HOST) candidates.pop();
}

/** Writes the policy of one more of them. */
export function writeAlike(scope: Construct, target: NodeTarget, alike: AlikeEndpoints): Written {
  const { paired: { interfaceName, settingsFor }, plan } = alike;
  const name = nameOfHost(plan.base, target.hostname!, plan.hashedNames);
  const policy = writePolicy(scope, 'Resource', plan, target, name, nmstateInterface(interfaceName, settingsFor(target)));
  return new WrittenAlike(alike, target, policy);
}

/** What an endpoint has written. */
export interface Written {
  readonly interfaceNames: string[];
  readonly policies: ApiObject[];
  readonly machineConfigs: ApiObject[];
  readonly connections: () => readonly Connection[];
}

/** Of thousands, hardly any is asked: their lists are made when they are. */
class WrittenAlike implements Written {
  public constructor(private readonly alike: AlikeEndpoints, private readonly target: NodeTarget, private readonly policy: ApiObject) {}

  public get interfaceNames(): string[] {
    return [this.alike.paired.interfaceName];
  }

  public get policies(): ApiObject[] {
    return [this.policy];
  }

  public get machineConfigs(): ApiObject[] {
    return [];
  }

  public connections(): readonly Connection[] {
    return [this.alike.paired.connectionFor(this.target)];
  }
}

/** Where the host is filled in on the hub, policies are named otherwise. */
function isOfOneHost(nodes: NodeSelection): nodes is NodeSelection & { readonly _targets: readonly [NodeTarget] } {
  return nodes instanceof NodeSelection && nodes._kind === 'hosts' && nodes._targets.length === 1
    && hubTemplateIn(nodes._targets[0].hostname!) === undefined;
}

/** Lists and maps may change between two endpoints. */
function isPlain(props: object): boolean {
  return Object.entries(props).every(([prop, value]) => PLAIN.includes(typeof value) || PARTS.includes(prop));
}

const PLAIN = ['string', 'number', 'boolean', 'undefined'];
/** What is compared by what it says, and the cluster, which never changes. */
const PARTS = ['cluster', 'nodes', 'certificate', 'peerIdentity'];

function givenIn(props: object): number {
  return Object.values(props).filter((value) => value !== undefined).length;
}

function isAlike(props: ExternalIpsecEndpointProps, known: Known): boolean {
  let left = known.given;
  for (const prop in props) {
    const value: unknown = props[prop as keyof ExternalIpsecEndpointProps];
    if (value === undefined) continue;
    if (value !== known.props[prop] && prop !== 'nodes' && prop !== 'certificate' && prop !== 'peerIdentity') return false;
    left--;
  }
  return left === 0 && props.nodes._isList === known.isList && isSameCertificate(props.certificate, known)
    && (props.peerIdentity === undefined || props.peerIdentity instanceof PeerIdentity && props.peerIdentity.rightid === known.rightid);
}

function isSameCertificate(certificate: IIpsecCertificate | undefined, known: Known): boolean {
  if (certificate === undefined || certificate === null) return false;
  if (certificate !== known.certificate && !(isNickname(certificate) && isNickname(known.certificate))) return false;
  return certificate.nickname === known.nickname && isOfOneCa(certificate) === known.isOfOneCa;
}

/** Whether it is no more than the name of a certificate. */
function isNickname(certificate: IIpsecCertificate): boolean {
  return typeof certificate === 'object' && Object.getPrototypeOf(certificate) === Object.prototype;
}

function isOfOneCa(certificate: IIpsecCertificate): unknown {
  return (certificate as { readonly _isOfOneCa?: unknown })._isOfOneCa;
}
