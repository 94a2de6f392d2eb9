/**
 * A small cluster and its peers for the lab (docs/lab.md): three nodes, a storage host that they reach in transport mode,
 * a gateway with a subnet behind it that they reach in tunnel mode, and the same cluster again after each thing that happens to it.
 *
 *     npx ts-node --project examples/tsconfig.json examples/lab.ts DIR
 *
 * Certificates come from openssl, everything that the cluster gets from the library. One folder of manifests a scene.
 */
import { mkdirSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Duration } from 'cdk8s';
import { labPeers } from './lab-peers';
import { LabPki } from './lab-pki';
import {
  CaBundle, CertificateRotation, CertImportDaemonSet, CertImportMachineConfig, ConnectionDelivery, ConnectMode, DpdAction, EndpointState,
  ExternalIpsecEndpoint, IIpsecCertificate, InputError, IpsecAutoconnect, IpsecClusterConfig, IpsecConnectionType, IpsecGuard, IpsecMode,
  IpsecMonitoring, IpsecWarnings, NodeSecret, NodeSelection, OpenShiftVersion, PeerIdentity, Pkcs12Bundle, Platform,
} from '../src';

const NODES = ['worker-0', 'worker-1', 'worker-2'];
const STORAGE = { name: 'storage.example.com', address: '10.0.0.21' };
const GATEWAY = { name: 'gateway.example.com', subnet: '198.51.100.0/24' };

/** Writes the PKI and the manifests of every scene. */
export function lab(out: string): void {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const pki = new LabPki(join(out, 'pki'));

  scene(out, 'cluster', (chart, cluster) => {
    const certificate = importOf(chart, cluster, pki, 'nodes', ['ca']);
    storage(chart, cluster, certificate);
    gateway(chart, cluster, certificate);
  });
  scene(out, 'guarded', (chart, cluster) => {
    const certificate = importOf(chart, cluster, pki, 'nodes', ['ca']);
    const endpoints = [storage(chart, cluster, certificate), gateway(chart, cluster, certificate)];
    new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints });
    new IpsecAutoconnect(chart, 'autoconnect', { cluster, roles: ['worker'] });
  });
  for (const [name, bundle, differences] of OTHER_WAYS) {
    scene(out, `guarded-${name}`, (chart, cluster) => {
      const certificate = importOf(chart, cluster, pki, bundle, ['ca']);
      const endpoints = [storage(chart, cluster, certificate), gateway(chart, cluster, certificate, differences)];
      new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints });
      new IpsecAutoconnect(chart, 'autoconnect', { cluster, roles: ['worker'] });
    });
  }
  scene(out, 'renewed', (chart, cluster) => storage(chart, cluster, importOf(chart, cluster, pki, 'nodes-renewed', ['ca'])));
  for (const [name, bundle, cas] of ROTATIONS) {
    scene(out, name, (chart, cluster) => {
      const certificate = importOf(chart, cluster, pki, bundle, [...cas]);
      rotating(chart, cluster, certificate, importOf(chart, cluster, pki, 'other', ['ca'], 'other'));
    }, '4.18');
  }
  scene(out, 'absent', (chart, cluster) =>
    storage(chart, cluster, importOf(chart, cluster, pki, 'nodes', ['ca']), { state: EndpointState.ABSENT }),
  );
  scene(out, 'by-address', (chart, cluster) => {
    new ExternalIpsecEndpoint(chart, 'storage', {
      cluster,
      certificate: importOf(chart, cluster, pki, 'nodes', ['ca']),
      nodes: NodeSelection.hostname(NODES[0]),
      interfaceName: 'ipsec-by-address',
      host: STORAGE.address,
      type: IpsecConnectionType.TRANSPORT,
    });
  });
  scene(out, 'any-of-the-ca', (chart, cluster) => storage(chart, cluster, importOf(chart, cluster, pki, 'nodes', ['ca']), {
    peerIdentity: PeerIdentity.fromCertificate(), acknowledge: { 'libreswan-peer-unverified': 'the lab shows what it accepts' },
  }));
  scene(out, 'chain', (chart, cluster) => storage(chart, cluster, importOf(chart, cluster, pki, 'nodes-under-intermediate', ['ca'])));
  scene(out, 'pss-signed', (chart, cluster) => storage(chart, cluster, importOf(chart, cluster, pki, 'nodes-pss', ['ca'], 'pss_server')));
  // On demand is for newer releases than those whose libreswan the lab has.
  for (const [name, state] of [['keyfile', EndpointState.PRESENT], ['keyfile-absent', EndpointState.ABSENT]] as const) {
    scene(out, name, (chart, cluster) => byKeyfile(chart, cluster, importOf(chart, cluster, pki, 'nodes', ['ca']), state), '4.20.11');
  }
  scene(out, 'watched', (chart, cluster) => {
    const endpoint = storage(chart, cluster, importOf(chart, cluster, pki, 'nodes', ['ca']));
    new IpsecAutoconnect(chart, 'autoconnect', { cluster, roles: ['worker'] });
    const { clusterMonitoringConfig } = new IpsecMonitoring(chart, 'monitoring', {
      cluster, roles: ['worker'], endpoints: [endpoint], interval: Duration.seconds(15),
    });
    writeFileSync(join(out, 'cluster-monitoring-config.yaml'), clusterMonitoringConfig);
  });
  daemonSet(join(out, 'daemonset'));
  labPeers(out);
  writeFileSync(
    join(out, 'refused.txt'),
    refusal(() => scene(out, 'refused', (chart, cluster) => importOf(chart, cluster, pki, 'nodes-named-ovs', ['ca']))),
  );
}

