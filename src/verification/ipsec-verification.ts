import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { ConfigMap, Cpu, EnvValue, ImagePullPolicy, Job, RestartPolicy, ServiceAccount, Volume } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { grantVerification } from './verification-rights';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { IpsecMode } from '../cluster/ipsec-mode';
import { isLabelValue, isObjectName } from '../openshift/kubernetes-names';
import { InputError } from '../synthesis/input-error';

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
   * The NodeNetworkConfigurationPolicies that must be available on their nodes, as `policyNames` of the endpoints lists them.
   *
   * @default - none
   */
  readonly policies?: string[];

  /**
   * How long to wait for what is still under way: pools that are being updated, policies in progress. All questions to the
   * cluster end within it, also those that it leaves unanswered. Zero looks once, which takes 100 seconds at most.
   *
   * @default Duration.hours(1)
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
   * An image with a POSIX shell, `date`, `grep`, `sed`, `sleep`, `tail`, `timeout`, `tr`, and `oc` or `kubectl`.
   *
   * @default - `registry.redhat.io/openshift4/ose-cli-rhel9:v<minor>` (`ose-cli` for 4.15), which the cluster's pull secret opens
   */
  readonly image?: string;

  /**
   * The namespace of the Job, its script and its ServiceAccount.
   *
   * @default - the chart's namespace, required otherwise
   */
  readonly namespace?: string;

  /**
   * The name of the Job and of everything else that it needs.
   *
   * @default 'ipsec-verification'
   */
  readonly verificationName?: string;
}

const SCRIPT = 'ipsec-verify.sh';
const SCRIPT_DIRECTORY = '/opt/ipsec-verification';

/** The script ends in time on its own; Kubernetes ends the pod only where it hangs. */
const GRACE_SECONDS = 120;

/**
 * Verifies on the cluster what the documentation has a person verify, and fails where something is not as it should be.
 *
 * It writes a Job with a script, and a ServiceAccount that may read just what the script asks for: whether the pools are
 * updated and not degraded, whether they have the `80-ipsec-…-extensions`, whether every policy is available and enacted on
 * each node, and in mode Full whether OVN's northbound database on each node says that IPsec is on. The log has a line for each; the
 * termination message names what is wrong. No step proves that packets are encrypted: `docs/tasks/verify.md` says how to see that.
 *
 * As a hook of a GitOps tool it keeps the sync waiting until all is well. The pod passes the restricted pod security standard.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-enable_configuring-ipsec-ovn
 */
export class IpsecVerification extends Construct {
  /** The Job, for the annotations of a GitOps tool. */
  public readonly job: Job;

  /**
   * @throws when there is no namespace, or a name or duration can't be one
   */
  public constructor(scope: Construct, id: string, props: IpsecVerificationProps) {
    super(scope, id);
    const { cluster, pools = ['master', 'worker'], policies = [] } = props;
    const name = props.verificationName ?? 'ipsec-verification';
    const namespace = props.namespace ?? Chart.of(this).namespace;
    const timeoutSeconds = (props.timeout ?? Duration.hours(1)).toSeconds();
    const inspectDatabase = cluster.mode === IpsecMode.FULL && (props.inspectDatabase ?? true);
    refuseNames(name, namespace, { pools, policies });
    if (props.inspectDatabase && !inspectDatabase) {
      throw new InputError(`'inspectDatabase' (true) needs mode Full, not ${cluster.mode}: otherwise OVN encrypts nothing, and its database says so; leave it out`);
    }

    const metadata = { name, namespace };
    const account = new ServiceAccount(this, 'account', { metadata, automountToken: true });
    const script = new ConfigMap(this, 'script', { metadata, data: { [SCRIPT]: readFileSync(join(__dirname, SCRIPT), 'utf8') } });
    grantVerification(this, { account, name, pools, policies, inspectDatabase });
    this.job = new Job(this, 'Resource', {
      metadata,
      serviceAccount: account,
      automountServiceAccountToken: true,
      restartPolicy: RestartPolicy.NEVER,
      backoffLimit: 0,
      activeDeadline: Duration.seconds(timeoutSeconds + GRACE_SECONDS),
      ttlAfterFinished: Duration.days(1),
      containers: [{
        name: 'verify',
        image: props.image ?? defaultImage(cluster),
        imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
        command: ['/bin/sh', `${SCRIPT_DIRECTORY}/${SCRIPT}`],
        envVariables: environment({
          IPSEC_MODE: cluster.mode,
          IPSEC_POOLS: pools.join(' '),
          IPSEC_POLICIES: policies.join(' '),
          IPSEC_DATABASE: inspectDatabase ? 'yes' : 'no',
          IPSEC_TIMEOUT: String(timeoutSeconds),
          // kubectl keeps what it learns of the API in the home directory, and the root file system is read-only.
          HOME: '/tmp',
        }),
        resources: { cpu: { request: Cpu.millis(10) }, memory: { request: Size.mebibytes(64) } },
        volumeMounts: [
          { path: SCRIPT_DIRECTORY, volume: Volume.fromConfigMap(this, 'script-volume', script, { name: 'script' }), readOnly: true },
          { path: '/tmp', volume: Volume.fromEmptyDir(this, 'tmp-volume', 'tmp') },
        ],
      }],
    });
    restrict(this.job);
  }
}

/** What the restricted pod security standard wants beyond what cdk8s-plus writes, without a user id, which OpenShift assigns. */
function restrict(job: Job): void {
  ApiObject.of(job).addJsonPatch(
    JsonPatch.add('/spec/template/spec/securityContext/seccompProfile', { type: 'RuntimeDefault' }),
    JsonPatch.add('/spec/template/spec/containers/0/securityContext/capabilities', { drop: ['ALL'] }),
  );
}

function defaultImage({ openshiftVersion: { minor } }: IpsecClusterConfig): string {
  return `registry.redhat.io/openshift4/ose-cli${minor >= 16 ? '-rhel9' : ''}:v4.${minor}`;
}

function environment(variables: { readonly [name: string]: string }): { [name: string]: EnvValue } {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, EnvValue.fromValue(value)]));
}

function refuseNames(name: string, namespace: string | undefined, lists: { readonly [prop: string]: readonly string[] }): void {
  if (!isObjectName(name) || !isLabelValue(name)) {
    throw new InputError(`'verificationName' ('${name}') must be at most 63 lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit`);
  }
  if (namespace === undefined) {
    throw new InputError("'namespace' (not set) must say where the verification runs, such as 'openshift-gitops': give it here or to the chart");
  }
  for (const [prop, values] of Object.entries(lists)) {
    for (const value of values) {
      if (!isObjectName(value)) throw new InputError(`'${prop}' has '${value}', which can't be the name of an object: lower-case letters, digits, '-' and '.'`);
    }
  }
  if (lists.pools.length === 0) throw new InputError("'pools' (an empty list) must name at least one MachineConfigPool, such as 'worker'");
}
