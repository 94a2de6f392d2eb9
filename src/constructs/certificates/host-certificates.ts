import { existsSync, readdirSync, statSync } from 'fs';
import { join } from 'path';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { CertImportMachineConfig } from './cert-import-machine-config';
import { DEFAULT_NICKNAME } from './import-names';
import { IIpsecCertificate } from './ipsec-certificate';
import { CaBundle } from '../../certificate/ca-bundle';
import { AdvisedOptions, Pkcs12Bundle } from '../../certificate/pkcs12-bundle';
import { acknowledgementAnnotations } from '../../core/acknowledgements';
import { InputError } from '../../core/input-error';
import { ACKNOWLEDGE, FLAG, instance, KindsOf, optional, TEXT } from '../../core/kinds';
import { build } from '../../core/props';
import { namesOfHosts } from '../../openshift/kubernetes-names';
import { HOSTNAME_LABEL, MACHINE_CONFIG_ROLE_LABEL } from '../../openshift/labels';
import { NodeSelection } from '../../openshift/node-selection';
import { writeManifest } from '../../synthesis/manifests';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';

/** What `HostCertificates` is made of. */
export interface HostCertificatesProps {
  /** The cluster whose nodes get the certificates. */
  readonly cluster: IpsecClusterConfig;

  /**
   * The folder with a bundle for each host, `<host>.p12`, relative to the working directory. A password stands beside its
   * bundle in `<host>.password`. Other files are left alone.
   */
  readonly folder: string;

  /** The CAs that the nodes trust for IPsec: of the peers' certificates, and of their own. */
  readonly caCertificates: CaBundle;

  /**
   * The file on each node that holds its bundle's password: an absolute path that outlives a reboot.
   *
   * @default - none; the bundles must open without a password then
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
   * The certificates' name in the NSS database (`leftcert`), the same on every node, which each bundle's friendly name must be.
   *
   * @default 'left_server'
   * @see https://libreswan.org/man/ipsec.conf.5.html
   */
  readonly nickname?: string;

  /**
   * Whether the name of each host's pool carries a hash of the whole host name. Two hosts that share the first label need it; say
   * so from the start, because it renames all of them.
   *
   * @default false
   */
  readonly hashedNames?: boolean;

  /**
   * Whether the private keys may stand readable in the manifests, where a bundle has no password.
   *
   * @default false
   */
  readonly acceptPrivateKeyInManifest?: boolean;

  /**
   * Warnings that are right here: rule ids and the reason for each, kept as annotations.
   *
   * @default - none
   */
  readonly acknowledge?: { [ruleId: string]: string };
}

/**
 * A certificate of its own for each node, from a folder of bundles.
 *
 * A MachineConfig is for a pool, so that each host gets a MachineConfigPool of one (it inherits what `worker` has) and its
 * own import. Give the construct as `certificate`, and its `nodes`, to `ExternalIpsecEndpoint`, and each host has its policy.
 *
 * One stolen node is then one revoked certificate, and a peer with libreswan's default `uniqueids=yes` keeps every tunnel.
 * The price: pools are updated independently of each other, so that a change for all hosts may reboot all of them at the same
 * time; apply the MachineConfigs of a few hosts at a time. Only compute nodes can be in such a pool.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/machine_configuration/index
 */
export class HostCertificates extends Construct implements IIpsecCertificate {
  /** The certificates' name in the NSS database of each node. */
  public readonly nickname: string;

  /** The hosts of the folder, for `ExternalIpsecEndpoint`. */
  public readonly nodes: NodeSelection;

  /** The names of the MachineConfigPools, in the order of the hosts. */
  public readonly poolNames: string[];

  /** The MachineConfigPools, in the order of the hosts, to be annotated or patched. */
  public readonly pools: ApiObject[];

  /** The imports, in the order of the hosts. */
  public readonly imports: CertImportMachineConfig[];

  /**
   * Whether the CA file has one certificate alone, and its CA issued that of each node.
   * @internal
   */
  public get _isOfOneCa(): boolean {
    return this.imports.every(({ _isOfOneCa }) => _isOfOneCa);
  }

