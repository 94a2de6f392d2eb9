import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { MAX_UNAVAILABLE_KINDS } from './max-unavailable';
import { writePolicies } from './node-network-policy';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { ACKNOWLEDGE, FLAG, instance, KindsOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { NodeSelection } from '../../openshift/node-selection';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';

/** What `IpsecTunnelRemoval` is made of. */
export interface IpsecTunnelRemovalProps {
  /** The cluster whose nodes have the connection. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The nodes that the connection is removed from (`nodeSelector`).
   *
   * @see https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration#selecting-nodes
   */
  readonly nodes: NodeSelection;

  /**
   * The name of the connection on the node (`name`), as the policy that made it has it.
   *
   * @see https://nmstate.io/features/ipsec.html
   */
  readonly interfaceName: string;

  /**
   * The name of the policy object (`metadata.name`); with a list of hosts, `-<host up to its first dot>` follows it. It should be the
   * name of the policy that made the connection, which this one then replaces: beside a policy that wants the connection, the one that
   * NMState applies last wins.
   *
   * @default - what `ExternalIpsecEndpoint` calls its policy: `interfaceName`; for hosts `<interfaceName>-<host up to its first dot>`
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
 * Takes a connection to a host outside the cluster down and removes it from the nodes.
 *
 * Deleting the policy that made a connection leaves the connection on the nodes; only a policy with `state: absent` removes
 * it, and this writes that. For a connection that an `ExternalIpsecEndpoint` of the same app makes, say
 * `state: EndpointState.ABSENT` there instead. When every enactment is Available, the policy can be deleted.
 *
 * The certificate and its key stay in the node's NSS database: `CertRemovalMachineConfig` takes them out.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-north-south-disable_configuring-ipsec-ovn
 */
export class IpsecTunnelRemoval extends Construct {
  /** The names of the policy objects, in the order of the hosts. */
  public readonly policyNames: string[];

  /** The policy objects, in the order of the hosts, to be annotated or patched. */
  public readonly policies: ApiObject[];

  /**
   * @throws when Kubernetes or NetworkManager refuses a name
   */
  public constructor(scope: Construct, id: string, props: IpsecTunnelRemovalProps) {
    super(scope, id);
    this.policies = build(this, props, KINDS, () => writePolicies(this, {
      ...props,
      annotations: acknowledgementAnnotations(props.acknowledge),
      interfaceOf: () => ({ name: props.interfaceName, type: 'ipsec', state: 'absent' }),
    }));
    this.policyNames = this.policies.map(({ name }) => name);
  }
}

const KINDS: KindsOf<IpsecTunnelRemovalProps> = {
  cluster: instance(IpsecClusterConfig),
  nodes: instance(NodeSelection, "NodeSelection.hostname('worker-0.example.com')"),
  interfaceName: TEXT,
  policyName: optional(TEXT),
  hashedNames: optional(FLAG),
  ...MAX_UNAVAILABLE_KINDS,
  acknowledge: ACKNOWLEDGE,
};
