import { createHash } from 'crypto';
import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CliImage } from './cli-image';
import { importDaemonSet, MORE_CAS, PROGRAM } from './daemon-set-object';
import { privilegedNamespace, privilegedRole, roleBinding, secretsRole } from './daemon-set-rights';
import { NodeSecret } from './node-secret';
import { CaBundle } from '../../../certificate/ca-bundle';
import { acknowledgementAnnotations } from '../../../core/acknowledgements';
import { InputError } from '../../../core/input-error';
import { ACKNOWLEDGE, FLAG, instance, KindsOf, listOf, optional, TEXT } from '../../../core/kinds';
import { build } from '../../../core/props';
import { isLabelKey, isLabelValue, isObjectName, shortenName } from '../../../openshift/kubernetes-names';
import { writeManifest } from '../../../synthesis/manifests';
import { IpsecClusterConfig } from '../../cluster/ipsec-cluster-config';
import { DEFAULT_NICKNAME, importNames, refuseRoles } from '../import-names';
import { nodeScript } from '../import-script';
import { IIpsecCertificate } from '../ipsec-certificate';

/** What `CertImportDaemonSet` is made of. */
export interface CertImportDaemonSetProps {
  /** The cluster whose nodes get the certificate. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The roles of the nodes that get it, by their labels `node-role.kubernetes.io/<role>`: `master`, `worker`, or those of custom pools.
   *
   * @see https://kubernetes.io/docs/reference/labels-annotations-taints/
   */
  readonly roles: string[];

  /** The Secret that the certificate and its private key come from. */
  readonly secret: NodeSecret;

  /**
   * The certificate's name in the NSS database (`leftcert`).
   *
   * @default 'left_server'
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly nickname?: string;

  /**
   * CAs that the nodes trust for IPsec besides those of the Secret: of peers whose certificates another CA issues, or where the
   * Secret has none, as with an ACME issuer.
   *
   * @default - those of the Secret alone
   */
  readonly caCertificates?: CaBundle;

  /**
   * The namespace of the pods and of the Secrets (`metadata.namespace`). Nothing else should live in it: its pods may be privileged.
   *
   * @default - the chart's namespace, required otherwise
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly namespace?: string;

  /**
   * Whether the namespace is written as well, as one whose pods may be privileged.
   *
   * @default false
   */
  readonly createNamespace?: boolean;

  /**
   * The image of the pods (`image`).
   *
   * @default CliImage.imageStream() - the one of the cluster's own release, which is there on every cluster, also on a disconnected one,
   * and follows its updates; for GitOps tools that heal every difference give `CliImage.digest`
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
   */
  readonly image?: CliImage;

  /**
   * On how many nodes a pod may be away or not ready during an update of the DaemonSet
   * (`updateStrategy.rollingUpdate.maxUnavailable`): a number, or a share such as `10%`. The nodes keep their certificates meanwhile.
   *
   * @default '10%'
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/
   */
  readonly maxUnavailable?: string;

  /**
   * How important the pods are to the scheduler (`priorityClassName`).
   *
   * @default 'system-node-critical'
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
   */
  readonly priorityClassName?: string;

  /**
   * Keys of taints that the pods tolerate (`tolerations`), besides those of the roles.
   *
   * @default - none
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
   */
  readonly toleratedTaints?: string[];

  /**
   * The key of a label that a node gets (`metadata.labels`), with the value `imported`, once it has the certificate, for policies that
   * should wait for it: `NodeSelection.labels({ 'ipsec.example.com/left-server': 'imported' })`. It stays when a later import fails.
   * The node labels itself by kubelet's own right, so that no pod may change other nodes.
   *
   * @default - no label
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly nodeLabel?: string;

  /**
   * Whether a Secret that is deleted takes the certificate from the nodes, and with it the tunnels.
   *
   * @default false - the nodes keep what they have
   */
  readonly removeWithSecret?: boolean;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * Brings a certificate from a Secret to the NSS database of each node, and again whenever the Secret changes: without a reboot, a key
 * in Git, or a password file. A node that joins later gets it as its first pods start.
 *
 * It writes a DaemonSet with its scripts and the rights that it needs. On the node the key is in memory alone, until NSS has it. The pod
 * is ready while the certificate in the node's database is the Secret's; a Secret that can't be imported leaves the node as it was,
 * and the pod says why.
 *
 * Not with a `CertImportMachineConfig` of the same nickname on the same nodes: each would replace the other's certificate.
 *
 * @see https://cert-manager.io/docs/usage/certificate/
 */
export class CertImportDaemonSet extends Construct implements IIpsecCertificate {
  /** The certificate's name in the NSS database of the nodes. */
  public readonly nickname: string;

  /** The namespace of the pods, and of the Secrets that they read. */
  public readonly namespace: string;

  /** The DaemonSet, to be annotated or patched. */
  public readonly daemonSet: ApiObject;