/** Ways of a tunnel that are not those of most: a NAT before the node, an interface of its own, certificates that fill packets. */
const OTHER_WAYS: readonly (readonly [name: string, bundle: string, differences: Differences])[] = [
  ['nat', 'nodes', { localSubnet: '10.9.0.11/32' }],
  ['interface', 'nodes', { localSubnet: '10.0.0.11/32', ipsecInterface: 7 }],
  ['large', 'nodes-large', {}],
];

/** Certificates that follow one another without a reboot: the same subject, another one, another CA beside the old one. */
const ROTATIONS: readonly (readonly [name: string, bundle: string, cas: readonly string[]])[] = [
  ['rotating', 'nodes', ['ca']],
  ['rotating-again', 'nodes-again', ['ca']],
  ['rotating-subject', 'nodes-renewed', ['ca']],
  ['rotating-ca', 'nodes-of-next-ca', ['ca', 'next-ca']],
];

/** A storage host that is called on demand, and a gateway that is called at once, both by keyfile. */
function byKeyfile(chart: Chart, cluster: IpsecClusterConfig, certificate: IIpsecCertificate, state: EndpointState): void {
  const delivered = { cluster, certificate, nodes: NodeSelection.role('worker'), delivery: ConnectionDelivery.KEYFILE };
  const onDemand = new ExternalIpsecEndpoint(chart, 'storage', {
    ...delivered,
    interfaceName: 'ipsec-storage',
    host: STORAGE.name,
    remoteSubnet: `${STORAGE.address}/32`,
    type: IpsecConnectionType.TRANSPORT,
    connectMode: ConnectMode.ON_DEMAND,
    state,
  });
  const started = new ExternalIpsecEndpoint(chart, 'gateway', {
    ...delivered, interfaceName: 'ipsec-gateway', host: GATEWAY.name, remoteSubnet: GATEWAY.subnet, type: IpsecConnectionType.TUNNEL,
  });
  new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints: [onDemand, started] });
  new IpsecAutoconnect(chart, 'autoconnect', { cluster, roles: ['worker'], endpoints: [onDemand] });
}

/** A storage host that is reached with a certificate that rotates, and a gateway that is reached with another one. */
function rotating(chart: Chart, cluster: IpsecClusterConfig, certificate: CertImportMachineConfig, other: CertImportMachineConfig): void {
  storage(chart, cluster, certificate);
  new ExternalIpsecEndpoint(chart, 'gateway', {
    cluster,
    certificate: other,
    nodes: NodeSelection.role('worker'),
    interfaceName: 'ipsec-gateway',
    host: GATEWAY.name,
    remoteSubnet: GATEWAY.subnet,
    type: IpsecConnectionType.TUNNEL,
  });
  new CertificateRotation(chart, 'rotation', { cluster, certificates: [certificate, other] });
}

