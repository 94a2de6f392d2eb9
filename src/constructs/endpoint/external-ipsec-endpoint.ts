import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { writeConnection } from './connection-machine-config';
import { MAX_UNAVAILABLE_KINDS, MAX_UNAVAILABLE_PROPS } from './max-unavailable';
import { refuseInterfaceName, writePolicies } from './node-network-policy';
import { Connection, ConnectionDelivery, ConnectMode, EndpointState, IpsecConnectionType } from '../../connection/connection';
import { connectionsOf, namedBy, PairedConnections } from '../../connection/connections';
import { LIBRESWAN_KINDS, LibreswanOptions } from '../../connection/libreswan-options';
import { propNames } from '../../connection/libreswan-section';
import { nmstateInterface } from '../../connection/nmstate-interface';
import { PeerIdentity } from '../../connection/peer-identity';
import { EspProposal, IkeProposal, PROPOSAL_KINDS } from '../../connection/proposals';
import type { SubnetPair } from '../../connection/subnet-pairs';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { ACKNOWLEDGE, either, FLAG, instance, Kind, KindsOf, listOf, mapOf, member, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { isLabelValue, shortenName } from '../../openshift/kubernetes-names';
import { LIBRESWAN_EXTRA_ANNOTATION, libreswanOption } from '../../openshift/libreswan-options';
import { NodeSelection } from '../../openshift/node-selection';
import { availability } from '../../openshift/openshift-version';
import { IIpsecCertificate, IpsecCertificate } from '../certificates/ipsec-certificate';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';

/** What `ExternalIpsecEndpoint` is made of. */
export interface ExternalIpsecEndpointProps extends LibreswanOptions {
  /** The cluster whose nodes the connection is for. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The certificate that the nodes show to the peer (`leftcert`).
   *
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly certificate: IIpsecCertificate;

  /**
   * The nodes that have the connection.
   *
   * @see https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration#selecting-nodes
   */
  readonly nodes: NodeSelection;

  /**
   * The name of the connection on the node: an NMState interface of type `ipsec`, a connection id in NetworkManager.
   *
   * @see https://nmstate.io/features/ipsec.html
   */
  readonly interfaceName: string;

  /**
   * The peer (`right`): a DNS name that the node itself can resolve, or an IPv4 address.
   *
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly host: string;

  /**
   * What ESP protects.
   *
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly type: IpsecConnectionType;

  /**
   * The subnet behind the peer (`rightsubnet`) in CIDR notation; for type transport the peer itself as a `/32`.
   *
   * @default - `<host>/32` where `host` is an IPv4 address and there are no `remoteSubnets`, required without them otherwise
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly remoteSubnet?: string;

  /**
   * Subnets behind the peer in CIDR notation, each with a connection of its own, `<interfaceName>-<subnet>`, such as
   * `ipsec-storage-10-2-0-0-16` for `10.2.0.0/16`; no release of OpenShift has lists of subnets that reach libreswan.
   *
   * The connection for `remoteSubnet` keeps the plain name: leave that prop as it is where a subnet is added to a connection that is on
   * the nodes. A subnet that is taken out leaves its connection there; `IpsecTunnelRemoval` takes it away.
   *
   * @default - `remoteSubnet` alone
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly remoteSubnets?: string[];

  /**
   * The subnet behind the node (`leftsubnet`) in CIDR notation.
   *
   * @default - not written, the node itself; with `localSubnets` these alone
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly localSubnet?: string;

  /**
   * Subnets behind the node in CIDR notation. Each has a connection for each subnet behind the peer,
   * `<interfaceName>-<local subnet>-to-<remote subnet>`; the one for `localSubnet` and `remoteSubnet` keeps the plain name.
   *
   * @default - `localSubnet` alone, or the node itself
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly localSubnets?: string[];

  /**
   * The node's own address or DNS name (`left`), where `nodes` is a single host: a fixed one would be wrong on every other.
   *
   * @default - `leftByHost`; without it `%defaultroute`, the address of the interface with the default route
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly leftAddress?: string;

  /**
   * The node's own address or DNS name (`left`) for each host of `NodeSelection.hostnames`.
   *
   * @default - `leftAddress`; without it `%defaultroute`, the address of the interface with the default route
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly leftByHost?: { [hostname: string]: string };

  /**
   * The node's own address or DNS name. With several hosts a map from host to address, because a fixed one would be wrong on
   * every node but one.
   *
   * @default '%defaultroute' - the address of the interface with the default route
   * @deprecated Give `leftAddress` or `leftByHost`, which have one type in every language.
   */
  readonly left?: string | { [hostname: string]: string };

  /**
   * Whom the node accepts as the peer (`rightid`).
   *
   * @default - the peer's own name (`@<host>`) or address, which its certificate must hold
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly peerIdentity?: PeerIdentity;

  /**
   * The IKE algorithms as typed proposals, in the order of preference, such as `IkeProposal.FIPS`; `ike` takes them as text.
   *
   * @default - `ike`; without it the node's crypto policy decides
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly ikeProposals?: IkeProposal[];

  /**
   * The ESP algorithms as typed proposals, in the order of preference, such as `EspProposal.FIPS`; `esp` takes them as text.
   *
   * @default - `esp`; without it the node's crypto policy decides
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly espProposals?: EspProposal[];

  /**
   * Whether the connection should be on the nodes. `ABSENT` keeps the policy's name, so that one edit takes the tunnel down.
   *
   * @default EndpointState.PRESENT
   */
  readonly state?: EndpointState;

  /**
   * What brings the connection to the nodes. A keyfile needs no NMState operator, and reboots the nodes of the pool once for
   * each change; its nodes are a role.
   *
   * @default ConnectionDelivery.NMSTATE
   */
  readonly delivery?: ConnectionDelivery;

  /**
   * When the node calls the peer. `ON_DEMAND` holds back what is for the peer until the tunnel is up; it needs delivery
   * `KEYFILE` and 4.19.22, 4.20.11 or 4.21.
   *
   * @default ConnectMode.START
   */
  readonly connectMode?: ConnectMode;

  /**
   * The name of the policy object; with a list of hosts, `-<host up to its first dot>` follows it.
   *
   * @default - `interfaceName`; for hosts `<interfaceName>-<host up to its first dot>`
   * @see https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration
   */
  readonly policyName?: string;

  /**
   * Whether the name of each host's policy carries a hash of the whole host name. Two hosts that share the first label need it; say
   * so from the start, because it renames all of them.
   *
   * @default false
   */
  readonly hashedNames?: boolean;

  /**
   * How many nodes may apply the policy at a time (`maxUnavailable`), from 1.
   *
   * @default - `maxUnavailablePercent`; without it not written, NMState's default is 50%
   * @see https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration
   */
  readonly maxUnavailableNodes?: number;

  /**
   * How many percent of the nodes may apply the policy at a time (`maxUnavailable`), from 1 to 100.
   *
   * @default - `maxUnavailableNodes`; without it not written, NMState's default is 50%
   * @see https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration
   */
  readonly maxUnavailablePercent?: number;

  /**
   * How many nodes may apply the policy at a time: a number, or a percentage such as `10%`.
   *
   * @default - not written, NMState's default is 50%
   * @deprecated Give `maxUnavailableNodes` or `maxUnavailablePercent`, which have one type in every language.
   */
  readonly maxUnavailable?: string | number;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * An IPsec connection between nodes of the cluster and a host outside it.
 *
 * It writes one `nmstate.io/v1` NodeNetworkConfigurationPolicy, or one a host where hosts are selected. The policies need
 * the NMState operator, mode External or Full rolled out, and the certificate in the nodes' NSS database: apply them last.
 *
 * Deleting a policy leaves the tunnel up; `state: EndpointState.ABSENT` takes it down. While a tunnel is not up, traffic to
 * the peer goes out in clear: nothing in NMState can block it, `IpsecGuard` does.
 *
 * With delivery `KEYFILE` it writes one MachineConfig instead, `99-<role>-ipsec-<interfaceName>`, which holds the same connection as a
 * keyfile of NetworkManager. Nothing brings such a connection up by itself: a unit must, at each boot. `ABSENT` leaves the keyfile
 * out and takes the connection down at the next boot; when every node is updated, the endpoint can be taken out of the app, at the
 * cost of one more reboot.
 *
 * With several subnets (`remoteSubnets`, `localSubnets`) there is a connection for each pair of them, with policies or a MachineConfig of
 * its own, so that one that is added or does not come up leaves the others alone.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-north-south-enable_configuring-ipsec-ovn
 * @see https://nmstate.io/features/ipsec.html
 */
export class ExternalIpsecEndpoint extends Construct {
  /**
   * The names of the connections on the nodes: `interfaceName`, or one for each pair of subnets, as `IpsecTunnelRemoval` takes them.
   */
  public readonly interfaceNames: string[];

  /** The names of the policy objects, in the order of the connections and the hosts; none with delivery `KEYFILE`. */
  public readonly policyNames: string[];

  /** The policy objects, in the order of the connections and the hosts, to be annotated or patched. */
  public readonly policies: ApiObject[];

  /** The name of the MachineConfig that has the keyfile, one for each connection; none with delivery `NMSTATE`. */
  public readonly machineConfigNames: string[];

  /** The MachineConfig that has the keyfile, one for each connection, to be annotated or patched; none with delivery `NMSTATE`. */
  public readonly machineConfigs: ApiObject[];

  /**
   * The connections themselves, for each pair of subnets in the order of the hosts, for whatever else is made from them.
   * @internal
   */
  public readonly _connections: readonly Connection[];

  /**
   * What it was made of, an absent one too: for its guard, and for the unit that brings it up.
   * @internal
   */
  public readonly _props: ExternalIpsecEndpointProps;

  /**
   * @throws when the cluster can't have the connection, Kubernetes or nmstate refuses a name, NetworkManager-libreswan refuses
   * a value, or the connection would not be what its props say
   */
  public constructor(scope: Construct, id: string, props: ExternalIpsecEndpointProps) {
    super(scope, id);
    const { interfaceNames, connections, policies, machineConfigs } = build(this, props, KINDS, () => writeEndpoint(this, props));
    this._connections = connections;
    this.interfaceNames = interfaceNames;
    this.policies = policies;
    this.policyNames = policies.map(({ name }) => name);
    this.machineConfigs = machineConfigs;
    this.machineConfigNames = machineConfigs.map(({ name }) => name);
    this._props = props;
  }
}

/** What an endpoint has written. */
interface Written {
  readonly interfaceNames: string[];
  readonly connections: readonly Connection[];
  readonly policies: ApiObject[];
  readonly machineConfigs: ApiObject[];
}

function writeEndpoint(scope: Construct, props: ExternalIpsecEndpointProps): Written {
  IpsecCertificate.fromNickname(props.certificate.nickname);
  refuseInterfaceName(props.interfaceName);
  const paired = connectionsOf({ ...props, ...defaultCa(props) });
  const interfaceNames = paired.map(({ interfaceName }) => interfaceName);
  const connections = paired.flatMap((each) => each.connections);
  if (props.delivery !== ConnectionDelivery.KEYFILE) {
    return { interfaceNames, connections, policies: paired.flatMap((each, i) => writePair(scope, props, each, i)), machineConfigs: [] };
  }
  const machineConfigs = paired.map((each, i) => writeKeyfile(scope, props, each, i));
  scope.node.defaultChild = machineConfigs[0];
  return { interfaceNames, connections, policies: [], machineConfigs };
}

/**
 * Only where `rightca` is set does the node ask the peer for its certificate. The CA is that of the node's own where its import trusts no
 * other one: then nothing that was accepted is refused. A keyfile stays as it is: a byte that moves in it reboots nodes.
 */
function defaultCa(props: ExternalIpsecEndpointProps): { rightca?: string } {
  const { rightca, rightcert, rightrsasigkey, delivery, cluster, certificate } = props;
  const isSaid = rightca !== undefined || rightcert !== undefined || (rightrsasigkey ?? '%cert') !== '%cert';
  if (isSaid || delivery === ConnectionDelivery.KEYFILE) return {};
  const isOfOneCa = (certificate as { readonly _isOfOneCa?: boolean })._isOfOneCa === true;
  return isOfOneCa && availability(cluster.openshiftVersion, libreswanOption('rightca')!.since!) === 'yes' ? { rightca: '%same' } : {};
}

/** What the first connection is called in the scope it would be called without the others. */
function idPrefix(index: number): string {
  return index === 0 ? '' : `pair-${index}-`;
}

function writePair(
  scope: Construct,
  props: ExternalIpsecEndpointProps,
  { pair, interfaceName, connections }: PairedConnections,
  index: number,
): ApiObject[] {
  const { cluster, nodes, policyName, hashedNames, maxUnavailableNodes, maxUnavailablePercent, maxUnavailable } = props;
  const absent = props.state === EndpointState.ABSENT;
  return writePolicies(scope, {
    cluster,
    nodes,
    interfaceName,
    policyName: policyNameOf(policyName, pair),
    hashedNames,
    maxUnavailableNodes,
    maxUnavailablePercent,
    maxUnavailable,
    annotations: annotations(props, absent),
    idPrefix: idPrefix(index),
    isTunnel: !absent,
    props: propNames(props, pair),
    interfaceOf: (_, i) => nmstateInterface(connections[i]),
  });
}

/** A name that is too long with its subnets is shortened; one that is too long without them is refused as it is. */
function policyNameOf(policyName: string | undefined, pair: SubnetPair): string | undefined {
  if (policyName === undefined || pair.suffix === '' || !isLabelValue(policyName)) return policyName;
  return shortenName(namedBy(policyName, pair));
}

function writeKeyfile(
  scope: Construct,
  props: ExternalIpsecEndpointProps,
  { pair, connections: [connection] }: PairedConnections,
  index: number,
): ApiObject {
  for (const prop of ['policyName', 'hashedNames', ...MAX_UNAVAILABLE_PROPS] as const) {
    if (props[prop] === undefined) continue;
    throw new InputError(`'${prop}' (${props[prop]}) is for policies of NMState, of which delivery KEYFILE writes none: leave it out; `
      + "the MachineConfig is named by 'nodes' and 'interfaceName', and the pool says how many nodes reboot at a time");
  }
  const { cluster, nodes } = props;
  return writeConnection(scope, {
    cluster,
    nodes,
    connection,
    annotations: annotations(props, connection.state === EndpointState.ABSENT),
    id: `${idPrefix(index)}Resource`,
    props: propNames(props, pair),
  });
}

function annotations(
  { acknowledge, libreswanExtra = {} }: ExternalIpsecEndpointProps,
  absent: boolean,
): { [name: string]: string } | undefined {
  const extra = absent ? [] : Object.keys(libreswanExtra);
  const own = acknowledgementAnnotations(acknowledge);
  if (extra.length === 0) return own;
  return { ...own, [LIBRESWAN_EXTRA_ANNOTATION]: extra.join(',') };
}

const CERTIFICATE: Kind = {
  what: "a certificate: a CertImportMachineConfig, or IpsecCertificate.fromNickname('left_server')",
  is: (value) => typeof (value as Partial<IIpsecCertificate> | undefined)?.nickname === 'string',
};

const KINDS: KindsOf<ExternalIpsecEndpointProps> = {
  cluster: instance(IpsecClusterConfig),
  certificate: CERTIFICATE,
  nodes: instance(NodeSelection, "NodeSelection.hostname('worker-0.example.com')"),
  interfaceName: TEXT,
  host: TEXT,
  type: member(IpsecConnectionType),
  remoteSubnet: optional(TEXT),
  remoteSubnets: optional(listOf(TEXT, 'subnets', "['10.1.0.0/16', '10.2.0.0/16']")),
  localSubnet: optional(TEXT),
  localSubnets: optional(listOf(TEXT, 'subnets', "['10.128.0.0/14']")),
  leftAddress: optional(TEXT),
  leftByHost: optional(mapOf(TEXT, 'texts by host')),
  left: optional(either(TEXT, mapOf(TEXT, 'texts by host'))),
  peerIdentity: optional(instance(PeerIdentity, "PeerIdentity.of('@storage.example.com')")),
  state: optional(member(EndpointState)),
  delivery: optional(member(ConnectionDelivery)),
  connectMode: optional(member(ConnectMode)),
  policyName: optional(TEXT),
  hashedNames: optional(FLAG),
  ...MAX_UNAVAILABLE_KINDS,
  acknowledge: ACKNOWLEDGE,
  ...PROPOSAL_KINDS,
  ...LIBRESWAN_KINDS,
};
