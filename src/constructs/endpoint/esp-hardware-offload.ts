import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MAX_UNAVAILABLE_KINDS } from './max-unavailable';
import { writePolicies } from './node-network-policy';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { ACKNOWLEDGE, FLAG, instance, KindsOf, listOf, member, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { isKernelInterfaceName } from '../../openshift/interface-name';
import { NodeSelection } from '../../openshift/node-selection';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';

/** The kinds of network interface that have ESP offload features of their own. */
export enum NetworkInterfaceType {
  /** A network card's port. */
  ETHERNET = 'ethernet',
  /** A bond, which kernels before OpenShift 4.18 let claim ESP offload that its ports lack (OCPBUGS-39438). */
  BOND = 'bond',
}

/** The offload features that move ESP into the network card, by their kernel names. */
export enum EspOffloadFeature {
  /** Segmentation of ESP packets by the card. */
  TX_ESP_SEGMENTATION = 'tx-esp-segmentation',
  /** Encryption and decryption of ESP by the card. */
  ESP_HW_OFFLOAD = 'esp-hw-offload',
  /** Checksums of what ESP carries, by the card. */
  ESP_TX_CSUM_HW_OFFLOAD = 'esp-tx-csum-hw-offload',
}

/** What `EspHardwareOffload` is made of. */
export interface EspHardwareOffloadProps {
  /** The cluster whose nodes have the interface. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The nodes that have the interface under this name (`nodeSelector`).
   *
   * @see https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration#selecting-nodes
   */
  readonly nodes: NodeSelection;

  /**
   * The interface as the kernel names it (`name`), such as `ens2f0` or `bond1`; not one that is attached to Open vSwitch.
   *
   * @see https://nmstate.io/devel/yaml_api.html
   */
  readonly interfaceName: string;

  /**
   * What kind of interface it is (`type`).
   *
   * @see https://nmstate.io/devel/yaml_api.html
   */
  readonly interfaceType: NetworkInterfaceType;

  /**
   * The features that are switched off (`ethtool.feature`). One that `ethtool -k` prints as `[fixed]` can't be changed, and may fail
   * the policy.
   *
   * @default - all three
   * @see https://nmstate.io/devel/yaml_api.html
   */
  readonly features?: EspOffloadFeature[];

  /**
   * The name of the policy object (`metadata.name`); with a list of hosts, `-<host up to its first dot>` follows it.
   *
   * @default - `esp-offload-<interfaceName>`; for hosts `esp-offload-<interfaceName>-<host up to its first dot>`
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

/**
 * Switches ESP hardware offload off on a network interface that is not attached to Open vSwitch.
 *
 * OpenShift supports it on no interface of a node that runs IPsec. It switches it off itself on interfaces that are attached
 * to Open vSwitch; on every other one it is the administrator's job, and this does it. The policy leaves the interface's
 * addresses and routes as they are. Deleting it does not switch the offload on again.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
 */
export class EspHardwareOffload extends Construct {
  /** The names of the policy objects, in the order of the hosts. */
  public readonly policyNames: string[];

  /** The policy objects, in the order of the hosts, to be annotated or patched. */
  public readonly policies: ApiObject[];

  /**
   * @throws when the interface is one of Open vSwitch's, or a name can't be one
   */
  public constructor(scope: Construct, id: string, props: EspHardwareOffloadProps) {
    super(scope, id);
    this.policies = build(this, props, KINDS, () => writePolicies(this, {
      ...props,
      defaultName: `esp-offload-${props.interfaceName.toLowerCase().replaceAll('_', '-')}`,
      annotations: acknowledgementAnnotations(props.acknowledge),
      interfaceOf: offloadOff(props),
    }));
    this.policyNames = this.policies.map(({ name }) => name);
  }
}

const KINDS: KindsOf<EspHardwareOffloadProps> = {
  cluster: instance(IpsecClusterConfig),
  nodes: instance(NodeSelection, "NodeSelection.hostname('worker-0.example.com')"),
  interfaceName: TEXT,
  interfaceType: member(NetworkInterfaceType),
  features: optional(listOf(member(EspOffloadFeature), `${Object.values(EspOffloadFeature).join(', ')}`)),
  policyName: optional(TEXT),
  hashedNames: optional(FLAG),
  ...MAX_UNAVAILABLE_KINDS,
  acknowledge: ACKNOWLEDGE,
};

/** The interface with its features switched off, the same on every node. */
function offloadOff({ interfaceName, interfaceType, features = Object.values(EspOffloadFeature) }: EspHardwareOffloadProps): () => object {
  refuseInterface(interfaceName);
  if (features.length === 0 || new Set(features).size < features.length) {
    throw new InputError(
      `'features' (${features.join(', ') || 'an empty list'}) must name at least one feature, and each once; leave it out for all three`,
    );
  }
  return () => ({
    name: interfaceName,
    type: interfaceType,
    state: 'up',
    ethtool: { feature: Object.fromEntries(features.map((feature) => [feature, false])) },
  });
}

/** Interfaces that OVN-Kubernetes and Open vSwitch make on every node. */
const OF_OPEN_VSWITCH = /^(?:br-ex\d*|br-int|ovs-system|ovn-k8s-mp\d+|genev_sys_\d+|patch-.*)$/;

function refuseInterface(name: string): void {
  if (!isKernelInterfaceName(name)) {
    throw new InputError(
      `'interfaceName' ('${name}') must be the kernel's name of an interface: at most 15 characters, without '/', ':' and white space, `
        + 'such as \'ens2f0\'',
    );
  }
  if (OF_OPEN_VSWITCH.test(name)) {
    throw new InputError(
      `'interfaceName' ('${name}') is an interface of Open vSwitch, where OpenShift switches ESP offload off itself, `
        + 'and which NMState must leave alone: '
        + 'name an interface that is not attached to it',
    );
  }
}
