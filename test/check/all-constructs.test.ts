import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, Yaml } from 'cdk8s';
import {
  CertImportDaemonSet, CertRemovalMachineConfig, EspHardwareOffload, ExternalIpsecEndpoint, HostCertificates, HostCertManagerCertificates,
  IpsecAutoconnect, IpsecCertificate, IpsecClusterConfig, IpsecClusterConfigProps, IpsecConnectionType, IpsecGuard, IpsecIngressFirewall,
  IpsecMode, IpsecTunnelRemoval, IpsecVerification, IpsecWarnings, MachineConfigPoolPause, MtuMigration, NetworkInterfaceType,
  NmstateOperator, NodeSelection, OpenShiftVersion, Platform,
} from '../../src';
import { checkInputs } from '../../src/check/check';
import { ca, caCertificates, PASSWORD } from '../constructs/certificates/fixtures';
import { makeLeaf, makePkcs12 } from '../pki';

/** The findings in what an app writes, and the warnings that it told. */
function judged(build: (chart: Chart, cluster: IpsecClusterConfig) => void, props: Partial<IpsecClusterConfigProps> = {}) {
  const app = new App();
  IpsecWarnings.of(app).silence();
  const chart = new Chart(app, 'chart');
  const openshiftVersion = OpenShiftVersion.of('4.16');
  build(
    chart,
    new IpsecClusterConfig(new Chart(app, 'network'), 'cluster', {
      mode: IpsecMode.EXTERNAL,
      openshiftVersion,
      platform: Platform.BARE_METAL,
      routingViaHost: true,
      ...props,
    }),
  );
  const inputs = app.charts.map((each) => ({ name: `${each.node.id}.yaml`, text: Yaml.stringify(...each.toJson()) }));
  const { findings, problems } = checkInputs(inputs, { version: openshiftVersion, platform: Platform.BARE_METAL });
  return {
    findings: findings.map(({ rule, severity }) => `${severity} ${rule}`),
    problems,
    warnings: IpsecWarnings.of(app)
      .list()
      .map(({ ruleId }) => ruleId),
  };
}

/** A folder of bundles, one for each host. */
function hostBundles(...hosts: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  for (const host of hosts) {
    writeFileSync(
      join(folder, `${host}.p12`),
      makePkcs12({ identity: makeLeaf({ ca, cn: host }), friendlyName: 'left_server', password: PASSWORD }),
    );
    writeFileSync(join(folder, `${host}.password`), PASSWORD);
  }
  return folder;
}

const HOST = NodeSelection.hostname('worker-0.example.com');

