/**
 * The main job: from real certificates to every manifest that connects a cluster to hosts outside it.
 *
 *     npm run demo
 *     npm run demo -- --ca ca.pem --bundle left_server.p12 --password-file left_server.password
 */
import { rmSync } from 'fs';
import { join, relative } from 'path';
import { parseArgs } from 'util';
import { App, Chart } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, InputError, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecWarnings,
  NodeSelection, OpenShiftVersion, Pkcs12Bundle, Platform,
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

  const cluster = new IpsecClusterConfig(new Chart(app, '1-network'), 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of(SETTINGS.version), platform: SETTINGS.platform, routingViaHost: true,
  });
  const certificate = new CertImportMachineConfig(new Chart(app, '2-certificates'), 'certs', {
    cluster,
    roles: SETTINGS.roles,
    caCertificates: CaBundle.fromFile(files.ca),
    bundle: Pkcs12Bundle.fromFile(files.bundle, { passwordFile: files.passwordFile }),
    nodePasswordFile: SETTINGS.nodePasswordFile,
    acceptPrivateKeyInManifest: SETTINGS.acceptPrivateKeyInManifest,
  });
  const endpoints = new Chart(app, '3-endpoints');
  const storage = new ExternalIpsecEndpoint(endpoints, 'storage', {
    cluster,
    certificate,
    nodes: NodeSelection.hostname(SETTINGS.storageNode),
    interfaceName: 'ipsec-storage',
    host: SETTINGS.storageHost,
    remoteSubnet: SETTINGS.storageAddress,
    type: IpsecConnectionType.TRANSPORT,
  });
  const gateway = new ExternalIpsecEndpoint(endpoints, 'gateway', {
    cluster,
    certificate,
    nodes: NodeSelection.role(SETTINGS.gatewayRole),
    interfaceName: 'ipsec-gateway',
    host: SETTINGS.gatewayHost,
    remoteSubnet: SETTINGS.gatewaySubnet,
    type: IpsecConnectionType.TUNNEL,
  });
  app.synth();

  const warnings = IpsecWarnings.of(app).list();
  const shown = (path: string) => relative(process.cwd(), path) || '.';
  return `Wrote, in the order in which to apply:

  ${shown(join(manifests, '1-network.yaml'))}
      Network 'cluster' (a partial object: oc apply --server-side)
      The Cluster Network Operator installs libreswan: every node reboots once, one at a time in each pool.

  ${shown(join(manifests, '2-certificates.yaml'))}
      ${certificate.machineConfigNames.map((name) => `MachineConfig '${name}'`).join(', ')}
      The Machine Config Operator lays the files down and imports them at boot: every node of the pools reboots once.
      Pause the pools, apply both files, unpause: then it is one reboot instead of two.

  ${shown(join(manifests, '3-endpoints.yaml'))}
      ${[...storage.policyNames, ...gateway.policyNames].map((name) => `NodeNetworkConfigurationPolicy '${name}'`).join(', ')}
      Needs the NMState operator, and all pools updated (oc get mcp). No reboot.

The private key
  is in ${shown(files.bundle)} and, protected by the bundle's password, in 2-certificates.yaml; nowhere else.
  The password${files.passwordFile === undefined ? '' : ` in ${shown(files.passwordFile)}`} goes into no manifest: each node must find it in ${SETTINGS.nodePasswordFile}.
${own ? '' : '  These keys are for looking around: the password is in the source of the demo.\n'}
Warnings: ${warnings.length === 0 ? 'none' : ''}
${warnings.map(({ path, message, ruleId }) => `  ${path}: ${message} (${ruleId})\n`).join('')}`;
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
