import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CertImportMachineConfigProps, IMPORT_KINDS } from './cert-import-machine-config-props';
import { DEFAULT_NICKNAME, ImportNames, importNames, refuseNodePasswordFile, refuseRoles } from './import-names';
import { ImportScript, SCRIPT_PATH, scriptBytes } from './import-script';
import { importPathUnit, importUnit, NodePassword } from './import-unit';
import { IIpsecCertificate } from './ipsec-certificate';
import { Compression } from '../../butane/compression';
import { MachineConfigObject } from '../../butane/spec/ignition';
import { Pkcs12Bundle } from '../../certificate/pkcs12-bundle';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { build } from '../../core/props';
import type { SynthesisFacts } from '../../documents/facts';
import { MACHINE_CONFIG_ROLE_LABEL } from '../../openshift/labels';
import { writeManifest } from '../../synthesis/manifests';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { compileMachineConfig, encodePayload } from '../machine-config/machine-config-object';

/**
 * Brings a certificate to the nodes and into the NSS database that libreswan reads.
 *
 * It writes one MachineConfig for each role, with the CA file, the PKCS#12 bundle, the import script and the unit that
 * runs it at boot before `ipsec.service`. Applying it reboots every node of the pools, one at a time.
 *
 * The bundle is opened and judged at synthesis; the password that opens it here never enters a manifest. Annotations say
 * what is in it: `ipsec.cdk8s.io/certificate-subject`, `-issuer`, `-not-after` (ISO 8601, UTC) and `-sha256`; and how the
 * private key stands in the manifest: `ipsec.cdk8s.io/private-key`, `password-protected` or `readable`.
 *
 * Deleting the MachineConfig leaves the certificate and its key in the nodes' database.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#nw-ovn-ipsec-north-south-enable_configuring-ipsec-ovn
 */
export class CertImportMachineConfig extends Construct implements IIpsecCertificate {
  /** The certificate's name in the NSS database. */
  public readonly nickname: string;

  /** The names of the MachineConfigs, in the order of the roles. */
  public readonly machineConfigNames: string[];

  /** The MachineConfigs, in the order of the roles, to be annotated or patched. */
  public readonly machineConfigs: ApiObject[];

  /**
   * What a rotation has to know of it.
   * @internal
   */
  public readonly _import: Import;

  /**
   * The file with the bundle's password that each node must have; undefined where it needs none.
   * @internal
   */
  public readonly _nodePassword?: NodePassword;

  /**
   * Whether the CA file has one certificate alone, and its CA issued the node's: then no peer of another CA is trusted.
   * @internal
   */
  public readonly _isOfOneCa: boolean;

  /**
   * @throws when the certificate would not work on the node, the private key would stand readable in a manifest, or a
   * name or path can't be one
   */
  public constructor(scope: Construct, id: string, props: CertImportMachineConfigProps) {
    super(scope, id);
    this.machineConfigs = build(this, props, IMPORT_KINDS, () => writeImport(this, props));
    this.machineConfigNames = this.machineConfigs.map(({ name }) => name);
    this.nickname = props.nickname ?? DEFAULT_NICKNAME;
    this._import = {
      cluster: props.cluster,
      names: importNames(this.nickname),
      roles: [...props.roles],
      script: props.importScript ?? ImportScript.ROTATION_SAFE,
    };
    this._nodePassword = nodePassword(props);
    this._isOfOneCa = isOfOneCa(props);
  }
}

/** What a hub fills in is not known here. */
function isOfOneCa({ bundle, caCertificates: { _certificates: [ca, ...others] } }: CertImportMachineConfigProps): boolean {
  return bundle._hubTemplate === undefined && others.length === 0 && bundle._certificate.issuedBy(ca);
}

/** An import as it stands on the nodes. */
export interface Import {
  readonly cluster: IpsecClusterConfig;
  readonly names: ImportNames;
  readonly roles: readonly string[];
  readonly script: ImportScript;
}

function writeImport(scope: Construct, props: CertImportMachineConfigProps): ApiObject[] {
  const script = props.importScript ?? ImportScript.ROTATION_SAFE;
  const names = importNames(props.nickname ?? DEFAULT_NICKNAME);
  refuseRoles(props.roles);
  refusePassword(props, names);
  if (script === ImportScript.DOCUMENTED) refuseUndocumented(props, names);
  const facts: SynthesisFacts = {
    ...props.cluster._facts,
    ...(props.bundle._hubTemplate === undefined ? { bundle: props.bundle } : {}),
    caBundle: props.caCertificates,
  };
  return machineConfigs(props, names, script).map((manifest) => (
    writeManifest(scope, manifest.metadata.labels![MACHINE_CONFIG_ROLE_LABEL], manifest, { cluster: props.cluster, facts })));
}

/** The MachineConfig of each role; what they have in common is encoded once. */
function machineConfigs(props: CertImportMachineConfigProps, names: ImportNames, script: ImportScript): MachineConfigObject[] {
  const version = props.cluster.openshiftVersion;
  const compress = props.compression !== Compression.NONE;
  const file = (path: string, mode: number, bytes: Uint8Array) => (
    { path, mode, overwrite: true, contents: encodePayload(version, bytes, compress) });
  const parts = {
    version,
    compress,
    annotations: {
      ...certificateAnnotations(props.bundle),
      ...acknowledgementAnnotations({ ...exposureAcknowledged(props), ...props.acknowledge }),
    },
    files: [
      file(names.caPath, 0o400, props.caCertificates._content),
      file(names.pkcs12Path, 0o400, props.bundle._content),
      file(SCRIPT_PATH, 0o740, scriptBytes(script)),
    ],
    units: [
      importUnit(script, names, nodePassword(props)),
      ...script === ImportScript.ROTATION_SAFE ? [importPathUnit(names, nodePassword(props))] : [],
    ],
  };
  return props.roles.map((role) =>
    withHubTemplate(compileMachineConfig({ ...parts, name: names.machineConfig(role), role }), names.pkcs12Path, props.bundle),
  );
}