  /**
   * @throws when the folder has no bundle, a file name is no host's, or a bundle would not work on its node
   */
  public constructor(scope: Construct, id: string, props: HostCertificatesProps) {
    super(scope, id);
    const { nodes, poolNames, pools, imports } = build(this, props, KINDS, () => writeHosts(this, props));
    this.nickname = props.nickname ?? DEFAULT_NICKNAME;
    this.nodes = nodes;
    this.poolNames = poolNames;
    this.pools = pools;
    this.imports = imports;
  }
}

const KINDS: KindsOf<HostCertificatesProps> = {
  cluster: instance(IpsecClusterConfig),
  folder: TEXT,
  caCertificates: instance(CaBundle, "CaBundle.fromFile('ca.pem')"),
  nodePasswordFile: optional({ what: 'a path', is: () => true }),
  nodePasswordEncrypted: optional(FLAG),
  nickname: optional(TEXT),
  hashedNames: optional(FLAG),
  acceptPrivateKeyInManifest: optional(FLAG),
  acknowledge: ACKNOWLEDGE,
};

function writeHosts(scope: Construct, props: HostCertificatesProps) {
  const annotations = acknowledgementAnnotations(props.acknowledge);
  const hosts = hostsOf(props.folder);
  const nodes = NodeSelection.hostnames(hosts);
  // The names of the MachineConfigs are made of these, so that they are kept shorter.
  const poolNames = namesOfHosts('ipsec', hosts, props.hashedNames ?? false, 40);
  const bundles = hosts.map((host) => readBundle(props.folder, host));
  const pools: ApiObject[] = [];
  const imports: CertImportMachineConfig[] = [];
  hosts.forEach((host, i) => {
    const bundle = bundles[i];
    pools.push(
      writeManifest(scope, `${host}-pool`, poolOfOne(poolNames[i], host, annotations), {
        cluster: props.cluster,
        facts: props.cluster._facts,
      }),
    );
    imports.push(new CertImportMachineConfig(scope, host, {
      cluster: props.cluster,
      roles: [poolNames[i]],
      caCertificates: props.caCertificates,
      bundle,
      ...(bundle._opensWithoutPassword ? {} : {
        nodePasswordFile: props.nodePasswordFile,
        nodePasswordEncrypted: props.nodePasswordEncrypted,
      }),
      nickname: props.nickname,
      acceptPrivateKeyInManifest: props.acceptPrivateKeyInManifest,
      acknowledge: props.acknowledge,
    }));
  });
  return { nodes, poolNames, pools, imports };
}

const EXTENSION = '.p12';

/** The hosts of the folder in an order that depends on nothing but their names. */
function hostsOf(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new InputError(
      `'folder' ('${folder}') is no folder (the path is relative to the working directory, ${process.cwd()}): `
        + 'name the one with the bundles <host>.p12',
    );
  }
  const hosts = readdirSync(folder).filter((file) => file.endsWith(EXTENSION)).map((file) => file.slice(0, -EXTENSION.length)).sort();
  if (hosts.length === 0) {
    throw new InputError(
      `'folder' ('${folder}') holds no bundle: name them <host>.p12, by the value of the node's label kubernetes.io/hostname`,
    );
  }
  return hosts;
}

function readBundle(folder: string, host: string): Pkcs12Bundle {
  const passwordFile = join(folder, `${host}.password`);
  const advice = { give: `write it to '${passwordFile}'`, leaveOut: 'delete that file' };
  const options: AdvisedOptions = existsSync(passwordFile) ? { passwordFile, advice } : { advice };
  return Pkcs12Bundle.fromFile(join(folder, `${host}${EXTENSION}`), options);
}

function poolOfOne(name: string, host: string, annotations: { [name: string]: string } | undefined) {
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfigPool',
    metadata: { name, annotations },
    spec: {
      machineConfigSelector: { matchExpressions: [{ key: MACHINE_CONFIG_ROLE_LABEL, operator: 'In', values: ['worker', name] }] },
      nodeSelector: { matchLabels: { [HOSTNAME_LABEL]: host } },
    },
  };
}
