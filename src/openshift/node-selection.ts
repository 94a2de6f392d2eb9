import { withoutHubTemplates } from './hub-template';
import { isLabelKey, isLabelValue, isObjectName } from './kubernetes-names';
import { HOSTNAME_LABEL, NODE_ROLE_PREFIX } from './labels';
import { InputError } from '../core/input-error';
import { requireKind, shown } from '../core/kinds';

/** The nodes of one policy. */
export interface NodeTarget {
  /** The node, where the policy is for exactly one. */
  readonly hostname?: string;
  /** The policy's `nodeSelector`; without one it goes to every node. */
  readonly nodeSelector?: { readonly [label: string]: string };
}

/** How nodes were selected, as far as it decides what a policy may say: one node, or many that share its text. */
export type NodeSelectionKind = 'hosts' | 'role' | 'labels' | 'all';

/**
 * The nodes that a configuration is for.
 *
 * NMState policies select nodes by labels that must all be equal; there is no "in" and no "not".
 *
 * @see https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration#selecting-nodes
 */
export class NodeSelection {
  /**
   * One node, by its label `kubernetes.io/hostname`.
   *
   * @param hostname the label's value, as `oc get nodes -L kubernetes.io/hostname` prints it; a template of RHACM's hub may stand in it,
   * such as `RhacmTemplate.clusterLabel('gateway-node')`, and the policy is then named without the host
   * @throws when the text can't be the name of a node
   */
  public static hostname(hostname: string): NodeSelection {
    const known = typeof hostname === 'string' ? withoutHubTemplates(hostname, 'x') : hostname;
    const { nodeSelector } = hostTarget(known);
    if (known === hostname) return new NodeSelection('hosts', [{ hostname, nodeSelector }], false);
    return new NodeSelection('hosts', [{ hostname, nodeSelector: { [HOSTNAME_LABEL]: hostname } }], false);
  }

  /**
   * Several nodes, each with a policy of its own.
   *
   * @param hostnames the values of the nodes' labels `kubernetes.io/hostname`
   * @throws when the list is empty, names a node twice, or holds a text that can't be the name of a node
   */
  public static hostnames(hostnames: string[]): NodeSelection {
    requireKind('hostnames', hostnames, { what: "a list of node names, such as ['worker-0.example.com']", is: Array.isArray });
    if (hostnames.length === 0) {
      throw new InputError('NodeSelection.hostnames (an empty list) must name at least one node; NodeSelection.all() selects every node');
    }
    const seen = new Set<string>();
    for (const hostname of hostnames) {
      if (seen.has(hostname)) {
        throw new InputError(`NodeSelection.hostnames names '${hostname}' twice: each node gets one policy, name it once`);
      }
      seen.add(hostname);
    }
    return new NodeSelection('hosts', hostnames.map(hostTarget), true);
  }

  /**
   * All nodes of a role, by the label `node-role.kubernetes.io/<role>` with an empty value.
   *
   * @param role `worker`, `master` or the name of a custom pool
   * @throws when the text can't be a role
   */
  public static role(role: string): NodeSelection {
    const key = `${NODE_ROLE_PREFIX}${role}`;
    if (typeof role !== 'string' || role === '' || !isLabelKey(key)) {
      throw new InputError(
        `NodeSelection.role (${shown(role)}) must be the name of a node role such as 'worker': letters, digits, '-', '_' and '.', `
          + 'at most 63',
      );
    }
    return new NodeSelection('role', [{ nodeSelector: { [key]: '' } }], false);
  }

  /**
   * All nodes that have each of these labels with exactly these values.
   *
   * @param labels keys and values, for example `{ 'topology.kubernetes.io/zone': 'a' }`
   * @throws when there is none, or Kubernetes refuses a key or a value
   */
  public static labels(labels: { [key: string]: string }): NodeSelection {
    requireKind('labels', labels, {
      what: 'a map of labels',
      is: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    });
    const entries = Object.entries(labels);
    if (entries.length === 0) {
      throw new InputError('NodeSelection.labels (no labels) must name at least one label; NodeSelection.all() selects every node');
    }
    for (const [key, value] of entries) {
      if (!isLabelKey(key) || key === 'constructor') {
        throw new InputError(
          `NodeSelection.labels has the key '${key}', which Kubernetes refuses: it must be a name of at most 63 letters, digits, `
            + "'-', '_' and '.', with or without a DNS prefix and '/'",
        );
      }
      if (typeof value !== 'string' || !isLabelValue(value)) {
        throw new InputError(
          `NodeSelection.labels has the value ${shown(value)} for '${key}', which Kubernetes refuses: `
            + 'it must be empty or at most 63 letters, '
            + "digits, '-', '_' and '.', beginning and ending with a letter or digit",
        );
      }
    }
    return new NodeSelection('labels', [{ nodeSelector: Object.fromEntries(entries) }], false);
  }

  /** Every node of the cluster. */
  public static all(): NodeSelection {
    return new NodeSelection('all', [{}], false);
  }

  private constructor(
    /** @internal */
    public readonly _kind: NodeSelectionKind,
    /** @internal */
    public readonly _targets: readonly NodeTarget[],
    /**
     * Whether the selection is a list, whose policies always carry the host in their name.
     * @internal
     */
    public readonly _isList: boolean,
  ) {}
}

function hostTarget(hostname: string): NodeTarget {
  if (typeof hostname !== 'string' || !isObjectName(hostname) || !isLabelValue(hostname)) {
    throw new InputError(
      `node name (${shown(hostname)}) must be the value of the node's label kubernetes.io/hostname: at most 63 lower-case letters, `
        + 'digits, \'-\' and \'.\', '
        + "beginning and ending with a letter or digit; 'oc get nodes -L kubernetes.io/hostname' prints it",
    );
  }
  return { hostname, nodeSelector: { [HOSTNAME_LABEL]: hostname } };
}