/** The bundle's contents as a data URL that the hub completes. Until then it is none, which Ignition's rules would refuse. */
function withHubTemplate(object: MachineConfigObject, path: string, { _hubTemplate }: Pkcs12Bundle): MachineConfigObject {
  const file = _hubTemplate === undefined ? undefined : object.spec.config?.storage?.files?.find((each) => each.path === path);
  if (file) file.contents = { compression: '', source: `data:;base64,${_hubTemplate}` };
  return object;
}

/**
 * What an operator wants to see with `oc get mc -o yaml`, and an alert can read. They are metadata: a change of them alone
 * renders no new configuration and reboots no node.
 */
function certificateAnnotations(bundle: Pkcs12Bundle): { [name: string]: string } {
  if (bundle._hubTemplate !== undefined) return {};
  return {
    'ipsec.cdk8s.io/certificate-subject': bundle.subject,
    'ipsec.cdk8s.io/certificate-issuer': bundle.issuer,
    'ipsec.cdk8s.io/certificate-not-after': bundle.notAfter,
    'ipsec.cdk8s.io/certificate-sha256': bundle.fingerprintSha256,
    'ipsec.cdk8s.io/private-key': bundle._hasPassword ? 'password-protected' : 'readable',
  };
}

function nodePassword({ nodePasswordFile, nodePasswordEncrypted }: CertImportMachineConfigProps): NodePassword | undefined {
  return nodePasswordFile === undefined ? undefined : { file: nodePasswordFile, encrypted: nodePasswordEncrypted ?? false };
}

function refusePassword(props: CertImportMachineConfigProps, names: ImportNames): void {
  const { bundle, nodePasswordFile, nodePasswordEncrypted, acceptPrivateKeyInManifest } = props;
  if (nodePasswordFile !== undefined) {
    refuseNodePasswordFile(nodePasswordFile, names);
  } else if (nodePasswordEncrypted) {
    throw new InputError("'nodePasswordEncrypted' (true) needs 'nodePasswordFile': "
    + 'the path of the encrypted credential on the node');
  }
  if (bundle._hubTemplate !== undefined) {
    refuseUnseenKey(props, names);
    return;
  }
  if (bundle._opensWithoutPassword && nodePasswordFile !== undefined) {
    throw new InputError(
      `'nodePasswordFile' ('${nodePasswordFile}') is given, but ${bundle._source} opens without a password: leave it out, `
        + 'or protect the bundle with that password',
    );
  }
  if (!bundle._opensWithoutPassword && nodePasswordFile === undefined) {
    throw new InputError(
      `${bundle._source} needs a password, and 'nodePasswordFile' does not say where the node finds it: give an absolute path on the node, `
        + `such as '/etc/pki/ipsec/${names.nickname}.password', and have the password put there; it never enters a manifest`,
    );
  }
  if (!bundle._hasPassword && !acceptPrivateKeyInManifest) {
    const how = bundle._opensWithoutPassword ? 'has no password' : 'has its private key outside of what its password encrypts';
    throw new InputError(
      `${bundle._source} ${how}, so that its private key would stand readable in the MachineConfigs: for whoever may read them, `
        + 'the repository that keeps them, '
        + "or the Machine Config Server; protect the bundle with a password and give 'nodePasswordFile', "
        + "or say 'acceptPrivateKeyInManifest: true'",
    );
  }
}

/** Whether a bundle on the hub has a password, whoever wrote the props must say. */
function refuseUnseenKey({ bundle, nodePasswordFile, acceptPrivateKeyInManifest }: CertImportMachineConfigProps, names: ImportNames): void {
  if (nodePasswordFile !== undefined || acceptPrivateKeyInManifest) return;
  throw new InputError(
    `${bundle._source} can't be looked into at synthesis: where it has a password, say with 'nodePasswordFile' where the node finds it, `
      + 'such as '
      + `'/etc/pki/ipsec/${names.nickname}.password'; where it has none, its private key will stand readable in the MachineConfigs of `
      + 'the managed clusters: say \'acceptPrivateKeyInManifest: true\'',
  );
}

function exposureAcknowledged({ bundle, nodePasswordFile }: CertImportMachineConfigProps): { [ruleId: string]: string } {
  const keptByPassword = bundle._hubTemplate === undefined ? bundle._hasPassword : nodePasswordFile !== undefined;
  return keptByPassword ? {} : { 'private-key-exposed': 'acceptPrivateKeyInManifest is true' };
}

function refuseUndocumented(props: CertImportMachineConfigProps, names: ImportNames): void {
  const fix = 'use ImportScript.ROTATION_SAFE';
  if (names.nickname !== DEFAULT_NICKNAME) {
    throw new InputError(
      `'nickname' ('${names.nickname}') must be '${DEFAULT_NICKNAME}' with ImportScript.DOCUMENTED, which has the name in its text; ${fix}`,
    );
  }
  if (props.bundle._hubTemplate === undefined ? !props.bundle._opensWithoutPassword : props.nodePasswordFile !== undefined) {
    throw new InputError(`${props.bundle._source} needs a password, and ImportScript.DOCUMENTED passes an empty one; ${fix}`);
  }
  const count = props.caCertificates._certificates.length;
  if (count > 1) {
    throw new InputError(
      `${props.caCertificates._source} holds ${count} certificates, and ImportScript.DOCUMENTED imports the first one only; ${fix}`,
    );
  }
}
