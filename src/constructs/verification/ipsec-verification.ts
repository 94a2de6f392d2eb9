import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, Chart, Duration } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { SCRIPT, verificationJob } from './verification-job';
import { binding, inspectorRole, MCO_NAMESPACE, OVN_NAMESPACE, readerRole } from './verification-rights';
import { InputError } from '../../core/input-error';
import { FLAG, instance, Kind, KindsOf, listOf, mapOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { isLabelValue, isObjectName } from '../../openshift/kubernetes-names';
import { writeManifest } from '../../synthesis/manifests';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { IpsecMode } from '../cluster/ipsec-mode';
import { ExternalIpsecEndpoint } from '../endpoint/external-ipsec-endpoint';
import { certificatesBelow } from '../monitoring/expiry';
import { WatchedConnection, watchedConnections } from '../monitoring/watched-connections';

/** What `IpsecVerification` is made of. */
export interface IpsecVerificationProps {
  /** The cluster whose configuration is verified. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The MachineConfigPools whose nodes must have been updated. Each must have machines: where the control plane alone runs
   * everything, it is `['master']`.
   *
   * @default ['master', 'worker']
   */
  readonly pools?: string[];

  /**
   * The MachineConfigs that the nodes of a pool must have besides the `80-ipsec-…-extensions`, by pool: a pool is updated as well
   * before the Machine Config Operator has looked at them.
   *
   * @default - none
   */
  readonly machineConfigs?: { [pool: string]: string[] };

  /**
   * The NodeNetworkConfigurationPolicies that must be available on their nodes, as `policyNames` of the endpoints lists them.
   *
   * @default - none
   */
  readonly policies?: string[];

  /**
   * The endpoints whose encryption is proven: each node that they select is asked whether its kernel has an ESP policy and security
   * associations for it; where the nodes are to be filled in later, each node that has the connection. It needs `IpsecMonitoring` with the
   * same endpoints, whose script is asked. The ServiceAccount may then list nodes, and run commands in the pods of the
   * machine-config-daemon, which is as much as being root on every node.
   *
   * @default - none: what is verified is the rollout
   */
  readonly endpoints?: ExternalIpsecEndpoint[];

  /**
   * Constructs whose MachineConfigs bring the certificates of these endpoints, such as `CertImportMachineConfig`: what each node has
   * in its NSS database must be one of them. It needs `endpoints`.
   *
   * @default - any certificate will do
   */
  readonly certificates?: IConstruct[];

  /**
   * How long to wait for what is still under way (`activeDeadlineSeconds`): pools that are being updated, policies in progress. All
   * questions to the cluster end within it, also those that it leaves unanswered. Zero looks once, which takes 100 seconds at most.
   *
   * @default Duration.hours(1)
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/job-v1/
   */
  readonly timeout?: Duration;

  /**
   * Whether the northbound database of OVN is looked into in mode Full. It can be read only inside a privileged pod of
   * `openshift-ovn-kubernetes`, so the ServiceAccount may then run commands there, which is as much as being root on a node.
   *
   * @default true in mode Full
   */
  readonly inspectDatabase?: boolean;

  /**
   * An image with a POSIX shell (`image`), `date`, `grep`, `sed`, `sleep`, `sort`, `tail`, `timeout`, `tr`, and `oc` or `kubectl`.
   *
   * @default - `registry.redhat.io/openshift4/ose-cli-rhel9:v<minor>` (`ose-cli` for 4.15), which the cluster's pull secret opens
   * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
   */
  readonly image?: string;

  /**
   * The namespace of the Job (`metadata.namespace`), its script and its ServiceAccount.
   *
   * @default - the chart's namespace, required otherwise
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly namespace?: string;

  /**
   * The name of the Job and of everything else that it needs (`metadata.name`).
   *
   * @default 'ipsec-verification'
   * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
   */
  readonly verificationName?: string;
}

/**
 * Verifies on the cluster what the documentation has a person verify, and fails where something is not as it should be.
 *
 * It writes a Job with a script, and a ServiceAccount that may read just what the script asks for: whether the pools are
 * updated and not degraded, whether they have the `80-ipsec-…-extensions`, whether every policy is available and enacted on
 * each node, and in mode Full whether OVN's northbound database on each node says that IPsec is on. The log has a line for each; the
 * termination message names what is wrong. That packets are encrypted is proven where `endpoints` are given, and only there.
 *
 * As a hook of a GitOps tool it keeps the sync waiting until all is well. The pod passes the restricted pod security standard.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-enable_configuring-ipsec-ovn
 */
export class IpsecVerification extends Construct {
  /** The Job, for the annotations of a GitOps tool. */
  public readonly job: ApiObject;

  /**
   * @throws when there is no namespace, or a name or duration can't be one
   */
  public constructor(scope: Construct, id: string, props: IpsecVerificationProps) {
    super(scope, id);
    this.job = build(this, props, KINDS, () => writeVerification(this, props));
  }
}

const CONSTRUCT: Kind = { what: 'a construct', is: (value) => typeof (value as Partial<IConstruct> | undefined)?.node?.path === 'string' };

const KINDS: KindsOf<IpsecVerificationProps> = {
  cluster: instance(IpsecClusterConfig),
  pools: optional(listOf(TEXT, 'MachineConfigPools', "['worker']")),
  machineConfigs: optional(mapOf(listOf(TEXT, 'names'), 'lists of MachineConfigs by pool')),
  policies: optional(listOf(TEXT, 'names of policies, such as the policyNames of an endpoint')),
  endpoints: optional(listOf(instance(ExternalIpsecEndpoint), 'ExternalIpsecEndpoints')),
  certificates: optional(listOf(CONSTRUCT, 'constructs that bring certificates, such as CertImportMachineConfigs')),
  timeout: optional({
    what: 'a Duration, such as Duration.minutes(30)',
    is: (value) => typeof (value as Duration | undefined)?.toSeconds === 'function',
  }),
  inspectDatabase: optional(FLAG),
  image: optional(TEXT),
  namespace: optional(TEXT),
  verificationName: optional(TEXT),
};

function writeVerification(scope: Construct, props: IpsecVerificationProps): ApiObject {
  const { cluster, pools = ['master', 'worker'], policies = [], machineConfigs = {} } = props;
  const name = props.verificationName ?? 'ipsec-verification';
  const namespace = checkedNamespace(props.namespace ?? Chart.of(scope).namespace);
  const timeoutSeconds = (props.timeout ?? Duration.hours(1)).toSeconds();
  const inspectDatabase = cluster.mode === IpsecMode.FULL && (props.inspectDatabase ?? true);
  refuseNames(name, { pools, policies, machineConfigs: Object.values(machineConfigs).flat() });
  refuseOtherPools(machineConfigs, pools);
  if (props.inspectDatabase && !inspectDatabase) {
    throw new InputError(
      `'inspectDatabase' (true) needs mode Full, not ${cluster.mode}: otherwise OVN encrypts nothing, and its database says so; `
        + 'leave it out',
    );
  }

  const proof = proofVariables(props);
  const metadata = { name, namespace };
  const listsNodes = proof.IPSEC_CONNECTIONS?.includes('@') ?? false;
  const rights = { name, namespace, pools, policies, inspectDatabase, listsNodes };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: true };
  const script = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { [SCRIPT]: readFileSync(join(__dirname, SCRIPT), 'utf8') } };
  writeManifest(scope, 'account', account);
  writeManifest(scope, 'script', script);
  writeManifest(scope, 'reader', readerRole(rights));
  writeManifest(scope, 'reader-binding', binding('ClusterRole', rights));
  if (inspectDatabase) {
    writeManifest(scope, 'inspector', inspectorRole(rights, OVN_NAMESPACE));
    writeManifest(scope, 'inspector-binding', binding('Role', rights, OVN_NAMESPACE));
  }
  if (proof.IPSEC_CONNECTIONS !== undefined) {
    writeManifest(scope, 'prover', inspectorRole(rights, MCO_NAMESPACE));
    writeManifest(scope, 'prover-binding', binding('Role', rights, MCO_NAMESPACE));
  }
  return writeManifest(scope, 'Resource', verificationJob({
    metadata,
    image: props.image ?? defaultImage(cluster),
    timeoutSeconds,
    variables: {
      IPSEC_MODE: cluster.mode,
      IPSEC_POOLS: pools.join(' '),
      IPSEC_POLICIES: policies.join(' '),
      ...renderedNames(machineConfigs),
      ...proof,
      IPSEC_DATABASE: inspectDatabase ? 'yes' : 'no',
      IPSEC_TIMEOUT: String(timeoutSeconds),
    },
  }));
}