  /**
   * @throws when there is no namespace, or a name, label or number can't be one
   */
  public constructor(scope: Construct, id: string, props: CertImportDaemonSetProps) {
    super(scope, id);
    const { daemonSet, namespace } = build(this, props, KINDS, () => writeObjects(this, props));
    this.daemonSet = daemonSet;
    this.namespace = namespace;
    this.nickname = props.nickname ?? DEFAULT_NICKNAME;
  }
}

const KINDS: KindsOf<CertImportDaemonSetProps> = {
  cluster: instance(IpsecClusterConfig),
  roles: listOf(TEXT, 'roles of nodes', "['worker']"),
  secret: instance(NodeSecret, "NodeSecret.shared('left-server')"),
  nickname: optional(TEXT),
  caCertificates: optional(instance(CaBundle, "CaBundle.fromFile('ca.pem')")),
  namespace: optional(TEXT),
  createNamespace: optional(FLAG),
  image: optional(instance(CliImage, "CliImage.digest('quay.io/…@sha256:…')")),
  maxUnavailable: optional(TEXT),
  priorityClassName: optional(TEXT),
  toleratedTaints: optional(listOf(TEXT, 'keys of taints')),
  nodeLabel: optional(TEXT),
  removeWithSecret: optional(FLAG),
  acknowledge: ACKNOWLEDGE,
};

function writeObjects(scope: Construct, props: CertImportDaemonSetProps): { readonly daemonSet: ApiObject; readonly namespace: string } {
  const { cluster, secret, roles } = props;
  const names = importNames(props.nickname ?? DEFAULT_NICKNAME);
  refuseRoles(roles);
  const namespace = checkedNamespace(props.namespace ?? Chart.of(scope).namespace);
  refuseOptions(props);
  const name = shortenName(`ipsec-cert-import${names.suffix}`);
  const metadata = { name, namespace };
  const about = { cluster, facts: cluster._facts };
  const write = (id: string, manifest: Parameters<typeof writeManifest>[2]) => writeManifest(scope, id, manifest, about);
  const scripts = scriptsOf(props);

  if (props.createNamespace) write('namespace', privilegedNamespace(namespace));
  write('account', { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false });
  write('privileged', privilegedRole(metadata));
  write('privileged-binding', roleBinding(metadata, name));
  if (secret._perNode) {
    const rights = { name: `${name}-secrets`, namespace };
    write('secrets', secretsRole(rights, secret._names));
    write('secrets-binding', roleBinding(rights, name));
  }
  write('scripts', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: scripts });
  const daemonSet = write('Resource', importDaemonSet({
    metadata: { ...metadata, annotations: acknowledgementAnnotations(props.acknowledge) },
    version: cluster.openshiftVersion,
    image: props.image ?? CliImage.imageStream(),
    secret,
    nickname: names.nickname,
    roles,
    toleratedTaints: props.toleratedTaints ?? [],
    priorityClassName: props.priorityClassName ?? 'system-node-critical',
    maxUnavailable: props.maxUnavailable ?? '10%',
    nodeLabel: props.nodeLabel === undefined ? undefined : `${props.nodeLabel}=imported`,
    removeWithSecret: props.removeWithSecret ?? false,
    hasMoreCas: props.caCertificates !== undefined,
    checksum: createHash('sha256').update(JSON.stringify(scripts)).digest('hex'),
  }));
  return { daemonSet, namespace };
}

function scriptsOf({ caCertificates, removeWithSecret }: CertImportDaemonSetProps): { readonly [file: string]: string } {
  const files = [PROGRAM, 'ipsec-from-secret-node.sh', 'ipsec-addcert.sh', ...removeWithSecret ? ['ipsec-removecert.sh'] : []];
  return {
    ...Object.fromEntries(files.map((file) => [file, nodeScript(file).toString('utf8')])),
    ...caCertificates ? { [MORE_CAS]: caCertificates._certificates.map(({ der }) => pem(der)).join('') } : {},
  };
}

function pem(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

function checkedNamespace(namespace: string | undefined): string {
  if (namespace === undefined) {
    throw new InputError(
      "'namespace' (not set) must say where the pods run and the Secrets are, such as 'ipsec': give it here or to the chart",
    );
  }
  if (isObjectName(namespace) && !namespace.includes('.') && namespace.length <= 63) return namespace;
  throw new InputError(
    `'namespace' ('${namespace}') can't be a namespace: at most 63 lower-case letters, digits and '-', `
      + 'beginning and ending with a letter or digit',
  );
}

/** Domains whose labels kubelet may not give its own node. */
const RESERVED_DOMAIN = /(?:^|\.)(?:kubernetes|k8s)\.io\//;

function refuseOptions({ maxUnavailable, priorityClassName, toleratedTaints = [], nodeLabel }: CertImportDaemonSetProps): void {
  if (maxUnavailable !== undefined && !/^(?:[1-9]\d{0,4}|(?:[1-9]\d?|100)%)$/.test(maxUnavailable)) {
    throw new InputError(
      `'maxUnavailable' ('${maxUnavailable}') must be a number of nodes from 1, or a share from '1%' to '100%': with none, `
        + 'no update of the DaemonSet could begin',
    );
  }
  if (priorityClassName !== undefined && !isObjectName(priorityClassName)) {
    throw new InputError(
      `'priorityClassName' ('${priorityClassName}') can't be the name of a PriorityClass, such as 'system-node-critical'`,
    );
  }
  for (const key of toleratedTaints) {
    if (!isLabelKey(key)) {
      throw new InputError(
        `'toleratedTaints' has '${key}', which can't be the key of a taint: a name such as 'dedicated' or 'example.com/dedicated', `
          + 'without a value or effect',
      );
    }
  }
  if (nodeLabel === undefined) return;
  if (!isLabelKey(nodeLabel) || !isLabelValue(nodeLabel.slice(nodeLabel.indexOf('/') + 1))) {
    throw new InputError(
      `'nodeLabel' ('${nodeLabel}') can't be the key of a label: a name such as 'ipsec.example.com/left-server', without a value`,
    );
  }
  if (RESERVED_DOMAIN.test(nodeLabel)) {
    throw new InputError(
      `'nodeLabel' ('${nodeLabel}') is in a domain of Kubernetes, whose labels a node may not give itself: use one of your own, `
        + 'such as \'ipsec.example.com/left-server\'',
    );
  }
}