describe('every construct writes what the check has nothing to say about', () => {
  test('a certificate of its own for each host, which is not a shared one', () => {
    expect(judged((chart, cluster) => {
      const certificate = new HostCertificates(chart, 'hosts', {
        cluster, folder: hostBundles('a.example.com', 'b.example.com'), caCertificates, nodePasswordFile: '/etc/pki/ipsec/password',
      });
      new ExternalIpsecEndpoint(new Chart(chart.node.root as App, 'endpoints'), 'storage', {
        cluster, certificate, nodes: certificate.nodes, interfaceName: 'ipsec0', host: '192.0.2.10', type: IpsecConnectionType.TRANSPORT,
      });
    })).toEqual({ findings: [], problems: [], warnings: [] });
  });

  test('a certificate for each host by a DaemonSet, which is not a shared one', () => {
    expect(judged((chart, cluster) => {
      const { nodeSecret } = new HostCertManagerCertificates(chart, 'ids', {
        hosts: ['a.example.com', 'b.example.com'],
        issuer: { name: 'ipsec' },
        secretName: 'ipsec-{node}',
        namespace: 'ipsec',
      });
      const certificate = new CertImportDaemonSet(chart, 'certs', {
        cluster,
        roles: ['worker'],
        secret: nodeSecret,
        namespace: 'ipsec',
        createNamespace: true,
        removeWithSecret: true,
        caCertificates,
      });
      new ExternalIpsecEndpoint(new Chart(chart.node.root as App, 'endpoints'), 'storage', {
        cluster,
        certificate,
        nodes: NodeSelection.role('worker'),
        interfaceName: 'ipsec0',
        host: '192.0.2.10',
        type: IpsecConnectionType.TRANSPORT,
      });
    })).toEqual({ findings: [], problems: [], warnings: [] });
  });

  test('the start and the end of an MTU migration', () => {
    const numbers = { networkFrom: 1400, networkTo: 1354, machineTo: 1500 };
    expect(judged(() => undefined, { mtuMigration: MtuMigration.start(numbers) })).toEqual({ findings: [], problems: [], warnings: [] });
    const end = { mtuMigration: MtuMigration.finalize(numbers), mode: IpsecMode.FULL };
    expect(judged(() => undefined, end)).toEqual({ findings: [], problems: [], warnings: [] });
  });

  test('a pause and its end', () => {
    expect(judged((chart) => {
      new MachineConfigPoolPause(chart, 'pause', { pools: ['worker'], paused: true });
      new MachineConfigPoolPause(chart, 'unpause', { pools: ['worker'], paused: false });
    })).toEqual({ findings: [], problems: [], warnings: [] });
  });

  test('a removal, an operator, a firewall, an offload, a verification', () => {
    expect(judged((chart, cluster) => {
      new IpsecTunnelRemoval(chart, 'gone', { cluster, nodes: HOST, interfaceName: 'ipsec-old' });
      new CertRemovalMachineConfig(chart, 'removal', { cluster, roles: ['worker'] });
      new NmstateOperator(chart, 'nmstate');
      new IpsecIngressFirewall(chart, 'firewall', {
        cluster,
        interfaces: ['ens2f0'],
        nodes: NodeSelection.role('worker'),
        peers: ['192.0.2.10/32'],
      });
      new EspHardwareOffload(chart, 'offload', {
        cluster,
        nodes: HOST,
        interfaceName: 'ens2f0',
        interfaceType: NetworkInterfaceType.ETHERNET,
      });
      new IpsecVerification(chart, 'verification', { cluster, namespace: 'openshift-gitops' });
    })).toEqual({ findings: [], problems: [], warnings: [] });
  });

  test('a guard and autoconnect; what a guard was not told of the cluster, both say', () => {
    const guarded = (props: Partial<IpsecClusterConfigProps>, host = '192.0.2.10') => judged((chart, cluster) => {
      const endpoint = new ExternalIpsecEndpoint(chart, 'storage', {
        cluster,
        certificate: IpsecCertificate.fromNickname('other'),
        nodes: HOST,
        interfaceName: 'ipsec0',
        host,
        type: IpsecConnectionType.TRANSPORT,
        acknowledge: { 'certificate-nickname': 'a DaemonSet imports it' },
      });
      new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints: [endpoint] });
      new IpsecAutoconnect(chart, 'autoconnect', { cluster, roles: ['worker'], endpoints: [endpoint] });
    }, props);
    const told = { machineNetworks: ['10.0.0.0/24'], podNetworks: ['10.128.0.0/14'], serviceNetworks: ['172.30.0.0/16'], apiVips: [] };
    expect(guarded(told)).toEqual({ findings: [], problems: [], warnings: [] });
    expect(guarded({})).toEqual({ findings: ['warning guard-networks-unknown'], problems: [], warnings: ['guard-networks-unknown'] });
    expect(guarded(told, '10.0.0.21')).toEqual({
      findings: ['warning guard-peer-beside-nodes'],
      problems: [],
      warnings: ['guard-peer-beside-nodes'],
    });
  });

  test('a certificate that other means import: both ask for it', () => {
    expect(judged((chart, cluster) => {
      new ExternalIpsecEndpoint(chart, 'storage', {
        cluster,
        certificate: IpsecCertificate.fromNickname('other'),
        nodes: HOST,
        interfaceName: 'ipsec0',
        host: '192.0.2.10',
        type: IpsecConnectionType.TUNNEL,
      });
    })).toEqual({ findings: ['warning certificate-nickname'], problems: [], warnings: ['certificate-nickname'] });
  });

  test('all nodes: both say what that means, and both keep quiet where it is acknowledged', () => {
    const all = (acknowledge: { [rule: string]: string }) => judged((chart, cluster) => {
      new ExternalIpsecEndpoint(chart, 'storage', {
        cluster,
        certificate: IpsecCertificate.fromNickname('other'),
        nodes: NodeSelection.all(),
        interfaceName: 'ipsec0',
        host: '192.0.2.10',
        type: IpsecConnectionType.TUNNEL,
        acknowledge: {
          'certificate-nickname': 'a DaemonSet imports it',
          'certificate-shared': 'the peer has uniqueids=no',
          ...acknowledge,
        },
      });
    });
    expect(all({})).toEqual({ findings: ['warning policy-selector-missing'], problems: [], warnings: ['policy-selector-missing'] });
    expect(all({ 'policy-selector-missing': 'every node has the certificate' })).toEqual({ findings: [], problems: [], warnings: [] });
  });
});