/** What a pod of the DaemonSet has: its programs, and its environment as `NAME=value`. */
function daemonSet(out: string): void {
  const app = new App();
  IpsecWarnings.of(app).silence();
  const chart = new Chart(app, 'ipsec', { namespace: 'ipsec' });
  const cluster = new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16'), platform: Platform.BARE_METAL, routingViaHost: true,
  });
  new CertImportDaemonSet(chart, 'certs', { cluster, roles: ['worker'], secret: NodeSecret.shared('left-server') });
  const objects: any[] = chart.toJson();
  const { data } = objects.find(({ kind }) => kind === 'ConfigMap');
  const [{ env }] = objects.find(({ kind }) => kind === 'DaemonSet').spec.template.spec.containers;
  mkdirSync(out);
  for (const [file, content] of Object.entries(data)) writeFileSync(join(out, file), String(content));
  const lines = env.map(({ name, value = NODES[0] }: { name: string; value?: string }) => `${name}=${value}\n`);
  writeFileSync(join(out, 'environment'), lines.join(''));
}

function scene(out: string, name: string, write: (chart: Chart, cluster: IpsecClusterConfig) => unknown, version = '4.16'): void {
  const app = new App({ outdir: join(out, 'scenes', name, 'manifests'), outputFileExtension: '.yaml' });
  IpsecWarnings.of(app).silence(); // three nodes share a certificate on purpose
  const chart = new Chart(app, 'ipsec');
  write(chart, new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of(version), platform: Platform.BARE_METAL, routingViaHost: true,
  }));
  app.synth();
}

function importOf(
  chart: Chart,
  cluster: IpsecClusterConfig,
  pki: LabPki,
  bundle: string,
  cas: string[],
  nickname = 'left_server',
): CertImportMachineConfig {
  return new CertImportMachineConfig(chart, nickname === 'left_server' ? 'certs' : nickname, {
    cluster,
    roles: ['master', 'worker'],
    caCertificates: CaBundle.fromPem(cas.map((ca) => pki.pem(ca)).join('')),
    bundle: Pkcs12Bundle.fromFile(pki.bundle(bundle), { passwordFile: pki.passwordFile }),
    nickname,
    nodePasswordFile: '/etc/pki/ipsec/left_server.password',
  });
}

type Differences = Pick<
  ConstructorParameters<typeof ExternalIpsecEndpoint>[2], 'state' | 'peerIdentity' | 'acknowledge' | 'localSubnet' | 'ipsecInterface'
>;

function storage(
  chart: Chart,
  cluster: IpsecClusterConfig,
  certificate: IIpsecCertificate,
  differences: Differences = {},
): ExternalIpsecEndpoint {
  return new ExternalIpsecEndpoint(chart, 'storage', {
    cluster,
    certificate,
    nodes: NodeSelection.hostnames(NODES),
    interfaceName: 'ipsec-storage',
    host: STORAGE.name,
    remoteSubnet: `${STORAGE.address}/32`,
    type: IpsecConnectionType.TRANSPORT,
    ...differences,
  });
}

function gateway(
  chart: Chart,
  cluster: IpsecClusterConfig,
  certificate: IIpsecCertificate,
  differences: Differences = {},
): ExternalIpsecEndpoint {
  return new ExternalIpsecEndpoint(chart, 'gateway', {
    cluster,
    certificate,
    nodes: NodeSelection.role('worker'),
    interfaceName: 'ipsec-gateway',
    host: GATEWAY.name,
    remoteSubnet: GATEWAY.subnet,
    type: IpsecConnectionType.TUNNEL,
    ike: 'aes256-sha2_256;dh19',
    esp: 'aes_gcm128',
    dpddelay: 2,
    dpdtimeout: 60,
    dpdaction: DpdAction.RESTART,
    ...differences,
  });
}

function refusal(synthesize: () => void): string {
  try {
    synthesize();
  } catch (error) {
    if (error instanceof InputError) return `${error.message}\n`;
    throw error;
  }
  return '';
}

if (require.main === module) lab(process.argv[2]);
