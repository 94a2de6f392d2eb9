import { Construct } from 'constructs';
import { IpsecEncapsulation, IpsecMode } from './ipsec-mode';
import { shellQuote } from './shell';
import { ENCAPSULATION_SINCE } from '../openshift/ipsec-config';
import { ESP_OVERHEAD, GENEVE_OVERHEAD, isMtu, largestClusterMtu, MTU_RANGE } from '../openshift/mtu';
import { availability, describeFloor, OpenShiftVersion } from '../openshift/openshift-version';
import { Platform, PLATFORMS_WITH_EXTERNAL_IPSEC } from '../openshift/platform';
import type { SynthesisFacts } from '../rules/facts';
import { Acknowledgements } from '../synthesis/acknowledgements';
import { InputError } from '../synthesis/input-error';
import { writeManifest } from '../synthesis/manifests';

/** What `IpsecClusterConfig` is made of. */
export interface IpsecClusterConfigProps {
  /** What is encrypted. */
  readonly mode: IpsecMode;

  /** The cluster's version: 4.15 or later, because the Network operator of 4.14 has no `ipsecConfig.mode`. */
  readonly openshiftVersion: OpenShiftVersion;

  /**
   * The platform that the cluster runs on; what is unsupported there is refused.
   *
   * @default - not checked
   */
  readonly platform?: Platform;

  /**
   * Whether traffic leaves through the host's routing table (`gatewayConfig.routingViaHost`), which IPsec to hosts outside
   * the cluster needs. `true` switches OVS hardware offload off.
   *
   * @default - not written, the cluster keeps its value; an `ExternalIpsecEndpoint` needs `true`
   */
  readonly routingViaHost?: boolean;

  /**
   * Whether traffic between pods is wrapped in UDP; for mode Full only.
   *
   * @default - not written, the operator chooses by platform
   */
  readonly encapsulation?: IpsecEncapsulation;

  /**
   * The cluster network's MTU in bytes, checked for the room that ESP needs; it is not written.
   *
   * @default - not checked
   */
  readonly clusterMtu?: number;

  /**
   * The machine network's MTU in bytes, which `clusterMtu` is checked against; it is not written.
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
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * The part of the cluster's Network operator object that IPsec needs.
 *
 * It writes `operator.openshift.io/v1` Network `cluster` with nothing but its own fields, so that a server-side apply and
 * a merge patch of it do the same and leave the rest of the object alone. It is the only owner of that object in an app.
 *
 * Changing the mode makes the Cluster Network Operator roll the `ipsec` extension out: every node reboots, one at a time.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
 */
export class IpsecClusterConfig extends Construct {
  /** What is encrypted. */
  public readonly mode: IpsecMode;

  /** The cluster's version. */
  public readonly openshiftVersion: OpenShiftVersion;

  /** The platform that the cluster runs on, where it was given. */
  public readonly platform?: Platform;

  private readonly routingViaHost?: boolean;
  private readonly spec: { [key: string]: unknown };

  /**
   * @throws when the mode can't work on this version, platform or kind of cluster, or the MTU leaves no room for ESP
   */
  public constructor(scope: Construct, id: string, props: IpsecClusterConfigProps) {
    super(scope, id);
    const acknowledgements = new Acknowledgements(this, props.acknowledge);
    this.mode = props.mode;
    this.openshiftVersion = props.openshiftVersion;
    this.platform = props.platform;
    this.routingViaHost = props.routingViaHost;

    refuseUnsupportedCluster(props);
    refuseExternalWithoutHostRouting(props);
    judgeEncapsulation(props, acknowledgements);
    judgeMtu(props, acknowledgements);
    if (props.mode === IpsecMode.FULL && props.platform === Platform.IBM_CLOUD) {
      acknowledgements.warn('network-platform', "'platform' (IBMCloud) drops ESP: the operator wraps pod traffic in UDP 4500 there whatever 'encapsulation' says");
    }

    this.spec = networkSpec(props);
    writeManifest(this, 'Resource', {
      apiVersion: 'operator.openshift.io/v1',
      kind: 'Network',
      metadata: { name: 'cluster', annotations: acknowledgements.annotations() },
      spec: this.spec,
    }, this, clusterFacts(props));
  }

  /** The body of a merge patch (RFC 7386) that does what applying the manifest does. */
  public mergePatch(): { [key: string]: any } {
    return { spec: structuredClone(this.spec) };
  }

  /** The `oc` command that applies `mergePatch()`, quoted for a POSIX shell. */
  public ocPatchCommand(): string {
    return `oc patch networks.operator.openshift.io cluster --type=merge -p ${shellQuote(JSON.stringify(this.mergePatch()))}`;
  }