/** Without endpoints there is no variable, so that the Job of who does not ask for a proof stays what it was. */
function proofVariables({ endpoints = [], certificates = [] }: IpsecVerificationProps): {
  IPSEC_CONNECTIONS?: string;
  IPSEC_FINGERPRINTS?: string;
} {
  if (endpoints.length === 0) {
    if (certificates.length === 0) return {};
    throw new InputError(
      "'certificates' needs 'endpoints': nodes are asked for the certificates of connections; name the endpoints, or leave it out",
    );
  }
  const connections = [...new Set(watchedConnections(endpoints).map(askedFor))].sort().join(' ');
  const fingerprints = certificatesBelow(certificates)
    .map(({ fingerprint }) => fingerprint.replaceAll(':', ''))
    .join(' ');
  return { IPSEC_CONNECTIONS: connections, ...(fingerprints === '' ? {} : { IPSEC_FINGERPRINTS: fingerprints }) };
}

/** As the script reads it: a connection, and the labels that choose its nodes, where they are known. */
function askedFor({ name, selector }: WatchedConnection): string {
  if (selector === undefined) return name;
  return `${name}@${Object.entries(selector).map(([label, value]) => `${label}=${value}`).sort().join(',')}`;
}

function defaultImage({ openshiftVersion: { _order, _minorName } }: IpsecClusterConfig): string {
  return `registry.redhat.io/openshift4/ose-cli${_order >= 16 ? '-rhel9' : ''}:v${_minorName}`;
}

