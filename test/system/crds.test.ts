import { spawnSync } from 'child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { enactment, policy, pool } from './cluster-states';
import * as library from '../../src';
import { kubectlValidate } from '../cluster/kubectl-validate/program';
import { bundle, caCertificates, ca, leaf } from '../constructs/certificates/fixtures';
import { makePkcs12 } from '../pki';

/**
 * The real CustomResourceDefinitions judge what the constructs write, structure and CEL rules, as an API server would. Not
 * judged: transition rules, which need the object before (`ipsecConfig.mode` may not be removed again), and what a CRD leaves
 * open (`desiredState` of a policy, `config` of a MachineConfig).
 */
const CRDS = join(__dirname, '../../../shared/crds');
const describeWithCrds = existsSync(CRDS) ? describe : describe.skip;
if (!existsSync(CRDS)) {
  process.stderr.write(
    `test/system/crds.test.ts is skipped: the CustomResourceDefinitions are data from outside, and ${CRDS} is not there\n`,
  );
}

interface Verdict { readonly status: string; readonly message?: string }

/** What an API server with these definitions says about each object; nothing about the good ones. */
function refusals(objects: object[]): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'crds-'));
  try {
    const file = join(directory, 'objects.yaml');
    writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    const { stdout, stderr } = spawnSync(kubectlValidate(), ['--local-crds', CRDS, '--output', 'json', file], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    const verdicts: Verdict[] = JSON.parse(stdout || JSON.stringify({ [file]: [{ status: 'Failure', message: stderr }] }))[file];
    if (verdicts.length !== objects.length) throw new Error(`${objects.length} objects, ${verdicts.length} verdicts: ${stderr}`);
    return verdicts.filter(({ status }) => status !== 'Success').map(({ message }) => message ?? 'refused');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const { IpsecMode, OpenShiftVersion, NodeSelection } = library;
const workers = NodeSelection.role('worker');
const hostBundles = mkdtempSync(join(tmpdir(), 'hosts-'));
afterAll(() => rmSync(hostBundles, { recursive: true }));
for (const host of ['worker-0.example.com', 'worker-1.example.com']) {
  writeFileSync(join(hostBundles, `${host}.p12`), makePkcs12({ identity: leaf, friendlyName: 'left_server', password: 'secret' }));
  writeFileSync(join(hostBundles, `${host}.password`), 'secret\n');
}

type Props = Partial<library.IpsecClusterConfigProps>;
function network(scope: Construct, props: Props = {}): library.IpsecClusterConfig {
  return new library.IpsecClusterConfig(scope, 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of('4.19'),
    routingViaHost: true,
    ...props,
  });
}
function storage(
  scope: Construct, cluster: library.IpsecClusterConfig, delivery = library.ConnectionDelivery.NMSTATE,
): library.ExternalIpsecEndpoint {
  return new library.ExternalIpsecEndpoint(scope, 'storage', {
    cluster,
    delivery,
    certificate: library.IpsecCertificate.fromNickname('left_server'),
    nodes: workers,
    interfaceName: 'ipsec-storage',
    host: 'storage.example.com',
    remoteSubnet: '10.1.2.3/32',
    type: library.IpsecConnectionType.TRANSPORT,
  });
}
const mtu = library.MtuMigration.forIpsec({ machineMtu: 1500 });

/** One of every object that a construct writes; a construct may have several rows. */
const WRITTEN: [keyof typeof library, string, (chart: Chart) => void][] = [
  ['IpsecClusterConfig', 'a mode', (chart) => network(chart)],
  [
    'IpsecClusterConfig',
    'encapsulation',
    (chart) => network(chart, { mode: IpsecMode.FULL, encapsulation: library.IpsecEncapsulation.ALWAYS }),
  ],
  ['IpsecClusterConfig', 'no options of mode Full', (chart) => network(chart, { mode: IpsecMode.DISABLED, removeFullOptions: true })],
  ['IpsecClusterConfig', 'the start of a migration', (chart) => network(chart, { mtuMigration: mtu })],
  ['IpsecClusterConfig', 'the end of a migration', (chart) => network(chart, { mtuMigration: mtu.finalized() })],
  [
    'MachineConfigPoolPause',
    'pools',
    (chart) => new library.MachineConfigPoolPause(chart, 'c', { pools: ['master', 'worker'], paused: true, controlPlaneReason: 'a lab' }),
  ],
  ['PausedRollout', 'pools twice', (chart) => new library.PausedRollout(chart.node.root as App, 'c', { pools: ['worker'] })],
  [
    'NmstateOperator',
    'four objects',
    (chart) => new library.NmstateOperator(chart, 'c', { probeDnsHost: 'api.example.com', startingCsv: 'kubernetes-nmstate-operator.v1' }),
  ],
  ['CertImportMachineConfig', 'a MachineConfig', (chart) => new library.CertImportMachineConfig(chart, 'c', {
    cluster: network(chart), roles: ['worker'], caCertificates, bundle: bundle(), nodePasswordFile: '/etc/pki/ipsec/password',
  })],
  ['HostCertificates', 'pools and MachineConfigs', (chart) => new library.HostCertificates(chart, 'c', {
    cluster: network(chart),
    folder: hostBundles,
    caCertificates: library.CaBundle.fromPem(ca.pem),
    nodePasswordFile: '/etc/pki/ipsec/password',
  })],
  ['CertImportDaemonSet', 'a DaemonSet and its rights', (chart) => new library.CertImportDaemonSet(chart, 'c', {
    cluster: network(chart),
    roles: ['master', 'worker'],
    secret: library.NodeSecret.perNode('ipsec-{node}'),
    namespace: 'n',
    createNamespace: true,
    removeWithSecret: true,
  })],
  ['MachineConfig', 'a file', (chart) => new library.MachineConfig(chart, 'c', {
    openshiftVersion: OpenShiftVersion.of('4.19'),
    role: 'worker',
    name: '99-worker-file',
    files: [{ path: '/etc/a', contents: library.FileContents.fromText('a') }],
  })],
  [
    'CertRemovalMachineConfig',
    'a MachineConfig',
    (chart) => new library.CertRemovalMachineConfig(chart, 'c', { cluster: network(chart), roles: ['worker'] }),
  ],
  ['ExternalIpsecEndpoint', 'a policy', (chart) => new library.ExternalIpsecEndpoint(chart, 'c', {
    cluster: network(chart),
    certificate: library.IpsecCertificate.fromNickname('left_server'),
    nodes: workers,
    interfaceName: 'ipsec-storage',
    host: 'storage.example.com',
    remoteSubnet: '10.1.2.3/32',
    type: library.IpsecConnectionType.TRANSPORT,
    maxUnavailable: '10%',
  })],
  [
    'IpsecTunnelRemoval',
    'a policy',
    (chart) =>
      new library.IpsecTunnelRemoval(chart, 'c', {
        cluster: network(chart),
        nodes: workers,
        interfaceName: 'ipsec-storage',
        maxUnavailable: 3,
      }),
  ],
  ['ExternalIpsecEndpoint', 'a keyfile', (chart) => storage(chart, network(chart), library.ConnectionDelivery.KEYFILE)],
  ['CertificateRotation', 'a node disruption policy', (chart) => {
    const cluster = network(chart);
    new library.CertificateRotation(chart, 'c', {
      cluster,
      certificates: [new library.CertImportMachineConfig(chart, 'certs', {
        cluster, roles: ['worker'], caCertificates, bundle: bundle(), nodePasswordFile: '/etc/pki/ipsec/password',
      })],
    });
  }],
  ['IpsecGuard', 'a MachineConfig', (chart) => {
    const cluster = network(chart);
    new library.IpsecGuard(chart, 'c', { cluster, roles: ['worker'], endpoints: [storage(chart, cluster)] });
  }],
  ['IpsecAutoconnect', 'a MachineConfig', (chart) => {
    new library.IpsecAutoconnect(chart, 'c', { cluster: network(chart), roles: ['worker'] });
  }],
  ['IpsecMonitoring', 'MachineConfig, rules and dashboard', (chart) => {
    const cluster = network(chart);
    new library.IpsecMonitoring(chart, 'c', { cluster, roles: ['worker'], endpoints: [storage(chart, cluster)] });
  }],
  ['EspHardwareOffload', 'a policy', (chart) => new library.EspHardwareOffload(chart, 'c', {
    cluster: network(chart), nodes: NodeSelection.all(), interfaceName: 'ens2f0', interfaceType: library.NetworkInterfaceType.ETHERNET,
  })],
  ...[NodeSelection.hostnames(['a', 'b']), workers, NodeSelection.all()].map((nodes): [keyof typeof library, string, (chart: Chart) => void] => [
    'IpsecIngressFirewall', `rules for ${nodes._kind}`,
    (chart) =>
      new library.IpsecIngressFirewall(chart, 'c', { cluster: network(chart), nodes, interfaces: ['ens2f0'], peers: ['192.0.2.7/32'] }),
  ]),
  ['IpsecRollout', 'pools and a migration', (chart) => {
    const rollout = new library.IpsecRollout(chart.node.root as App, 'rollout', { pools: ['worker'], pause: true, mtuMigration: mtu });
    network(rollout.mode, { mtuMigration: mtu.finalized() });
  }],
  ['ArgoCdGate', 'a Job and its rights', (chart) => {
    const rollout = new library.IpsecRollout(chart.node.root as App, 'rollout', { pools: ['worker'] });
    new library.ArgoCdGate(chart.node.root as App, 'gate', { rollout, cluster: network(rollout.mode), namespace: 'n' });
  }],
  ['RhacmPolicies', 'policies and a placement', (chart) => {
    const rollout = new library.IpsecRollout(chart.node.root as App, 'rollout', { pools: ['worker'] });
    network(rollout.mode);
    new library.RhacmPolicies(chart.node.root as App, 'acm', { rollout, namespace: 'n', clusterLabels: { ipsec: 'true' } });
  }],
  ['ZtpExtraManifests', 'a ConfigMap', (chart) => {
    const rollout = new library.IpsecRollout(chart.node.root as App, 'rollout', { pools: ['worker'] });
    new library.CertImportMachineConfig(rollout.certificates, 'c', {
      cluster: network(rollout.mode), roles: ['worker'], caCertificates, bundle: bundle(), nodePasswordFile: '/etc/pki/ipsec/password',
    });
    new library.ZtpExtraManifests(chart, 'c', { rollout, namespace: 'n' });
  }],
  [
    'IpsecVerification',
    'a Job and its rights',
    (chart) =>
      new library.IpsecVerification(chart, 'c', { cluster: network(chart, { mode: IpsecMode.FULL }), policies: ['p'], namespace: 'n' }),
  ],
];

/** Kinds of which there is no definition here; Flux's own code judges the Kustomizations in test/cluster, promtool the rules. */
const UNDEFINED = ['Placement', 'Kustomization', 'PrometheusRule'];

function synthesized(write: (chart: Chart) => void): object[] {
  const app = new App();
  library.IpsecWarnings.of(app).silence();
  write(new Chart(app, 'test'));
  return app.charts.flatMap((chart) => chart.toJson()).filter(({ kind }) => !UNDEFINED.includes(kind));
}

describeWithCrds('the definitions of the API', () => {
  beforeAll(kubectlValidate, 1_800_000);

  test.each(WRITTEN)('take what %s writes: %s', (_, __, write) => {
    const objects = synthesized(write);
    expect(objects.length).toBeGreaterThan(0);
    expect(refusals(objects)).toEqual([]);
  });

  test('are asked about every construct of the library', () => {
    const constructs = Object.entries(library)
      .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Construct)
      .map(([name]) => name);
    // Those of Flux and cert-manager are judged by their own definitions: test/cluster.
    expect([...new Set(WRITTEN.map(([name]) => name)), 'FluxKustomizations', 'HostCertManagerCertificates'].sort()).toEqual(
      constructs.sort(),
    );
  });

  test('take the install manifest', () => {
    const chart = new Chart(new App(), 'test');
    expect(refusals([network(chart, { clusterMtu: 1354, machineMtu: 1500 }).installManifest()])).toEqual([]);
  });

  test('take the states that the verification is tested with', () => {
    expect(
      refusals([
        pool('worker', { updated: 1, paused: true }),
        pool('master', { degraded: 'why' }),
        policy('p', 'Available'),
        enactment('p', 'n', 'Failing', 'why'),
      ]),
    ).toEqual([]);
  });

  test.each<[string, object, string]>([
    [
      'options of mode Full with another mode, which is a CEL rule',
      { defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode: 'External', full: { encapsulation: 'Auto' } } } } },
      'full is forbidden when mode is not Full',
    ],
    [
      'a mode in lower case',
      { defaultNetwork: { ovnKubernetesConfig: { ipsecConfig: { mode: 'full' } } } },
      'supported values: "Disabled", "External", "Full"',
    ],
    ['a field that does not exist', { migration: { mtu: { network: { form: 1400 } } } }, 'value provided for unknown field'],
    ['a number as text', { migration: { mtu: { network: { from: '1400' } } } }, 'must be of type integer'],
  ])('refuse %s, so that their silence means something', (_, spec, message) => {
    const [refusal, ...rest] = refusals([{ apiVersion: 'operator.openshift.io/v1', kind: 'Network', metadata: { name: 'cluster' }, spec }]);
    expect(rest).toEqual([]);
    expect(refusal).toContain(message);
  });

  test('refuse firewall rules that name ESP', () => {
    const rules = [{ order: 1, action: 'Allow', protocolConfig: { protocol: 'ESP' } }];
    expect(refusals([{
      apiVersion: 'ingressnodefirewall.openshift.io/v1alpha1',
      kind: 'IngressNodeFirewall',
      metadata: { name: 'f' },
      spec: { interfaces: ['eth0'], ingress: [{ sourceCIDRs: ['192.0.2.7/32'], rules }] },
    }])[0]).toContain('Unsupported value: "ESP"');
  });
});