  /**
   * Throws where the nodes of this cluster can't have a live tunnel to a host outside the cluster.
   * @internal
   */
  public _requireExternalTraffic(): void {
    if (this.mode === IpsecMode.DISABLED) {
      throw new InputError('the cluster\'s \'mode\' (Disabled) has no libreswan on the nodes, so that a tunnel can\'t come up: set it to External or Full, '
        + "or give the endpoint 'state: EndpointState.ABSENT'");
    }
    if (this.routingViaHost !== true) {
      throw new InputError(`the cluster's 'routingViaHost' (${this.routingViaHost ?? 'not set'}) must be true for an endpoint outside the cluster: `
        + 'without it pod traffic leaves through OVS and passes the tunnel by; set it on IpsecClusterConfig');
    }
    refuseUnsupportedPlatform(this.platform, 'an endpoint outside the cluster');
  }
}

/** What the rules across objects need to know, and no manifest says. */
function clusterFacts({ openshiftVersion: version, platform, hostedControlPlane, rhelComputeNodes }: IpsecClusterConfigProps): SynthesisFacts {
  return { cluster: { version, platform, hostedControlPlane, rhelComputeNodes } };
}

function networkSpec({ mode, routingViaHost, encapsulation }: IpsecClusterConfigProps): { [key: string]: unknown } {
  return {
    defaultNetwork: {
      ovnKubernetesConfig: {
        ...(routingViaHost === undefined ? {} : { gatewayConfig: { routingViaHost } }),
        ipsecConfig: { mode, ...(encapsulation === undefined ? {} : { full: { encapsulation } }) },
      },
    },
  };
}

function refuseUnsupportedCluster(props: IpsecClusterConfigProps): void {
  const { mode, openshiftVersion, hostedControlPlane, rhelComputeNodes } = props;
  if (!openshiftVersion._hasIpsecMode) {
    throw new InputError(`'openshiftVersion' (${openshiftVersion}) must be 4.15 or later for IpsecClusterConfig: earlier Network operators have no ipsecConfig.mode, `
      + 'the API drops it, and the empty ipsecConfig that is left means Full');
  }
  if (mode === IpsecMode.DISABLED) return;
  if (hostedControlPlane) {
    throw new InputError(`'mode' (${mode}) must be Disabled with 'hostedControlPlane': OpenShift supports IPsec neither between pods nor to outside hosts there`);
  }
  if (rhelComputeNodes) {
    throw new InputError(`'mode' (${mode}) must be Disabled with 'rhelComputeNodes': the libreswan of a RHEL host does not match the one of the ovn-ipsec container `
      + '(OCPBUGS-53316); replace the nodes with RHCOS ones');
  }
  if (mode === IpsecMode.EXTERNAL) refuseUnsupportedPlatform(props.platform, "'mode' (External)");
}

function refuseUnsupportedPlatform(platform: Platform | undefined, what: string): void {
  if (platform === undefined || PLATFORMS_WITH_EXTERNAL_IPSEC.includes(platform)) return;
  throw new InputError(`'platform' (${platform}) does not support ${what}: OpenShift supports IPsec to hosts outside the cluster on `
    + `${PLATFORMS_WITH_EXTERNAL_IPSEC.join(', ')}`);
}

function refuseExternalWithoutHostRouting({ mode, routingViaHost }: IpsecClusterConfigProps): void {
  if (mode === IpsecMode.EXTERNAL && routingViaHost === false) {
    throw new InputError("'routingViaHost' (false) must be true, or left unset where the cluster has it already, with mode External: "
      + 'otherwise pod traffic leaves through OVS and passes every tunnel by');
  }
}

function judgeEncapsulation({ mode, encapsulation, openshiftVersion }: IpsecClusterConfigProps, acknowledgements: Acknowledgements): void {
  if (encapsulation === undefined) return;
  if (mode !== IpsecMode.FULL) {
    throw new InputError(`'encapsulation' (${encapsulation}) needs mode Full, not ${mode}: the API refuses ipsecConfig.full otherwise, and it decides nothing `
      + 'for hosts outside the cluster; leave it out');
  }
  const available = availability(openshiftVersion, ENCAPSULATION_SINCE);
  if (available === 'no') {
    throw new InputError(`'encapsulation' (${encapsulation}) is not in the Network operator of ${openshiftVersion}: ${describeFloor(ENCAPSULATION_SINCE)} have it; leave it out`);
  }
  if (available === 'unknown') {
    acknowledgements.warn('network-encapsulation', `'encapsulation' (${encapsulation}) is only in later patch levels of 4.${openshiftVersion.minor}: `
      + "an older one drops it without a word; check with 'oc explain network.operator.spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig.full'");
  }
}

function judgeMtu({ mode, clusterMtu, machineMtu }: IpsecClusterConfigProps, acknowledgements: Acknowledgements): void {
  for (const [name, mtu] of [['clusterMtu', clusterMtu], ['machineMtu', machineMtu]] as const) {
    if (mtu !== undefined && !isMtu(mtu)) {
      throw new InputError(`'${name}' (${mtu}) must be a whole number of bytes from ${MTU_RANGE.from} to ${MTU_RANGE.to}, which is what the Cluster Network Operator takes`);
    }
  }
  if (mode === IpsecMode.DISABLED || (clusterMtu === undefined && machineMtu === undefined)) return;
  if (clusterMtu === undefined || machineMtu === undefined) {
    const [given, missing] = clusterMtu === undefined ? ['machineMtu', 'clusterMtu'] : ['clusterMtu', 'machineMtu'];
    acknowledgements.warn('network-mtu-headroom', `'${given}' (${clusterMtu ?? machineMtu}) is given without '${missing}': whether ${ESP_OVERHEAD} bytes are left for ESP can't be checked; give both`);
    return;
  }
  const largest = largestClusterMtu(machineMtu);
  if (clusterMtu <= largest) return;
  const problem = `'clusterMtu' (${clusterMtu}) must be at most ${largest} on a machine network of ${machineMtu}: Geneve takes ${GENEVE_OVERHEAD} bytes and ESP ${ESP_OVERHEAD}, `
    + 'and larger packets are fragmented or dropped; lower the cluster MTU first';
  if (mode === IpsecMode.FULL) throw new InputError(problem);
  acknowledgements.warn('network-mtu-headroom', problem);
}
