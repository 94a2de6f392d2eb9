import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { DEFAULT_NICKNAME, ImportNames, importNames, refuseRoles } from './import-names';
import { nodeScript } from './import-script';
import { AGAIN, folderOf, NO_START_LIMIT, WANTED_BY } from './node-unit';
import type { Unit } from '../../butane/spec/ignition';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { ACKNOWLEDGE, instance, KindsOf, listOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { isReservedName } from '../../openshift/reserved-nickname';
import { writeManifest } from '../../synthesis/manifests';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { compileMachineConfig } from '../machine-config/machine-config-object';

/** What `CertRemovalMachineConfig` is made of. */
export interface CertRemovalMachineConfigProps {
  /** The cluster whose nodes have the certificate. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The MachineConfigPools whose nodes have it (`machineconfiguration.openshift.io/role`): `master`, `worker`, or the names of custom
   * pools.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly roles: string[];

  /**
   * The certificate's name in the NSS database (`leftcert`), as the import had it.
   *
   * @default 'left_server'
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly nickname?: string;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * Takes a certificate with its key, and the CAs that were imported for it alone, out of the nodes' NSS database.
 *
 * Deleting the MachineConfig of an import takes the files off the nodes, but leaves the certificate and its private key in
 * the database. This writes one MachineConfig for each role under the name of the import's, whose place it takes: change
 * `CertImportMachineConfig` to this in Git, and one reboot of each node does both. The script runs at boot before
 * `ipsec.service` and takes nothing that another certificate needs. When every node is updated, the MachineConfig can be
 * deleted, at the cost of one more reboot. Where a `CertificateRotation` covered the import, give this to its `removals`, and
 * the certificate is taken out without that reboot.
 *
 * Take the tunnels that use the certificate down first: `ExternalIpsecEndpoint` with `state: EndpointState.ABSENT`. A key that
 * may have been read must be revoked at its CA besides: who has copied it keeps it.
 *
 * @see https://libreswan.org/wiki/HOWTO:_Using_NSS_with_libreswan
 */
export class CertRemovalMachineConfig extends Construct {
  /** The names of the MachineConfigs, in the order of the roles. */
  public readonly machineConfigNames: string[];

  /** The MachineConfigs, in the order of the roles, to be annotated or patched. */
  public readonly machineConfigs: ApiObject[];

  /**
   * What a rotation has to know of it.
   * @internal
   */
  public readonly _removal: Removal;

  /**
   * @throws when the nickname is reserved for traffic between pods, or a name can't be one
   */
  public constructor(scope: Construct, id: string, props: CertRemovalMachineConfigProps) {
    super(scope, id);
    this.machineConfigs = build(this, props, KINDS, () => writeRemoval(this, props));
    this.machineConfigNames = this.machineConfigs.map(({ name }) => name);
    const names = importNames(props.nickname ?? DEFAULT_NICKNAME);
    this._removal = { cluster: props.cluster, names, unit: unitOf(names), roles: [...props.roles] };
  }
}

/** A removal as it stands on the nodes. */
export interface Removal {
  readonly cluster: IpsecClusterConfig;
  /** Of the import whose place it takes. */
  readonly names: ImportNames;
  readonly unit: string;
  readonly roles: readonly string[];
}

const KINDS: KindsOf<CertRemovalMachineConfigProps> = {
  cluster: instance(IpsecClusterConfig),
  roles: listOf(TEXT, 'MachineConfigPools', "['master', 'worker']"),
  nickname: optional(TEXT),
  acknowledge: ACKNOWLEDGE,
};

function writeRemoval(scope: Construct, props: CertRemovalMachineConfigProps): ApiObject[] {
  const names = importNames(props.nickname ?? DEFAULT_NICKNAME);
  refuseRoles(props.roles);
  if (isReservedName(names.nickname)) {
    throw new InputError(`'nickname' ('${names.nickname}') is not of an import: names that begin with 'ovs_' are the cluster's own; `
      + 'name the certificate that was imported');
  }
  const parts = {
    version: props.cluster.openshiftVersion,
    annotations: acknowledgementAnnotations(props.acknowledge),
    files: [{ path: REMOVAL_SCRIPT_PATH, mode: 0o740, overwrite: true, contents: nodeScript('ipsec-removecert.sh') }],
    units: [removalUnit(names)],
  };
  return props.roles.map((role) => {
    const manifest = compileMachineConfig({ ...parts, name: names.machineConfig(role), role });
    return writeManifest(scope, role, manifest, { cluster: props.cluster, facts: props.cluster._facts });
  });
}

export const REMOVAL_SCRIPT_PATH = '/usr/local/bin/ipsec-removecert.sh';

function unitOf({ unit }: ImportNames): string {
  return unit.replace('ipsec-import', 'ipsec-remove');
}

/** It only orders itself, as the import does: a certificate that stays must not keep `ipsec.service` from starting. */
function removalUnit(names: ImportNames): Unit {
  const { nickname } = names;
  const name = unitOf(names);
  return {
    contents: `[Unit]
Description=Remove the IPsec certificate ${nickname} from the NSS database
Before=ipsec.service
${NO_START_LIMIT}

[Service]
Type=oneshot
Environment=IPSEC_NICKNAME=${nickname}
ExecStart=${REMOVAL_SCRIPT_PATH}
RemainAfterExit=false
TimeoutStartSec=120
${AGAIN}
${folderOf(name)}
StandardOutput=journal

[Install]
${WANTED_BY}
`,
    enabled: true,
    name,
  };
}
