import { ImportScript } from './import-script';
import { Compression } from '../../butane/compression';
import { CaBundle } from '../../certificate/ca-bundle';
import { Pkcs12Bundle } from '../../certificate/pkcs12-bundle';
import { ACKNOWLEDGE, FLAG, instance, KindsOf, listOf, member, optional, TEXT } from '../../core/kinds';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';

/** What `CertImportMachineConfig` is made of. */
export interface CertImportMachineConfigProps {
  /** The cluster whose nodes get the certificate. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The MachineConfigPools whose nodes get it (`machineconfiguration.openshift.io/role`): `master`, `worker`, or the names of custom
   * pools.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1
   */
  readonly roles: string[];

  /** The CAs that the nodes trust for IPsec: of the peers' certificates, and of their own. */
  readonly caCertificates: CaBundle;

  /** The nodes' certificate and private key. Every node of the pools gets the same one. */
  readonly bundle: Pkcs12Bundle;

  /**
   * The file on the node that holds the bundle's password: an absolute path that outlives a reboot.
   *
   * It never comes from the MachineConfig, which would put the password beside what it protects; a DaemonSet, an
   * encrypted systemd credential or a person puts it there.
   *
   * @default - none; the bundle must open without a password then
   */
  readonly nodePasswordFile?: string;

  /**
   * Whether `nodePasswordFile` is a systemd credential, made on the node with
   * `systemd-creds encrypt --name=<nickname>.password`, so that the disk alone does not give the password away.
   *
   * @default false - the file holds the password as it is
   * @see https://systemd.io/CREDENTIALS/
   */
  readonly nodePasswordEncrypted?: boolean;

  /**
   * The certificate's name in the NSS database (`leftcert`), which the bundle's friendly name must be.
   *
   * @default 'left_server'
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly nickname?: string;

  /**
   * How the certificate gets into the NSS database.
   *
   * @default ImportScript.ROTATION_SAFE
   */
  readonly importScript?: ImportScript;

  /**
   * Whether the private key may stand readable in the manifests, where the bundle has no password: for whoever may read
   * MachineConfigs, the Git repository, or the Machine Config Server.
   *
   * @default false
   */
  readonly acceptPrivateKeyInManifest?: boolean;

  /**
   * Whether the files are compressed where that makes them shorter (`compression`); `NONE` keeps differences between versions
   * readable.
   *
   * @default Compression.AUTO
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly compression?: Compression;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

export const IMPORT_KINDS: KindsOf<CertImportMachineConfigProps> = {
  cluster: instance(IpsecClusterConfig),
  roles: listOf(TEXT, 'MachineConfigPools', "['master', 'worker']"),
  caCertificates: instance(CaBundle, "CaBundle.fromFile('ca.pem')"),
  bundle: instance(Pkcs12Bundle, "Pkcs12Bundle.fromFile('left_server.p12')"),
  // What is no path may be the password itself: refuseNodePasswordFile shows none of it.
  nodePasswordFile: optional({ what: 'a path', is: () => true }),
  nodePasswordEncrypted: optional(FLAG),
  nickname: optional(TEXT),
  importScript: optional(member(ImportScript)),
  acceptPrivateKeyInManifest: optional(FLAG),
  compression: optional(member(Compression)),
  acknowledge: ACKNOWLEDGE,
};
