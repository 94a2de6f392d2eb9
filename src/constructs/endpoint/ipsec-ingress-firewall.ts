import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { ACKNOWLEDGE, instance, KindsOf, listOf, member, NUMBER, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { isKernelInterfaceName } from '../../openshift/interface-name';
import { Ipv4Cidr, isIpv6 } from '../../openshift/ip';
import { IpsecPort, IpsecPorts, NatTraversal } from '../../openshift/ipsec-ports';
import { isObjectName } from '../../openshift/kubernetes-names';
import { HOSTNAME_LABEL } from '../../openshift/labels';
import { NodeSelection } from '../../openshift/node-selection';
import { writeManifest } from '../../synthesis/manifests';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';

/** What `IpsecIngressFirewall` is made of. */
export interface IpsecIngressFirewallProps {
  /** The cluster whose nodes let the peers in. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The nodes that have connections to the peers (`nodeSelector`).
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#ingress-node-firewall-operator
   */
  readonly nodes: NodeSelection;

  /**
   * The interfaces that the peers' packets come in through (`interfaces`), as the kernel names them, such as `ens2f0`.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#ingress-node-firewall-operator
   */
  readonly interfaces: string[];

  /**
   * The peers' addresses in CIDR notation (`sourceCIDRs`): `192.0.2.7/32` for one host.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#ingress-node-firewall-operator
   */
  readonly peers: string[];

  /**
   * Whether a NAT lies between the nodes and the peers. It decides whether ESP itself has to get in, which the firewall knows
   * only as part of everything: with `NatTraversal.ALWAYS` nothing but the two UDP ports is opened.
   *
   * @default NatTraversal.POSSIBLE - both UDP ports and everything else from the peers
   */
  readonly natTraversal?: NatTraversal;

  /**
   * The order of the first rule (`order`); the others follow. A source range has each order once on the whole cluster.
   *
   * @default 1
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#ingress-node-firewall-operator
   */
  readonly firstOrder?: number;

  /**
   * The name of the object (`metadata.name`).
   *
   * @default 'ipsec-peers'
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly firewallName?: string;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * Lets IPsec peers through the Ingress Node Firewall of the nodes.
 *
 * The firewall lets everything in that no rule denies, so it is needed only where other rules deny. It knows TCP, UDP, SCTP
 * and ICMP but not ESP: a peer whose ESP packets are to get in must be let in with every protocol. What ESP does not carry is
 * then for the peer's address to be trusted with, or for the host's own firewall.
 *
 * It needs the Ingress Node Firewall operator and an `IngressNodeFirewallConfig`. Nothing here concerns firewalls and security
 * groups outside the cluster: `IpsecPorts` says what they must let through.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#ingress-node-firewall-operator
 */
export class IpsecIngressFirewall extends Construct {
  /** The object, to be annotated or patched. */
  public readonly apiObject: ApiObject;

  /**
   * @throws when the operator's webhook would refuse the object, or a peer is no IPv4 range
   */
  public constructor(scope: Construct, id: string, props: IpsecIngressFirewallProps) {
    super(scope, id);
    const { name, annotations, spec } = build(this, props, KINDS, () => checkedFirewall(props));
    this.apiObject = writeManifest(this, 'Resource', {
      apiVersion: 'ingressnodefirewall.openshift.io/v1alpha1',
      kind: 'IngressNodeFirewall',
      metadata: { name, annotations },
      spec,
    }, { cluster: props.cluster, facts: props.cluster._facts });
  }
}

const KINDS: KindsOf<IpsecIngressFirewallProps> = {
  cluster: instance(IpsecClusterConfig),
  nodes: instance(NodeSelection, "NodeSelection.role('worker')"),
  interfaces: listOf(TEXT, 'network interfaces', "['ens2f0']"),
  peers: listOf(TEXT, 'addresses in CIDR notation', "['192.0.2.7/32']"),
  natTraversal: optional(member(NatTraversal)),
  firstOrder: optional(NUMBER),
  firewallName: optional(TEXT),
  acknowledge: ACKNOWLEDGE,
};

function checkedFirewall(props: IpsecIngressFirewallProps) {
  const name = props.firewallName ?? 'ipsec-peers';
  const firstOrder = props.firstOrder ?? 1;
  const ports = IpsecPorts.between(props.natTraversal);
  if (!isObjectName(name)) {
    throw new InputError(
      `'firewallName' ('${name}') must be lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit`,
    );
  }
  refuseInterfaces(props.interfaces);
  refusePeers(props.peers);
  refuseOrder(firstOrder, ports.length);
  return {
    name,
    annotations: acknowledgementAnnotations(props.acknowledge),
    spec: {
      interfaces: props.interfaces,
      nodeSelector: labelSelector(props.nodes),
      ingress: [{ sourceCIDRs: props.peers, rules: ports.map((port, i) => rule(port, firstOrder + i)) }],
    },
  };
}

/** An empty protocol is every one, and the only one that ESP is part of. */
function rule({ port }: IpsecPort, order: number): object {
  return { order, action: 'Allow', protocolConfig: port === undefined ? { protocol: '' } : { protocol: 'UDP', udp: { ports: port } } };
}

/** Unlike a policy's selector, this one can name several hosts; an empty one selects every node. */
function labelSelector({ _targets: targets }: NodeSelection): object {
  const hostnames = targets.flatMap(({ hostname }) => hostname === undefined ? [] : [hostname]);
  if (hostnames.length > 1) return { matchExpressions: [{ key: HOSTNAME_LABEL, operator: 'In', values: hostnames }] };
  const [{ nodeSelector }] = targets;
  return nodeSelector ? { matchLabels: nodeSelector } : {};
}

function refuseInterfaces(interfaces: readonly string[]): void {
  if (interfaces.length === 0) {
    throw new InputError("'interfaces' (an empty list) must name at least one network interface, such as 'ens2f0'");
  }
  for (const name of interfaces) {
    if (!isKernelInterfaceName(name) || /^\d/.test(name)) {
      throw new InputError(
        `'interfaces' has '${name}', which must be the kernel's name of an interface: at most 15 characters, without '/', `
          + '\':\' and white space, '
          + 'and not beginning with a digit, which the firewall refuses',
      );
    }
  }
  if (new Set(interfaces).size < interfaces.length) {
    throw new InputError(`'interfaces' (${interfaces.join(', ')}) must name each interface once`);
  }
}

function refusePeers(peers: readonly string[]): void {
  if (peers.length === 0) {
    throw new InputError("'peers' (an empty list) must name at least one address in CIDR notation, such as '192.0.2.7/32'");
  }
  for (const peer of peers) {
    if (isIpv6(peer)) {
      throw new InputError(
        `'peers' has '${peer}', and OpenShift supports no IPv6 between nodes and IPsec peers outside: name an IPv4 range`,
      );
    }
    const cidr = Ipv4Cidr.parse(peer);
    if (!cidr) {
      throw new InputError(`'peers' has '${peer}', which must be an IPv4 range in CIDR notation, such as '192.0.2.7/32' for one host`);
    }
    if (cidr.hasHostBits) {
      throw new InputError(
        `'peers' has '${peer}', an address with a prefix: write '${cidr.network}' for the range, `
          + `or '${peer.split('/')[0]}/32' for the host`,
      );
    }
  }
  if (new Set(peers).size < peers.length) throw new InputError(`'peers' (${peers.join(', ')}) must name each range once`);
}

/** The order is an unsigned 32-bit number in the operator, and a signed one in the API. */
const LARGEST_ORDER = 2 ** 31 - 1;

function refuseOrder(firstOrder: number, count: number): void {
  if (Number.isInteger(firstOrder) && firstOrder >= 1 && firstOrder + count - 1 <= LARGEST_ORDER) return;
  throw new InputError(
    `'firstOrder' (${firstOrder}) must be a whole number from 1 to ${LARGEST_ORDER - count + 1}: ${count} rules are numbered from it`,
  );
}
