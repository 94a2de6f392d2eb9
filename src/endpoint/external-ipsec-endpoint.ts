import { Construct } from 'constructs';
import { EndpointState, IpsecConnectionType, LibreswanOptions } from './connection';
import { LibreswanSection } from './libreswan-section';
import { writePolicies } from './node-network-policy';
import { PeerIdentity } from './peer-identity';
import { IIpsecCertificate, IpsecCertificate } from '../cert-import/ipsec-certificate';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { LIBRESWAN_EXTRA_ANNOTATION } from '../openshift/libreswan-options';
import { NodeSelection } from '../openshift/node-selection';
import type { SynthesisFacts } from '../rules/facts';
import { Acknowledgements } from '../synthesis/acknowledgements';
import { requireKind, requireMember, requireText } from '../synthesis/checks';

/** What `ExternalIpsecEndpoint` is made of. */
export interface ExternalIpsecEndpointProps extends LibreswanOptions {
  /** The cluster whose nodes the connection is for. */
  readonly cluster: IpsecClusterConfig;

  /** The certificate that the nodes show to the peer (`leftcert`). */
  readonly certificate: IIpsecCertificate;

  /** The nodes that have the connection. */
  readonly nodes: NodeSelection;

  /** The name of the connection on the node: an NMState interface of type `ipsec`, a connection id in NetworkManager. */
  readonly interfaceName: string;

  /** The peer (`right`): a DNS name that the node itself can resolve, or an IPv4 address. */
  readonly host: string;

  /** What ESP protects. */
  readonly type: IpsecConnectionType;

  /**
   * The subnet behind the peer (`rightsubnet`) in CIDR notation; for type transport the peer itself as a `/32`.
   *
   * @default - `<host>/32` where `host` is an IPv4 address, required otherwise
   */
  readonly remoteSubnet?: string;

  /**
   * The subnet behind the node (`leftsubnet`) in CIDR notation.
   *
   * @default - not written, the node itself
   */
  readonly localSubnet?: string;

  /**
   * The node's own address or DNS name (`left`). With several hosts a map from host to address, because a fixed one would
   * be wrong on every node but one.
   *
   * @default '%defaultroute' - the address of the interface with the default route
   */
  readonly left?: string | { [hostname: string]: string };

  /**
   * Whom the node accepts as the peer (`rightid`).
   *
   * @default - the peer's own name (`@<host>`) or address, which its certificate must hold
   */
  readonly peerIdentity?: PeerIdentity;

  /**
   * Whether the connection should be on the nodes. `ABSENT` keeps the policy's name, so that one edit takes the tunnel down.
   *
   * @default EndpointState.PRESENT
   */
  readonly state?: EndpointState;

  /**
   * The name of the policy object; with a list of hosts, `-<host up to its first dot>` follows it.
   *
   * @default - `interfaceName`; for hosts `<interfaceName>-<host up to its first dot>`
   */
  readonly policyName?: string;

  /**
   * How many nodes may apply the policy at a time: a number, or a percentage such as `10%`.
   *
   * @default - not written, NMState's default is 50%
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
 * the peer goes out in clear: nothing in NMState can block it.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-north-south-enable_configuring-ipsec-ovn
 * @see https://nmstate.io/features/ipsec.html
 */
export class ExternalIpsecEndpoint extends Construct {
  /** The names of the policy objects, in the order of the hosts. */
  public readonly policyNames: string[];

  /**
   * @throws when the cluster can't have the connection, Kubernetes or nmstate refuses a name, NetworkManager-libreswan refuses
   * a value, or the connection would not be what its props say
   */
  public constructor(scope: Construct, id: string, props: ExternalIpsecEndpointProps) {
    super(scope, id);
    refuseKinds(props);
    const absent = props.state === EndpointState.ABSENT;
    const acknowledgements = new Acknowledgements(this, props.acknowledge);
    if (!absent) props.cluster._requireExternalTraffic();
    const section = absent ? undefined : new LibreswanSection(props, acknowledgements);

    this.policyNames = writePolicies(this, {
      cluster: props.cluster,
      nodes: props.nodes,
      interfaceName: props.interfaceName,
      policyName: props.policyName,
      maxUnavailable: props.maxUnavailable,
      annotations: annotations(acknowledgements, props, absent),
      facts: factsOf(props),
      interfaceOf: (target) => section
        ? { name: props.interfaceName, type: 'ipsec', libreswan: section.forTarget(target) }
        : { name: props.interfaceName, type: 'ipsec', state: 'absent' },
    });
  }
}

/** The name of a certificate that no construct imports is the user's word: no rule can look for its import. */
function factsOf({ certificate }: ExternalIpsecEndpointProps): SynthesisFacts | undefined {
  return Construct.isConstruct(certificate) ? undefined : IMPORTED_ELSEWHERE;
}

const IMPORTED_ELSEWHERE: SynthesisFacts = { importedElsewhere: true };

function annotations(
  acknowledgements: Acknowledgements, { libreswanExtra = {} }: ExternalIpsecEndpointProps, absent: boolean,
): { [name: string]: string } | undefined {
  const extra = absent ? [] : Object.keys(libreswanExtra);
  if (extra.length === 0) return acknowledgements.annotations();
  return { ...acknowledgements.annotations(), [LIBRESWAN_EXTRA_ANNOTATION]: extra.join(',') };
}

/** What types rule out, and JavaScript does not. */
function refuseKinds({ cluster, certificate, nodes, interfaceName, host, type, state, peerIdentity }: ExternalIpsecEndpointProps): void {
  requireKind('cluster', cluster, cluster instanceof IpsecClusterConfig, 'an IpsecClusterConfig');
  requireKind('certificate', certificate, typeof certificate?.nickname === 'string',
    "a certificate: a CertImportMachineConfig, or IpsecCertificate.fromNickname('left_server')");
  requireKind('nodes', nodes, nodes instanceof NodeSelection, "a NodeSelection, such as NodeSelection.hostname('worker-0.example.com')");
  requireText('interfaceName', interfaceName);
  requireText('host', host);
  requireKind('type', type, Object.values(IpsecConnectionType).includes(type), 'IpsecConnectionType.TRANSPORT or IpsecConnectionType.TUNNEL');
  requireMember('state', state, EndpointState);
  if (peerIdentity !== undefined) {
    requireKind('peerIdentity', peerIdentity, peerIdentity instanceof PeerIdentity, "a PeerIdentity, such as PeerIdentity.of('@storage.example.com')");
  }
  IpsecCertificate.fromNickname(certificate.nickname);
}
