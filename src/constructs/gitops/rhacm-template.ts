import { InputError } from '../../core/input-error';
import { NODE_NAME_TEMPLATE } from '../../openshift/hub-template';
import { isObjectName } from '../../openshift/kubernetes-names';

/**
 * Values that Red Hat Advanced Cluster Management fills in, for what only reaches a cluster through `RhacmPolicies`.
 *
 * `CLUSTER_NAME` and `clusterLabel` may stand, alone or as a part, in `host`, `peerIdentity`, `remoteSubnet`, `localSubnet`, `leftid`,
 * `leftAddress` and `NodeSelection.hostname` of an `ExternalIpsecEndpoint`. A label holds no `/`, so that a subnet is a label with the
 * prefix behind it: `${RhacmTemplate.clusterLabel('storage')}/32`. `NODE_NAME` is for `left` of `nodeEndpoints`. Nobody judges what is
 * filled in; anywhere else the template would be the value, and is refused at synthesis (`hub-template-outside-policy`).
 *
 * @see https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance/governance#template-processing
 */
export class RhacmTemplate {
  /** The name of the node that a policy of `nodeEndpoints` is for; refused in any other policy. */
  public static readonly NODE_NAME = NODE_NAME_TEMPLATE;

  /** The name of the managed cluster, filled in on the hub. */
  public static readonly CLUSTER_NAME = '{{hub .ManagedClusterName hub}}';

  /**
   * A label of the managed cluster, filled in on the hub.
   *
   * @param name the label
   * @throws when it can't be a label's name
   */
  public static clusterLabel(name: string): string {
    if (!/^[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?$/.test(name)) {
      throw new InputError(`'name' ('${name}') must be the name of a label: letters, digits, '-', '_', '.' and '/'`);
    }
    return `{{hub index .ManagedClusterLabels "${name}" hub}}`;
  }

  /**
   * A key of a Secret on the hub, filled in there and encrypted for the way: the value is Base64, as Secrets have it. So it is for what
   * wants Base64, such as `data` of a Secret of yours in a chart of the rollout, and refused in the props of an endpoint.
   *
   * @param namespace the namespace of the Secret, which must be that of the policies
   * @param name the Secret's name
   * @param key the key in its data
   * @throws when one of them can't be a name
   */
  public static hubSecret(namespace: string, name: string, key: string): string {
    for (const [prop, value] of Object.entries({ namespace, name })) {
      if (!isObjectName(value)) {
        throw new InputError(`'${prop}' ('${value}') must be the name of an object: lower-case letters, digits, '-' and '.'`);
      }
    }
    if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
      throw new InputError(`'key' ('${key}') must be a key of a Secret: letters, digits, '-', '_' and '.'`);
    }
    return `{{hub fromSecret "${namespace}" "${name}" "${key}" hub}}`;
  }

  private constructor() {}
}
