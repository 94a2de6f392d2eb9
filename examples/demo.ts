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
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, InputError, IpsecClusterConfig, IpsecConnectionType, IpsecMode,
  IpsecWarnings, NodeSelection, OpenShiftVersion, Pkcs12Bundle, Platform,
} from '../src';
import { makeThrowawayPki, PkiFiles } from './throwaway-pki';

// Change these lines, and name your own files on the command line: what comes out is your cluster's configuration.
const VERSION = OpenShiftVersion.of('4.16');
const PLATFORM = Platform.BARE_METAL;
const ROLES = ['master', 'worker'];
const NODE_PASSWORD_FILE = '/etc/pki/ipsec/left_server.password';
const STORAGE_NODE = NodeSelection.hostname('worker-0.cluster.example.com');
const STORAGE_HOST = 'storage.example.com';
const STORAGE_ADDRESS = '192.0.2.10/32';
const GATEWAY_NODES = NodeSelection.role('worker');
const GATEWAY_HOST = 'gateway.example.com';
const GATEWAY_SUBNET = '198.51.100.0/24';

const OUT = join(__dirname, '..', 'dist', 'demo');

/** Writes the manifests and returns what to tell the user. */
export function demo(args: string[], out = OUT): string {
  const { values } = parseArgs({ args, options: { 'ca': { type: 'string' }, 'bundle': { type: 'string' }, 'password-file': { type: 'string' } } });
  if ((values.ca === undefined) !== (values.bundle === undefined)) {
    throw new InputError("'--ca' and '--bundle' go together: name both for your own files, or neither for a throwaway PKI");
  }
  const own = values.ca !== undefined && values.bundle !== undefined;
  const files: Partial<PkiFiles> & Omit<PkiFiles, 'passwordFile'> = own
    ? { ca: values.ca!, bundle: values.bundle!, passwordFile: values['password-file'] }
    : makeThrowawayPki(join(out, 'pki'));

  const manifests = join(out, 'manifests');
  const app = new App({ outdir: manifests, outputFileExtension: '.yaml' });
  IpsecWarnings.of(app).silence();

  const cluster = new IpsecClusterConfig(new Chart(app, '1-network'), 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: VERSION, platform: PLATFORM, routingViaHost: true,
  });
  const certificate = new CertImportMachineConfig(new Chart(app, '2-certificates'), 'certs', {
    cluster,
    roles: ROLES,
    caCertificates: CaBundle.fromFile(files.ca),
    bundle: Pkcs12Bundle.fromFile(files.bundle, { passwordFile: files.passwordFile }),
    nodePasswordFile: NODE_PASSWORD_FILE,
  });
  const endpoints = new Chart(app, '3-endpoints');
  const storage = new ExternalIpsecEndpoint(endpoints, 'storage', {
    cluster, certificate, nodes: STORAGE_NODE, interfaceName: 'ipsec-storage', host: STORAGE_HOST, remoteSubnet: STORAGE_ADDRESS, type: IpsecConnectionType.TRANSPORT,
  });
  const gateway = new ExternalIpsecEndpoint(endpoints, 'gateway', {
    cluster,
    certificate,
    nodes: GATEWAY_NODES,
    interfaceName: 'ipsec-gateway',
    host: GATEWAY_HOST,
    remoteSubnet: GATEWAY_SUBNET,
    type: IpsecConnectionType.TUNNEL,
    acknowledge: { 'certificate-shared': 'the gateway has uniqueids=no: all workers show it one certificate' },
  });
  rmSync(manifests, { recursive: true, force: true });
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
  The password${files.passwordFile === undefined ? '' : ` in ${shown(files.passwordFile)}`} goes into no manifest: each node must find it in ${NODE_PASSWORD_FILE}.
${own ? '' : '  These keys are for looking around: the password is in the source of the demo.\n'}
Warnings: ${warnings.length === 0 ? 'none' : ''}
${warnings.map(({ path, message, ruleId }) => `  ${path}: ${message} (${ruleId})\n`).join('')}`;
}

if (require.main === module) {
  try {
    process.stdout.write(demo(process.argv.slice(2)));
  } catch (error) {
    const known = error instanceof InputError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    if (!known) throw error;
    process.stderr.write(`error: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
