import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CertImportMachineConfig, Import } from './cert-import-machine-config';
import { CertRemovalMachineConfig, Removal } from './cert-removal-machine-config';
import { disruptionPolicy } from './disruption-policy';
import { HostCertificates } from './host-certificates';
import { ImportScript } from './import-script';
import { IIpsecCertificate } from './ipsec-certificate';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { ACKNOWLEDGE, instance, KindsOf, listOf, optional } from '../../core/kinds';
import { build } from '../../core/props';
import { writeManifest } from '../../synthesis/manifests';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';

/** What `CertificateRotation` is made of. */
export interface CertificateRotationProps {
  /** The cluster whose nodes have the certificates: OpenShift 4.17 or later. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The imports whose certificates are renewed without a reboot: `CertImportMachineConfig` and `HostCertificates`, with
   * `ImportScript.ROTATION_SAFE`.
   */
  readonly certificates: IIpsecCertificate[];

  /**
   * Certificates that are taken out of the nodes' database without a reboot.
   *
   * Put a removal here in the change that puts it in the place of its import, and take it out of here one change before its
   * MachineConfigs go: what is gone from the nodes can't be restarted, and the rollout would stop.
   *
   * @default - none; a removal reboots the nodes
   */
  readonly removals?: CertRemovalMachineConfig[];

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * Makes a renewed certificate, CA, import script or unit restart the import on each node instead of rebooting it.
 *
 * It writes `operator.openshift.io/v1` MachineConfiguration `cluster` with nothing but the node disruption policy of the
 * certificates' files and units, which server-side apply merges by path and name into what others have there. The object must
 * never be deleted: keep GitOps tools from pruning it. One app has one.
 *
 * The policy counts from the moment when it stands in the object's status (`observedGeneration`): apply it before the
 * MachineConfigs that it is for change. The first import of a node reboots it all the same. The import then renews the
 * connections whose certificate or CA has changed, and no other. Where it fails, the Machine Config Operator puts the old files
 * back and stops at that node, whose tunnel is the old one still.
 *
 * Node disruption policies do not work with on-cluster layered images.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/machine_configuration/machine-config-node-disruption_machine-configs-configure
 */
export class CertificateRotation extends Construct {
  /** The MachineConfiguration, to be annotated or patched. */
  public readonly apiObject: ApiObject;

  /**
   * @throws when the cluster is older than 4.17, a certificate is not imported by a MachineConfig of this cluster or with the
   * documented script, or the API has no room for so many
   */
  public constructor(scope: Construct, id: string, props: CertificateRotationProps) {
    super(scope, id);
    this.apiObject = build(this, props, KINDS, () => writeRotation(this, props));
  }
}

const KINDS: KindsOf<CertificateRotationProps> = {
  cluster: instance(IpsecClusterConfig),
  certificates: listOf({ what: 'a certificate', is: (value) => typeof value === 'object' && value !== null }, 'certificates', '[certs]'),
  removals: optional(listOf(instance(CertRemovalMachineConfig), 'CertRemovalMachineConfig', '[removal]')),
  acknowledge: ACKNOWLEDGE,
};

function writeRotation(scope: Construct, props: CertificateRotationProps): ApiObject {
  const { cluster, certificates } = props;
  const imports = certificates.flatMap(importsOf);
  const removals = (props.removals ?? []).map(({ _removal }) => _removal);
  if (imports.length + removals.length === 0) {
    throw new InputError(
      "'certificates' (an empty list) must name what is renewed, such as [certs]; without any certificate leave the rotation out",
    );
  }
  for (const one of [...imports, ...removals]) refuseOtherCluster(one, cluster);
  refuseBoth(imports, removals);
  const annotations = acknowledgementAnnotations(props.acknowledge);
  const manifest = {
    apiVersion: 'operator.openshift.io/v1',
    kind: 'MachineConfiguration',
    metadata: { name: 'cluster', ...(annotations ? { annotations } : {}) },
    spec: { nodeDisruptionPolicy: disruptionPolicy(imports, removals) },
  };
  return writeManifest(scope, 'Resource', manifest, { cluster, facts: cluster._facts });
}

/** @throws when no MachineConfig imports the certificate, or the documented script does */
function importsOf(certificate: IIpsecCertificate): Import[] {
  if (certificate instanceof HostCertificates) return certificate.imports.map(({ _import }) => _import);
  if (!(certificate instanceof CertImportMachineConfig)) {
    throw new InputError(`'certificates' has '${certificate.nickname}', which is no CertImportMachineConfig or HostCertificates: `
      + 'a certificate that other means bring to the nodes is renewed by them, without a reboot; leave it out');
  }
  if (certificate._import.script === ImportScript.DOCUMENTED) {
    throw new InputError(
      `'certificates' has '${certificate.nickname}', which is imported with ImportScript.DOCUMENTED: run again, `
        + 'that script leaves the old certificate in use; '
        + 'use ImportScript.ROTATION_SAFE',
    );
  }
  return [certificate._import];
}

function refuseOtherCluster({ cluster, names }: Import | Removal, own: IpsecClusterConfig): void {
  if (cluster === own) return;
  throw new InputError(
    `'cluster' is not the cluster of '${names.nickname}', which is '${cluster.node.path}': each cluster has a rotation of its own`,
  );
}

/** A policy has one entry for a path: it can't restart the import when a file comes, and the removal when it goes. */
function refuseBoth(imports: readonly Import[], removals: readonly Removal[]): void {
  const imported = new Set(imports.map(({ names }) => names.nickname));
  const both = removals.find(({ names }) => imported.has(names.nickname));
  if (!both) return;
  throw new InputError(
    `'removals' has '${both.names.nickname}', which 'certificates' has too: a change of its files can restart the import or the removal, `
      + 'not both; name it once',
  );
}
