import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterAddresses, refuseAddresses } from './cluster-addresses';
import { IpsecClusterConfigProps, CLUSTER_KINDS } from './ipsec-cluster-config-props';
import { IpsecMode } from './ipsec-mode';
import { FULL_PATH, installSpec, MODE_PATH, networkSpec, withoutNulls } from './network-spec';
import { shellQuote } from './shell';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { build } from '../../core/props';
import type { SynthesisFacts } from '../../documents/facts';
import { isMtu, MTU_RANGE } from '../../openshift/mtu';
import { OpenShiftVersion } from '../../openshift/openshift-version';
import { Platform } from '../../openshift/platform';
import { writeManifest } from '../../synthesis/manifests';
import type { PropNames } from '../../synthesis/prop-names';
import type { Manifest } from '../../synthesis/recorded-manifest';

/**
 * The part of the cluster's Network operator object that IPsec needs.
 *
 * It writes `operator.openshift.io/v1` Network `cluster` with nothing but its own fields, so that a server-side apply and
 * a merge patch of it do the same and leave the rest of the object alone. It is the only owner of that object in an app.
 * The object must never be deleted: keep GitOps tools from pruning it.
 *
 * Changing the mode makes the Cluster Network Operator roll the `ipsec` extension out: every node reboots, one at a time.
 * To disable IPsec, write mode Disabled; taking the manifest away changes nothing on the cluster.
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

  /** The Network object, to be annotated or patched. */
  public readonly apiObject: ApiObject;

  /**
   * What the rules need to know of the cluster, and no manifest says.
   * @internal
   */
  public readonly _facts: SynthesisFacts;

  private readonly props: IpsecClusterConfigProps;
  private carriesTunnels = false;
  private readonly annotations?: { [name: string]: string };
  private readonly spec: { [key: string]: unknown };

  /**
   * @throws when the mode can't work on this version, platform or kind of cluster, or the MTU leaves no room for ESP
   */
  public constructor(scope: Construct, id: string, props: IpsecClusterConfigProps) {
    super(scope, id);
    const { spec, annotations } = build(this, props, CLUSTER_KINDS, () => {
      refuseContradictions(props);
      refuseAddresses(props);
      return { spec: networkSpec(props), annotations: acknowledgementAnnotations(props.acknowledge) };
    });
    this.mode = props.mode;
    this.openshiftVersion = props.openshiftVersion;
    this.platform = props.platform;
    this.props = props;
    this._facts = clusterFacts(props);
    this.spec = spec;
    this.annotations = annotations;
    // Nulls belong into a merge patch: server-side apply refuses one and passes over the other. Who wrote a field takes it out by leaving
    // it out.
    this.apiObject = writeManifest(this, 'Resource', this.manifest(withoutNulls(spec)), {
      cluster: this,
      facts: this._facts,
      props: PROPS,
    });
  }

  /**
   * The body of a merge patch (RFC 7386) with what the manifest says; and a null for each field that is to go, which takes it out whoever
   * wrote it. No manifest holds one.
   */
  public mergePatch(): { [key: string]: any } {
    return { spec: structuredClone(this.spec) };
  }

  /** `mergePatch()` as JSON on one line, for languages and programs that take text: what `oc patch --type=merge -p` is given. */
  public mergePatchJson(): string {
    return JSON.stringify(this.mergePatch());
  }

  /**
   * The JSON patch (RFC 6902) that leaves mode Full where `ipsecConfig.full` is set: the documented two operations, of which
   * the first fails where it is not. Empty in mode Full, where a merge patch does everything.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.19/html/network_security/configuring-ipsec-ovn
   */
  public jsonPatch(): { [key: string]: any }[] {
    if (this.mode === IpsecMode.FULL) return this.props.removeFullOptions ? [{ op: 'remove', path: FULL_PATH }] : [];
    return [{ op: 'remove', path: FULL_PATH }, { op: 'replace', path: MODE_PATH, value: this.mode }];
  }

  /** `jsonPatch()` as JSON on one line, for languages and programs that take text: what `oc patch --type=json -p` is given. */
  public jsonPatchJson(): string {
    return JSON.stringify(this.jsonPatch());
  }

  /**
   * The `oc` command that does what applying the manifest does, and takes out whatever is to go, quoted for a POSIX shell:
   * `mergePatch()`, and `jsonPatch()` before it where `removeFullOptions` is set.
   */
  public ocPatchCommand(): string {
    const patch = (type: string, body: object) =>
      `oc patch networks.operator.openshift.io cluster --type=${type} -p ${shellQuote(JSON.stringify(body))}`;
    if (!this.props.removeFullOptions) return patch('merge', this.mergePatch());
    const rest = { spec: networkSpec({ ...this.props, removeFullOptions: false }) };
    return `${patch('json', this.jsonPatch())} && ${patch('merge', rest)}`;
  }

  /**
   * The same configuration for a cluster that is not installed yet: the contents of `manifests/cluster-network-03-config.yml`
   * (`openshift/` with the agent-based installer), put there between `create manifests` and `create cluster`.
   *
   * It has the MTU, which needs no migration at that time: `clusterMtu`, or what `machineMtu` leaves. Without both it has
   * none, and the operator leaves room for ESP in mode Full only.
   *
   * @throws when there is an `mtuMigration`
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/installing_on_bare_metal/user-provisioned-infrastructure#modifying-nwoperator-config-startup_installing-bare-metal-network-customizations
   */
  public installManifest(): { [key: string]: any } {
    if (this.props.mtuMigration) {
      throw new InputError(
        "'mtuMigration' has no place in an install manifest, because a cluster that is not installed has nothing to migrate: "
          + "leave it out, and give 'clusterMtu'",
      );
    }
    return structuredClone(this.manifest(installSpec(this.props)));
  }

  /**
   * `installManifest()` as JSON, for languages and programs that take text: the whole contents of the file, which the installer reads
   * as YAML.
   *
   * @throws when there is an `mtuMigration`
   */
  public installManifestJson(): string {
    return `${JSON.stringify(this.installManifest(), null, 2)}\n`;
  }

  /**
   * What is known of the cluster's own addresses, and stands in no manifest of it.
   * @internal
   */
  public get _addresses(): ClusterAddresses {
    const { machineNetworks, podNetworks, serviceNetworks, apiVips } = this.props;
    return { machineNetworks, podNetworks, serviceNetworks, apiVips };
  }

  /**
   * Throws where the nodes of this cluster can't have a live tunnel to a host outside the cluster, such as this policy asks for.
   * @internal
   */
  public _requireExternalTraffic(tunnel: Manifest): void {
    if (this.carriesTunnels) return;
    // Loaded here, as the rules are everywhere: to import the package takes none of them.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { refuseTunnel } = require('./refuse-tunnel') as typeof import('./refuse-tunnel');
    refuseTunnel(this.manifest(this.spec), tunnel, this._facts.cluster, PROPS_OF_CLUSTER);
    this.carriesTunnels = true;
  }

  private manifest(spec: { [key: string]: unknown }) {
    return {
      apiVersion: 'operator.openshift.io/v1',
      kind: 'Network',
      metadata: { name: 'cluster', ...(this.annotations ? { annotations: this.annotations } : {}) },
      spec,
    };
  }
}

