import { IpsecEncapsulation, IpsecMode } from './ipsec-mode';
import { MtuMigration } from './mtu-migration';
import { ACKNOWLEDGE, FLAG, instance, KindsOf, listOf, member, NUMBER, optional, TEXT } from '../../core/kinds';
import { OpenShiftVersion } from '../../openshift/openshift-version';
import { Platform } from '../../openshift/platform';

/** What `IpsecClusterConfig` is made of. */
export interface IpsecClusterConfigProps {
  /**
   * What is encrypted (`ipsecConfig.mode`).
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
   */
  readonly mode: IpsecMode;

  /** The cluster's version: 4.15 or later, because the Network operator of 4.14 has no mode of IPsec. */
  readonly openshiftVersion: OpenShiftVersion;

  /**
   * The platform that the cluster runs on; what is unsupported there is refused (`network-platform`).
   *
   * @default - not checked
   */
  readonly platform?: Platform;

  /**
   * Whether traffic leaves through the host's routing table (`gatewayConfig.routingViaHost`), which IPsec to hosts outside
   * the cluster needs. `true` switches OVS hardware offload off.
   *
   * @default - not written, the cluster keeps its value; an `ExternalIpsecEndpoint` needs `true`
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
   */
  readonly routingViaHost?: boolean;

  /**
   * Whether traffic between pods is wrapped in UDP (`ipsecConfig.full.encapsulation`); for mode Full only.
   *
   * @default - not written, the operator chooses by platform
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
   */
  readonly encapsulation?: IpsecEncapsulation;

  /**
   * Whether the cluster's `ipsecConfig.full` is taken out. It must go where encapsulation was ever set and the mode is no
   * longer Full: the API refuses one beside the other.
   *
   * No manifest can say that: it goes where this manifest wrote it and no longer does, and by `ocPatchCommand()` whoever wrote it.
   *
   * @default false - not taken out by `ocPatchCommand()`; what the manifest had before goes with it under `oc apply` and GitOps tools
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
   */
  readonly removeFullOptions?: boolean;

  /**
   * A change of the cluster network's MTU (`migration.mtu`), in two steps: `MtuMigration.start(…)`, then `MtuMigration.finalize(…)`.
   *
   * @default - not written, the cluster keeps its MTU
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
   */
  readonly mtuMigration?: MtuMigration;

  /**
   * The cluster network's MTU in bytes (`mtu`), checked for the room that ESP needs. Only `installManifest()` writes it: on a running
   * cluster it changes by `mtuMigration` alone.
   *
   * @default - not checked
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/changing-cluster-network-mtu
   */
  readonly clusterMtu?: number;

  /**
   * The MTU in bytes of the nodes' own interfaces, which `clusterMtu` is checked against; it is not written.
   *
   * @default - not checked
   */
  readonly machineMtu?: number;

  /**
   * Whether the control plane is hosted (HyperShift), where OpenShift supports no IPsec.
   *
   * @default false
   */
  readonly hostedControlPlane?: boolean;

  /**
   * Whether the cluster has compute nodes that run RHEL instead of RHCOS, where OpenShift supports no IPsec.
   *
   * @default false
   */
  readonly rhelComputeNodes?: boolean;

  /**
   * The networks of the nodes' own addresses in CIDR notation (`machineNetwork` of the installation). They are not written into the
   * Network object; subnets of connections and an `IpsecGuard` are held against them.
   *
   * @default - not known
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/installing_on_bare_metal/user-provisioned-infrastructure
   */
  readonly machineNetworks?: string[];

  /**
   * The networks of the pods in CIDR notation (`clusterNetwork`), for what `machineNetworks` are for.
   *
   * @default - not known
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/installing_on_bare_metal/user-provisioned-infrastructure
   */
  readonly podNetworks?: string[];

  /**
   * The networks of the services in CIDR notation (`serviceNetwork`), for what `machineNetworks` are for.
   *
   * @default - not known
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/installing_on_bare_metal/user-provisioned-infrastructure
   */
  readonly serviceNetworks?: string[];

  /**
   * Addresses that nodes must reach in clear (`apiVIPs`): the virtual ones of the API and of ingress, the gateway, the DNS servers;
   * for what `machineNetworks` are for. An empty list says that there are none.
   *
   * @default - not known
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/installing_on_bare_metal/user-provisioned-infrastructure
   */
  readonly apiVips?: string[];

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/** An empty or unknown mode would reach the API as `ipsecConfig: {}`, which means Full. */
export const CLUSTER_KINDS: KindsOf<IpsecClusterConfigProps> = {
  mode: member(IpsecMode),
  openshiftVersion: instance(OpenShiftVersion, "OpenShiftVersion.of('4.16')"),
  platform: optional(member(Platform)),
  routingViaHost: optional(FLAG),
  encapsulation: optional(member(IpsecEncapsulation)),
  removeFullOptions: optional(FLAG),
  mtuMigration: optional(instance(MtuMigration, 'MtuMigration.forIpsec({ machineMtu: 1500 })')),
  clusterMtu: optional(NUMBER),
  machineMtu: optional(NUMBER),
  hostedControlPlane: optional(FLAG),
  rhelComputeNodes: optional(FLAG),
  machineNetworks: optional(listOf(TEXT, 'networks', "['10.0.0.0/24']")),
  podNetworks: optional(listOf(TEXT, 'networks', "['10.128.0.0/14']")),
  serviceNetworks: optional(listOf(TEXT, 'networks', "['172.30.0.0/16']")),
  apiVips: optional(listOf(TEXT, 'addresses', "['10.0.0.2', '10.0.0.3']")),
  acknowledge: ACKNOWLEDGE,
};