function checkedNamespace(namespace: string | undefined): string {
  if (namespace !== undefined) return namespace;
  throw new InputError(
    "'namespace' (not set) must say where the verification runs, such as 'openshift-gitops': give it here or to the chart",
  );
}

/** Without any there is no variable, so that the Job of who does not ask for them stays what it was. */
function renderedNames(machineConfigs: { readonly [pool: string]: readonly string[] }): { IPSEC_RENDERED?: string } {
  const entries = Object.entries(machineConfigs).flatMap(([pool, names]) => names.map((each) => `${pool}/${each}`));
  return entries.length === 0 ? {} : { IPSEC_RENDERED: entries.join(' ') };
}

function refuseOtherPools(machineConfigs: { readonly [pool: string]: readonly string[] }, pools: readonly string[]): void {
  for (const pool of Object.keys(machineConfigs)) {
    if (pools.includes(pool)) continue;
    throw new InputError(
      `'machineConfigs' has pool '${pool}', which 'pools' (${pools.join(', ')}) does not name: nobody would look at it; name it there too`,
    );
  }
}

function refuseNames(name: string, lists: { readonly [prop: string]: readonly string[] }): void {
  if (!isObjectName(name) || !isLabelValue(name)) {
    throw new InputError(
      `'verificationName' ('${name}') must be at most 63 lower-case letters, digits, '-' and '.', `
        + 'beginning and ending with a letter or digit',
    );
  }
  for (const [prop, values] of Object.entries(lists)) {
    for (const value of values) {
      if (!isObjectName(value)) {
        throw new InputError(`'${prop}' has '${value}', which can't be the name of an object: lower-case letters, digits, '-' and '.'`);
      }
    }
  }
  if (lists.pools.length === 0) throw new InputError("'pools' (an empty list) must name at least one MachineConfigPool, such as 'worker'");
}