/** The props by what they write. */
const PROPS: PropNames = {
  'full': "'encapsulation'",
  'mtu': "'networkTo' of 'mtuMigration'",
  'migration.mtu.network.to': "'networkTo' of 'mtuMigration'",
};

/** The same, said to whoever makes something else for the cluster. */
const PROPS_OF_CLUSTER: PropNames = {
  'mode': "the cluster's 'mode'",
  'routingViaHost': "the cluster's 'routingViaHost'",
  'gatewayConfig.routingViaHost': "the cluster's 'routingViaHost'",
};

/** What no manifest shows: props that contradict each other. */
function refuseContradictions({ encapsulation, removeFullOptions, clusterMtu, machineMtu, mtuMigration }: IpsecClusterConfigProps): void {
  if (encapsulation !== undefined && removeFullOptions) {
    throw new InputError(`'encapsulation' (${encapsulation}) is one of the options of mode Full that 'removeFullOptions' takes out: `
      + 'give one of the two');
  }
  for (const [name, mtu] of [['clusterMtu', clusterMtu], ['machineMtu', machineMtu]] as const) {
    if (mtu === undefined || isMtu(mtu)) continue;
    throw new InputError(`'${name}' (${mtu}) must be a whole number of bytes from ${MTU_RANGE.from} to ${MTU_RANGE.to}, `
      + 'which is what the Cluster Network Operator takes');
  }
  mtuMigration?._refuseFor({ clusterMtu, machineMtu });
}

/** What the rules need to know, and no manifest says. */
function clusterFacts(props: IpsecClusterConfigProps): SynthesisFacts {
  const { openshiftVersion: version, platform, hostedControlPlane, rhelComputeNodes, clusterMtu, mtuMigration } = props;
  const machineMtu = mtuMigration?.machineTo ?? props.machineMtu;
  const { machineNetworks, podNetworks, serviceNetworks, apiVips } = props;
  const addresses = { machineNetworks, podNetworks, serviceNetworks, apiVips };
  const known = Object.values(addresses).some((list) => list !== undefined) ? { addresses } : {};
  return { cluster: { version, platform, hostedControlPlane, rhelComputeNodes, clusterMtu, machineMtu, ...known } };
}
