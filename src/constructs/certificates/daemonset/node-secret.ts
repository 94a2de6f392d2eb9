import { InputError } from '../../../core/input-error';
import { KindsOf, listOf, optional, requireKind, TEXT } from '../../../core/kinds';
import { requireProps } from '../../../core/props';
import { isObjectName } from '../../../openshift/kubernetes-names';

/** Which keys of a Secret hold what. */
export interface NodeSecretOptions {
  /**
   * The key with the certificate in PEM (`tls.crt`), and after it the intermediates, if any.
   *
   * @default 'tls.crt'
   * @see https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
   */
  readonly certificateKey?: string;

  /**
   * The key with the private key in PEM (`tls.key`), without a password.
   *
   * @default 'tls.key'
   * @see https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
   */
  readonly privateKeyKey?: string;

  /**
   * The key with the CAs in PEM that the nodes trust for IPsec (`ca.crt`).
   *
   * @default 'ca.crt' - where the Secret has none, `caCertificates` of the DaemonSet must say them
   * @see https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
   */
  readonly caKey?: string;

  /**
   * The key with a PKCS#12 bundle, in place of the certificate and the private key. Its friendly name does not matter.
   *
   * @default - the Secret holds PEM, as cert-manager and `kubernetes.io/tls` have it
   */
  readonly pkcs12Key?: string;

  /**
   * The key with the bundle's password.
   *
   * @default - the bundle opens without a password
   */
  readonly passwordKey?: string;
}

/** Which keys of the Secrets of several nodes hold what, and which nodes there are. */
export interface NodeSecretsOptions extends NodeSecretOptions {
  /**
   * The nodes, by their names, where all are known. The service account may then read their Secrets, and no other one.
   *
   * @default - unknown: the service account may read every Secret of the namespace, which should hold nothing else then
   */
  readonly nodes?: string[];
}

/** What the node's name stands as in the name of its Secret. */
const NODE = '{node}';

const KEYS: KindsOf<NodeSecretOptions> = {
  certificateKey: optional(TEXT),
  privateKeyKey: optional(TEXT),
  caKey: optional(TEXT),
  pkcs12Key: optional(TEXT),
  passwordKey: optional(TEXT),
};

/**
 * The Secret that a node's certificate comes from.
 *
 * By default it has the keys that cert-manager writes: `tls.crt`, `tls.key` and `ca.crt`.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
 */
export class NodeSecret {
  /**
   * One Secret for all nodes. It is mounted into the pods, which need no right to read Secrets; a stolen node is a stolen
   * certificate of all nodes.
   *
   * @param name the Secret's name, in the namespace of the DaemonSet
   * @param options which of its keys hold what
   * @throws when Kubernetes refuses the name or a key
   */
  public static shared(name: string, options: NodeSecretOptions = {}): NodeSecret {
    requireKind('name', name, TEXT);
    requireProps('NodeSecret.shared', options, KEYS);
    if (typeof name === 'string' && name.includes(NODE)) {
      throw new InputError(`'name' ('${name}') has ${NODE}, and NodeSecret.shared is one Secret for all nodes: use NodeSecret.perNode`);
    }
    refuseName('name', name);
    return new NodeSecret(name, false, options);
  }

  /**
   * A Secret for each node. The pods ask the API for it, because a DaemonSet can mount only the same Secret on every node.
   *
   * Kubernetes knows no right to read the Secret of one's own node alone: whoever is root on one node can use the pod's service
   * account, and read what that may read. Name the `nodes` where they are known.
   *
   * @param pattern the Secrets' name, in which `{node}` stands for the name of the node: `ipsec-{node}`
   * @param options which of their keys hold what, and which nodes there are
   * @throws when the pattern has no `{node}`, or Kubernetes refuses a name or a key
   */
  public static perNode(pattern: string, options: NodeSecretsOptions = {}): NodeSecret {
    requireKind('pattern', pattern, TEXT);
    requireProps('NodeSecret.perNode', options, { ...KEYS, nodes: optional(listOf(TEXT, 'names of nodes', "['worker-0.example.com']")) });
    if (pattern.split(NODE).length !== 2) {
      throw new InputError(
        `'pattern' ('${pattern}') must have ${NODE} once, where the name of the node goes: 'ipsec-${NODE}'; `
          + 'a Secret for all nodes is NodeSecret.shared',
      );
    }
    refuseName('pattern', pattern.replace(NODE, 'node'), pattern);
    const { nodes, ...keys } = options;
    if (nodes) refuseNodes(pattern, nodes);
    return new NodeSecret(pattern, true, keys, nodes);
  }

  private constructor(
    /** @internal */ public readonly _name: string,
    /** @internal */ public readonly _perNode: boolean,
    /** @internal */ public readonly _keys: NodeSecretOptions,
    /** @internal */ public readonly _nodes?: readonly string[],
  ) {
    refuseKeys(_keys);
  }

  /** The Secret's name as a pod is told it; kubelet fills in a variable of the pod. @internal */
  public _nameIn(variable: string): string {
    return this._name.replace(NODE, `$(${variable})`);
  }

  /** The names of the Secrets, where all are known. @internal */
  public get _names(): readonly string[] | undefined {
    return this._nodes?.map((node) => secretNameOf(this._name, node));
  }
}

/** The Secret of a node. */
export function secretNameOf(pattern: string, node: string): string {
  return pattern.replace(NODE, node);
}

function refuseName(prop: string, name: string, shown = name): void {
  if (isObjectName(name)) return;
  throw new InputError(
    `'${prop}' ('${shown}') can't be the name of a Secret: at most 253 lower-case letters, digits, '-' and '.', `
      + 'beginning and ending with a letter or digit',
  );
}

function refuseNodes(pattern: string, nodes: readonly string[]): void {
  if (nodes.length === 0) {
    throw new InputError("'nodes' (an empty list) must name at least one node, or be left out where they are not known");
  }
  const seen = new Set<string>();
  for (const node of nodes) {
    if (!isObjectName(node) || !isObjectName(secretNameOf(pattern, node))) {
      throw new InputError(
        `'nodes' has '${node}', which can't be the name of a node in '${pattern}': lower-case letters, digits, '-' and '.', `
          + 'at most 253 with the rest',
      );
    }
    if (seen.has(node)) throw new InputError(`'nodes' has '${node}' twice: name each node once`);
    seen.add(node);
  }
}

function refuseKeys(keys: NodeSecretOptions): void {
  for (const [prop, key] of Object.entries(keys) as [string, string | undefined][]) {
    if (key === undefined || /^[-._a-zA-Z0-9]{1,253}$/.test(key) && key !== '.' && !key.startsWith('..')) continue;
    throw new InputError(`'${prop}' ('${key}') can't be the key of a Secret: letters, digits, '-', '_' and '.', at most 253`);
  }
  if (keys.pkcs12Key !== undefined) {
    for (const prop of ['certificateKey', 'privateKeyKey'] as const) {
      if (keys[prop] !== undefined) {
        throw new InputError(
          `'${prop}' ('${keys[prop]}') is given together with 'pkcs12Key', whose bundle holds both the certificate and its key: `
            + 'leave one of them out',
        );
      }
    }
  } else if (keys.passwordKey !== undefined) {
    throw new InputError(
      `'passwordKey' ('${keys.passwordKey}') is the password of a bundle, and 'pkcs12Key' names none: `
        + 'a private key in PEM must stand without a password',
    );
  }
}
