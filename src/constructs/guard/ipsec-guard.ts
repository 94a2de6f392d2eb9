import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { guardUnit } from './guard-unit';
import { ENDPOINTS, refuseEndpoints } from './guarded-endpoints';
import { writeRoleConfigs } from './node-role-configs';
import { ipsecInterfaceOf } from '../../connection/ipsec-interface';
import { guardTable } from '../../connection/nftables';
import { protectedPrefixes } from '../../connection/protected-prefixes';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { ACKNOWLEDGE, FLAG, instance, KindsOf, listOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { GUARD_ANNOTATIONS, GUARD_PATH, GuardFact } from '../../documents/guards';
import { Ipv4Cidr, isIpv4, withoutContained } from '../../openshift/ip';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { ExternalIpsecEndpoint } from '../endpoint/external-ipsec-endpoint';

/** What `IpsecGuard` is made of. */
export interface IpsecGuardProps {
  /** The cluster whose nodes are guarded. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The MachineConfigPools whose nodes are guarded (`machineconfiguration.openshift.io/role`): `master`, `worker`, or the names of
   * custom pools. A node has one of them alone: that of a custom pool takes the place of `worker`'s on its nodes, so it
   * names in `endpoints` what that one names, too.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly roles: string[];

  /**
   * The connections of these nodes; what lies behind their peers (`remoteSubnet`, `remoteSubnets`) is guarded on every node of the pools,
   * whether the node has the connection or not. One with `state: EndpointState.ABSENT` stays guarded as long as it is named here.
   */
  readonly endpoints: ExternalIpsecEndpoint[];

  /**
   * Addresses, or networks in CIDR notation, among the guarded ones that may be reached in clear.
   *
   * @default - none
   */
  readonly allowClear?: string[];

  /**
   * Whether the kubelet waits for the guard and does not start where it could not be loaded (`RequiredBy=`), so that no pod runs on an
   * open node. `systemctl stop ipsec-guard` stops the kubelet too then: switch the guard off by `nft delete table inet ipsec_guard`.
   *
   * @default false - the node works without the guard, and the failed unit says so
   * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html
   */
  readonly requiredByKubelet?: boolean;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * Keeps traffic between nodes and the peers of their connections from going in clear: what no IPsec security association carries is
 * dropped, in both directions, for the node itself and for its pods.
 *
 * It writes one MachineConfig for each role, with an nftables table of its own and the unit that loads it before the network is set
 * up. IKE and ESP pass. Applying it, each change of it and deleting it reboot every node of the pools, one at a time; deleting it is
 * how it is taken away. `systemctl stop ipsec-guard` on a node switches it off until the next boot.
 *
 * It needs `routingViaHost: true`: otherwise traffic of pods passes the host's firewall by. It guards IPv4, as the connections do.
 *
 * @see https://www.netfilter.org/projects/nftables/manpage.html
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.special.html
 */
export class IpsecGuard extends Construct {
  /** The names of the MachineConfigs, in the order of the roles. */
  public readonly machineConfigNames: string[];

  /** The MachineConfigs, in the order of the roles, to be annotated or patched. */
  public readonly machineConfigs: ApiObject[];

  /**
   * The guarded addresses, as the nodes have them: without those that others hold, in the order of the addresses.
   */
  public readonly guardedPrefixes: string[];

  /**
   * @throws when a guarded prefix would cut the nodes off from what the cluster is known to need, an endpoint is another cluster's or
   * protects certain ports alone, or an exception is no address
   */
  public constructor(scope: Construct, id: string, props: IpsecGuardProps) {
    super(scope, id);
    const { machineConfigs, guarded } = build(this, props, KINDS, () => writeGuard(this, props));
    this.machineConfigs = machineConfigs;
    this.machineConfigNames = machineConfigs.map(({ name }) => name);
    this.guardedPrefixes = guarded.map(({ network }) => network);
  }
}

const KINDS: KindsOf<IpsecGuardProps> = {
  cluster: instance(IpsecClusterConfig),
  roles: listOf(TEXT, 'MachineConfigPools', "['worker']"),
  endpoints: ENDPOINTS,
  allowClear: optional(listOf(TEXT, 'addresses', "['192.0.2.53/32']")),
  requiredByKubelet: optional(FLAG),
  acknowledge: ACKNOWLEDGE,
};

function writeGuard(scope: Construct, props: IpsecGuardProps) {
  const { cluster, roles, endpoints } = props;
  refuseEndpoints(endpoints, cluster, ': what lies behind their peers is guarded');
  for (const endpoint of endpoints) refusePorts(endpoint);
  const guarded = withoutContained(endpoints.flatMap(prefixesOf));
  const table = guardTable({ guarded, allowed: exceptions(props.allowClear), hasInterfaces: endpoints.some(hasInterface) });
  const machineConfigs = writeRoleConfigs(scope, {
    cluster,
    roles,
    name: 'ipsec-guard',
    annotations: { ...knownAddresses(cluster), ...acknowledgementAnnotations(props.acknowledge) },
    files: [{ path: GUARD_PATH, mode: 0o644, overwrite: true, contents: Buffer.from(table) }],
    units: [guardUnit(props.requiredByKubelet ?? false)],
  });
  return { machineConfigs, guarded };
}

/** Only an absent connection may come without what lies behind its peer. */
function prefixesOf({ node, _props }: ExternalIpsecEndpoint): Ipv4Cidr[] {
  const prefixes = protectedPrefixes(_props);
  if (prefixes.length > 0) return prefixes;
  throw new InputError(
    `'endpoints' has '${node.path}', which does not say what lies behind its peer: `
      + 'leave its \'remoteSubnet\' where it is as long as the guard '
      + 'names it, or leave the endpoint out',
  );
}

/** The guard knows addresses alone: what goes to other ports of the peer would never be carried by an SA, and never get through. */
function refusePorts({ node, _props: { leftprotoport, rightprotoport } }: ExternalIpsecEndpoint): void {
  const ports = rightprotoport ?? leftprotoport;
  if (ports === undefined) return;
  throw new InputError(
    `'endpoints' has '${node.path}', which protects ${ports} alone, and the guard drops everything to the same `
      + 'addresses that no SA carries: '
      + 'leave the endpoint out, or let it protect all protocols',
  );
}

function hasInterface({ _props }: ExternalIpsecEndpoint): boolean {
  const ipsecInterface = ipsecInterfaceOf(_props);
  return ipsecInterface !== undefined && ipsecInterface !== 'no';
}

function exceptions(allowClear: readonly string[] = []): Ipv4Cidr[] {
  return allowClear.map((text) => {
    const cidr = Ipv4Cidr.parse(isIpv4(text) ? `${text}/32` : text);
    if (!cidr) {
      throw new InputError(
        `'allowClear' has '${text}', which must be an IPv4 address, or a network in CIDR notation, such as '192.0.2.53/32'`,
      );
    }
    if (cidr.hasHostBits) {
      throw new InputError(
        `'allowClear' has '${text}', an address with a prefix: write '${cidr.network}' for the network, `
          + `or '${text.split('/')[0]}/32' for the host`,
      );
    }
    return cidr;
  });
}

/** What the prefixes are held against stands beside them: for the rules, and for whoever reads the MachineConfig. It moves no node. */
function knownAddresses(cluster: IpsecClusterConfig): { [annotation: string]: string } {
  const known = Object.entries(cluster._addresses) as [GuardFact, readonly string[] | undefined][];
  return Object.fromEntries(known.flatMap(([fact, addresses]) => addresses ? [[GUARD_ANNOTATIONS[fact], addresses.join(',')]] : []));
}
