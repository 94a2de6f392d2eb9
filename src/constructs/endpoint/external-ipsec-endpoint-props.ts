import { MAX_UNAVAILABLE_KINDS } from './max-unavailable';
import { ConnectionDelivery, ConnectMode, EndpointState, IpsecConnectionType } from '../../connection/connection';
import { IPSEC_INTERFACE_KINDS } from '../../connection/ipsec-interface';
import { LIBRESWAN_KINDS, LibreswanOptions } from '../../connection/libreswan-options';
import { PeerIdentity } from '../../connection/peer-identity';
import { EspProposal, IkeProposal, PROPOSAL_KINDS } from '../../connection/proposals';
import { ACKNOWLEDGE, either, FLAG, instance, Kind, KindsOf, listOf, mapOf, member, optional, TEXT } from '../../core/kinds';
import { NodeSelection } from '../../openshift/node-selection';
import type { IIpsecCertificate } from '../certificates/ipsec-certificate';
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
   * The nodes that have the connection (`nodeSelector`).
   *
   * @see https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration#selecting-nodes
   */
  readonly nodes: NodeSelection;

  /**
   * The name of the connection on the node (`name`): an NMState interface of type `ipsec`, a connection id in NetworkManager.
   *
   * @see https://nmstate.io/features/ipsec.html
   */
  readonly interfaceName: string;

  /**
   * The peer (`right`): a DNS name that the node itself can resolve, or an IPv4 address. An address is proved by a certificate that has it as
   * an IP subject alternative name; for one that has a DNS name alone, give that as `peerIdentity`.
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
   * Subnets behind the peer in CIDR notation (`rightsubnet`), each with a connection of its own, `<interfaceName>-<subnet>`, such as
   * `ipsec-storage-10-2-0-0-16` for `10.2.0.0/16`; no release of OpenShift has lists of subnets that reach libreswan.
   *
   * The connection for `remoteSubnet` keeps the plain name: leave that prop as it is where a subnet is added to a connection that is
   * on the nodes. A subnet that is taken out leaves its connection there; `IpsecTunnelRemoval` takes it away.
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
   * Subnets behind the node in CIDR notation (`leftsubnet`). Each has a connection for each subnet behind the peer,
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
   * The node's own address or DNS name (`left`). With several hosts a map from host to address, because a fixed one would be wrong on
   * every node but one.
   *
   * @default '%defaultroute' - the address of the interface with the default route
   * @see https://libreswan.org/man/ipsec.conf.5.html
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
   * The number of the network interface that traffic goes through (`ipsec-interface`): 3 for ipsec3.
   *
   * @default - `ipsecInterfaceEnabled`; without it not written, no interface
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly ipsecInterfaceNumber?: number;

  /**
   * Whether traffic goes through a network interface of its own (`ipsec-interface`), ipsec1.
   *
   * @default - `ipsecInterfaceNumber`; without it not written, no interface
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly ipsecInterfaceEnabled?: boolean;

  /**
   * Whether the connection should be on the nodes (`state`). `ABSENT` keeps the policy's name, so that one edit takes the tunnel down.
   *
   * @default EndpointState.PRESENT
   * @see https://nmstate.io/devel/yaml_api.html
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
   * When the node calls the peer (`nm-connect-mode`). `ON_DEMAND` holds back what is for the peer until the tunnel is up; it needs
   * delivery `KEYFILE` and 4.19.22, 4.20.11 or 4.21.
   *
   * @default ConnectMode.START
   * @see https://gitlab.gnome.org/GNOME/NetworkManager-libreswan
   */
  readonly connectMode?: ConnectMode;

  /**
   * The name of the policy object (`metadata.name`); with a list of hosts, `-<host up to its first dot>` follows it.
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
   * How many nodes may apply the policy at a time (`maxUnavailable`): a number, or a percentage such as `10%`.
   *
   * @default - not written, NMState's default is 50%
   * @see https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration
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

const CERTIFICATE: Kind = {
  what: "a certificate: a CertImportMachineConfig, or IpsecCertificate.fromNickname('left_server')",
  is: (value) => typeof (value as Partial<IIpsecCertificate> | undefined)?.nickname === 'string',
};

/** What each of them has to be. */
export const ENDPOINT_KINDS: KindsOf<ExternalIpsecEndpointProps> = {
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
  ...IPSEC_INTERFACE_KINDS,
  ...LIBRESWAN_KINDS,
};
