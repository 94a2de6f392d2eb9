import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { InputError } from '../../core/input-error';
import { KindsOf, member, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { isDnsName } from '../../openshift/ip';
import { isLabelValue, isObjectName } from '../../openshift/kubernetes-names';
import { writeManifest } from '../../synthesis/manifests';

/** Who says yes to a new version of an operator. */
export enum InstallPlanApproval {
  /** The Operator Lifecycle Manager itself. */
  AUTOMATIC = 'Automatic',
  /** A person, for the first version too. */
  MANUAL = 'Manual',
}

/** What `NmstateOperator` is made of. */
export interface NmstateOperatorProps {
  /**
   * The channel of the catalog (`channel`). On OKD, whose community catalog carries upstream's bundle, it is `alpha`;
   * `oc get packagemanifest kubernetes-nmstate-operator` says what a cluster has.
   *
   * @default 'stable'
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/operatorhub_apis/subscription-operators-coreos-com-v1alpha1
   */
  readonly channel?: string;

  /**
   * The catalog (`source`). On OKD it is `community-operators`; on a disconnected cluster the one that mirrors the operator.
   *
   * @default 'redhat-operators'
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/operatorhub_apis/subscription-operators-coreos-com-v1alpha1
   */
  readonly source?: string;

  /**
   * The namespace of the catalog (`sourceNamespace`).
   *
   * @default 'openshift-marketplace'
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/operatorhub_apis/subscription-operators-coreos-com-v1alpha1
   */
  readonly sourceNamespace?: string;

  /**
   * Who says yes to a new version (`installPlanApproval`).
   *
   * @default InstallPlanApproval.AUTOMATIC
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/operatorhub_apis/subscription-operators-coreos-com-v1alpha1
   */
  readonly installPlanApproval?: InstallPlanApproval;

  /**
   * The version to begin with (`startingCSV`), as the catalog names it, such as `kubernetes-nmstate-operator.4.16.0-202407100906`.
   *
   * @default - the newest of the channel
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/operatorhub_apis/subscription-operators-coreos-com-v1alpha1
   */
  readonly startingCsv?: string;

  /**
   * The name that NMState resolves to see whether DNS still works after a change (`probeConfiguration.dns.host`). The default is a
   * name of the internet: on a disconnected cluster it never resolves, and every policy is rolled back.
   *
   * @default - not written, NMState's default is root-servers.net
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/networking-operators#k8s-nmstate-about-the-k8s-nmstate-operator
   */
  readonly probeDnsHost?: string;

  /**
   * Where the `NMState` object is written, whose kind exists only when the operator is installed: the chart that is applied next,
   * such as `nmstate` of an `IpsecRollout`.
   *
   * @default - beside the rest; the file must be applied a second time then
   */
  readonly instanceScope?: Construct;
}

const NAMESPACE = 'openshift-nmstate';
const PACKAGE = 'kubernetes-nmstate-operator';

/**
 * Installs the Kubernetes NMState operator, which applies the policies of external IPsec endpoints to the nodes.
 *
 * It writes the Namespace, OperatorGroup and Subscription that install the operator, and the one `NMState` object that
 * starts it. The kind of the last exists only when the operator is installed: give it a chart of its own with `instanceScope`, or
 * apply the file a second time then. Of
 * several NMState objects the operator keeps the oldest, so this one has the documented name.
 *
 * On Google Cloud the operator is supported for IPsec only. It is not supported on single-node clusters, whose connections
 * `nmstatectl` in a MachineConfig sets up instead.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/networking-operators#k8s-nmstate-about-the-k8s-nmstate-operator
 */
export class NmstateOperator extends Construct {
  /** The `NMState` object, which starts the operator. */
  public readonly apiObject: ApiObject;

  /**
   * @throws when a name can't be one
   */
  public constructor(scope: Construct, id: string, props: NmstateOperatorProps = {}) {
    super(scope, id);
    const { channel = 'stable', source = 'redhat-operators', sourceNamespace = 'openshift-marketplace', startingCsv, probeDnsHost } = props;
    build(this, props, KINDS, () => refuse({ channel, source, sourceNamespace, startingCsv, probeDnsHost }));
    writeManifest(this, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
    writeManifest(this, 'group', {
      apiVersion: 'operators.coreos.com/v1',
      kind: 'OperatorGroup',
      metadata: { name: NAMESPACE, namespace: NAMESPACE },
      spec: { targetNamespaces: [NAMESPACE] },
    });
    writeManifest(this, 'subscription', {
      apiVersion: 'operators.coreos.com/v1alpha1',
      kind: 'Subscription',
      metadata: { name: PACKAGE, namespace: NAMESPACE },
      spec: {
        name: PACKAGE,
        channel,
        installPlanApproval: props.installPlanApproval ?? InstallPlanApproval.AUTOMATIC,
        source,
        sourceNamespace,
        ...(startingCsv === undefined ? {} : { startingCSV: startingCsv }),
      },
    });
    const instance = props.instanceScope === undefined ? this : new Construct(props.instanceScope, id);
    this.apiObject = writeManifest(instance, 'Resource', {
      apiVersion: 'nmstate.io/v1',
      kind: 'NMState',
      metadata: { name: 'nmstate' },
      spec: probeDnsHost === undefined ? {} : { probeConfiguration: { dns: { host: probeDnsHost } } },
    });
  }
}

const KINDS: KindsOf<NmstateOperatorProps> = {
  channel: optional(TEXT),
  source: optional(TEXT),
  sourceNamespace: optional(TEXT),
  installPlanApproval: optional(member(InstallPlanApproval)),
  startingCsv: optional(TEXT),
  probeDnsHost: optional(TEXT),
  instanceScope: optional({ what: "a construct, such as the 'nmstate' of a rollout", is: Construct.isConstruct }),
};

function refuse({ channel, probeDnsHost, ...names }: { readonly channel: string; readonly [prop: string]: string | undefined }): void {
  for (const [prop, name] of Object.entries(names)) {
    if (name === undefined || isObjectName(name)) continue;
    throw new InputError(
      `'${prop}' ('${name}') must be the name of an object: lower-case letters, digits, '-' and '.', `
        + 'beginning and ending with a letter or digit',
    );
  }
  if (channel === '' || !isLabelValue(channel)) {
    throw new InputError(
      `'channel' ('${channel}') must be the name of a channel, such as 'stable': 'oc get packagemanifest ${PACKAGE}' lists them`,
    );
  }
  if (probeDnsHost !== undefined && !isDnsName(probeDnsHost)) {
    throw new InputError(
      `'probeDnsHost' ('${probeDnsHost}') must be a DNS name that the nodes can resolve, because NMState asks for it after every change`,
    );
  }
}
