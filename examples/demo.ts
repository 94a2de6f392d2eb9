/**
 * The main job: from real certificates to every manifest that connects a cluster to hosts outside it.
 *
 *     npm run demo
 *     npm run demo -- --ca ca.pem --bundle left_server.p12 --password-file left_server.password
 */
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join, relative } from 'path';
import { parseArgs } from 'util';
import { App, Chart, Names } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, InputError, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecRollout,
  IpsecWarnings, NodeSelection, OpenShiftVersion, Pkcs12Bundle, Platform,
} from '../src';
import { makeThrowawayPki, PkiFiles } from './throwaway-pki';

// Change these lines, and name your own files on the command line: what comes out is your cluster's configuration.
const SETTINGS = {
  version: '4.16',
  platform: Platform.BARE_METAL,
  roles: ['master', 'worker'],
  nodePasswordFile: '/etc/pki/ipsec/left_server.password', // on the nodes; undefined where the bundle has no password
  acceptPrivateKeyInManifest: false, // true only for such a bundle
  storageNode: 'worker-0.cluster.example.com',
  storageHost: 'storage.example.com',
  storageAddress: '192.0.2.10/32',
  gatewayRole: 'worker',
  gatewayHost: 'gateway.example.com',
  gatewaySubnet: '198.51.100.0/24',
};

const USAGE = `Usage: npm run demo [-- --ca FILE --bundle FILE [--password-file FILE]]

Without files it makes a throwaway PKI. The settings are at the top of examples/demo.ts.
`;

const OUT = join(__dirname, '..', 'dist', 'demo');

/** Writes the manifests and returns what to tell the user. */
export function demo(args: string[], out = OUT): string {
  const { values } = parseArgs({
    args,
    options: {
      'ca': { type: 'string' },
      'bundle': { type: 'string' },
      'password-file': { type: 'string' },
      'help': { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return USAGE;
  if (
    (values.ca === undefined) !== (values.bundle === undefined)
    || (values['password-file'] !== undefined && values.bundle === undefined)
  ) {
    throw new InputError(
      "'--ca' and '--bundle' go together, with or without '--password-file': name both for your own files, or none for a throwaway PKI",
    );
  }
  const own = values.ca !== undefined && values.bundle !== undefined;
  const files: Partial<PkiFiles> & Omit<PkiFiles, 'passwordFile'> = own
    ? { ca: values.ca!, bundle: values.bundle!, passwordFile: values['password-file'] }
    : makeThrowawayPki(join(out, 'pki'));

  const manifests = join(out, 'manifests');
  // Manifests of an earlier run must not be taken for those of one that was refused.
  rmSync(manifests, { recursive: true, force: true });
  const app = new App({ outdir: manifests, outputFileExtension: '.yaml' });
  IpsecWarnings.of(app).silence();

  const rollout = new IpsecRollout(app, 'ipsec', { pools: SETTINGS.roles });
  const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of(SETTINGS.version), platform: SETTINGS.platform, routingViaHost: true,
  });
  const certificate = new CertImportMachineConfig(rollout.certificates, 'certs', {
    cluster,
    roles: SETTINGS.roles,
    caCertificates: CaBundle.fromFile(files.ca),
    bundle: Pkcs12Bundle.fromFile(files.bundle, { passwordFile: files.passwordFile }),
    nodePasswordFile: SETTINGS.nodePasswordFile,
    acceptPrivateKeyInManifest: SETTINGS.acceptPrivateKeyInManifest,
  });
  const storage = new ExternalIpsecEndpoint(rollout.endpoints, 'storage', {
    cluster,
    certificate,
    nodes: NodeSelection.hostname(SETTINGS.storageNode),
    interfaceName: 'ipsec-storage',
    host: SETTINGS.storageHost,
    remoteSubnet: SETTINGS.storageAddress,
    type: IpsecConnectionType.TRANSPORT,
  });
  const gateway = new ExternalIpsecEndpoint(rollout.endpoints, 'gateway', {
    cluster,
    certificate,
    nodes: NodeSelection.role(SETTINGS.gatewayRole),
    interfaceName: 'ipsec-gateway',
    host: SETTINGS.gatewayHost,
    remoteSubnet: SETTINGS.gatewaySubnet,
    type: IpsecConnectionType.TUNNEL,
  });
  app.synth();
  rollout.writeApplyScript();

  const file = (chart: Chart) => join(manifests, `${String(rollout.charts.indexOf(chart)).padStart(4, '0')}-${Names.toDnsLabel(chart)}.yaml`);
  keepOutOfGit(out, SETTINGS.acceptPrivateKeyInManifest ? [file(rollout.certificates)] : []);
  const warnings = IpsecWarnings.of(app).list();
  const shown = (path: string) => relative(process.cwd(), path) || '.';
  return `Wrote, in the order in which to apply:

  ${shown(file(rollout.certificates))}
      ${certificate.machineConfigNames.map((name) => `MachineConfig '${name}'`).join(', ')}
      The Machine Config Operator lays the files down and imports them at boot: every node of the pools reboots once.

  ${shown(file(rollout.mode))}
      Network 'cluster' (a partial object: oc apply --server-side)
      The Cluster Network Operator installs libreswan: every node reboots once, one at a time in each pool.
      Pause the pools, apply both files, unpause: then it is one reboot instead of two.

  ${shown(file(rollout.endpoints))}
      ${[...storage.policyNames, ...gateway.policyNames].map((name) => `NodeNetworkConfigurationPolicy '${name}'`).join(', ')}
      Needs the NMState operator, and all pools updated (oc get mcp). No reboot.

  ${shown(join(manifests, 'apply.sh'))}
      applies them in this order, and waits between them for what the next one needs.

The private key
  is in ${shown(files.bundle)} and, protected by the bundle's password, in ${shown(file(rollout.certificates))}; nowhere else.
  The password${files.passwordFile === undefined ? '' : ` in ${shown(files.passwordFile)}`} goes into no manifest: each node must find it in ${SETTINGS.nodePasswordFile}.
${own ? '' : '  These keys are for looking around: the password is in the source of the demo.\n'}
Warnings: ${warnings.length === 0 ? 'none' : ''}
${warnings.map(({ path, message, ruleId }) => `  ${path}: ${message} (${ruleId})\n`).join('')}`;
}

/** A `.gitignore` with the files that hold a key which anyone can read. */
function keepOutOfGit(out: string, manifests: readonly string[]): void {
  const lines = ['# These hold a private key, or the password of one.', '/pki/', ...manifests.map((path) => `/${relative(out, path)}`)];
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, '.gitignore'), `${lines.join('\n')}\n`);
}

/** What needs no stack trace: a refused value, objects that do not go together (cdk8s), a bad option, a file that can't be written. */
function isUsersMistake(error: unknown): error is Error {
  const { message, code, syscall } = error as { message: string; code?: string; syscall?: string };
  return (
    error instanceof InputError
    || message.startsWith('Validation failed')
    || code?.startsWith('ERR_PARSE_ARGS') === true
    || syscall !== undefined
  );
}

if (require.main === module) {
  try {
    process.stdout.write(demo(process.argv.slice(2)));
  } catch (error) {
    if (!isUsersMistake(error)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 1;
  }
}
