import { Duration } from 'cdk8s';
import { monitoring } from './fixture';
import {
  EndpointState,
  ExternalIpsecEndpoint,
  IpsecCertificate,
  IpsecConnectionType,
  IpsecMonitoring,
  IpsecMonitoringProps,
  NodeSelection,
} from '../../../src';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly [name: string]: string };
  readonly annotations: { readonly runbook_url: string };
}

const alertsOf = (found: ReturnType<typeof monitoring>): Alert[] =>
  found.of('PrometheusRule')[0].spec.groups.flatMap(({ rules }: { rules: Alert[] }) => rules);
const contentOf = (source: string) => decodeURIComponent(source.replace('data:,', ''));

describe('the MachineConfig', () => {
  const { of } = monitoring();
  const { files } = of('MachineConfig', '99-worker-ipsec-monitoring')[0].spec.config.storage;
  const { units } = of('MachineConfig', '99-worker-ipsec-monitoring')[0].spec.config.systemd;

  test('says for each connection whose it is, what it protects, and its certificate', () => {
    expect(
      files.slice(1).map(({ path, contents }: { path: string; contents: { source: string } }) => [path, contentOf(contents.source)]),
    ).toEqual([
      ['/etc/ipsec-check/ipsec-gateway', '* 198.51.100.0/24 always left_server\n'],
      ['/etc/ipsec-check/ipsec-storage', 'worker-0.example.com 192.0.2.10/32 always left_server\n'],
    ]);
    expect([files[0].path, files[0].mode]).toEqual(['/usr/local/bin/ipsec-check.sh', 0o755]);
  });

  test('has two templates, and an enabled timer for each connection', () => {
    expect(units.map(({ name, enabled }: { name: string; enabled?: boolean }) => [name, enabled])).toEqual([
      ['ipsec-check@.service', undefined], ['ipsec-clear@.service', undefined], ['ipsec-check@ipsec-gateway.timer', true],
      ['ipsec-check@ipsec-storage.timer', true],
    ]);
  });

  test('stays the same, byte for byte, when a certificate is renewed', () => {
    const config = (days: number) => JSON.stringify(monitoring({ days }).of('MachineConfig', '99-worker-ipsec-monitoring')[0]);
    expect(config(300)).toBe(config(400));
  });

  test('does not depend on the order of the endpoints', () => {
    const { construct, chart, cluster, storage, gateway } = monitoring();
    const other = new IpsecMonitoring(chart, 'other', { cluster, roles: ['worker'], endpoints: [gateway, storage], monitoringName: 'other' });
    expect(JSON.stringify(other.machineConfigs[0].toJson())).toBe(JSON.stringify(construct.machineConfigs[0].toJson()));
  });

  test('says the subnet behind the node, which tells two connections to one subnet apart', () => {
    const { chart, cluster, gateway } = monitoring();
    const pairs = new ExternalIpsecEndpoint(chart, 'pairs', {
      ...gateway._props, cluster, interfaceName: 'ipsec-pairs', remoteSubnet: '203.0.113.0/24', localSubnets: ['10.3.0.0/16', '10.4.0.0/16'],
    });
    const { machineConfigs: [object] } = new IpsecMonitoring(chart, 'other', { cluster, roles: ['worker'], endpoints: [pairs] });
    const written: { contents: { source: string } }[] = object.toJson().spec.config.storage.files;
    expect(written.slice(1).map(({ contents }) => contentOf(contents.source)))
      .toEqual(['* 203.0.113.0/24 always left_server 10.3.0.0/16\n', '* 203.0.113.0/24 always left_server 10.4.0.0/16\n']);
  });
});

describe('the alerts', () => {
  test('have a severity, a runbook in the docs, and a `for` that a node\'s reboot does not reach', () => {
    for (const { alert, labels, annotations, for: duration } of alertsOf(monitoring({ days: 100 }))) {
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.runbook_url).toBe(`https://github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec/blob/main/docs/monitoring.md#${alert.toLowerCase()}`);
      expect(duration).toMatch(/^\d+[mh]$/);
    }
  });

  test('know each certificate by the constant of its end', () => {
    const expiring = alertsOf(monitoring({ days: 100 })).filter(({ alert }) => alert.startsWith('IpsecCertificate'));
    expect(expiring.map(({ alert, labels }) => [alert, labels.severity, labels.pools, labels.subject])).toEqual([
      ['IpsecCertificateExpiring', 'warning', 'worker', 'CN=node1.example.com,O=Test'],
      ['IpsecCertificateExpired', 'critical', 'worker', 'CN=node1.example.com,O=Test'],
    ]);
    const [, end] = /^vector\((\d+)\) - time\(\) <= 0$/.exec(expiring[1].expr)!;
    expect(expiring[0].expr).toBe(`(vector(${end}) - time() < 2592000) > 0`);
  });

  test('carry the labels that are asked for', () => {
    expect(alertsOf(monitoring({ props: { alertLabels: { team: 'network' } } })).every(({ labels }) => labels.team === 'network')).toBe(
      true,
    );
  });
});

test('the fragment for cluster-monitoring-config is what its operator reads, and no object', () => {
  const { construct, manifests } = monitoring();
  expect(construct.clusterMonitoringConfig).toBe(`nodeExporter:
  collectors:
    systemd:
      enabled: true
      units:
      - ipsec-(check|clear)@.+\\.service
`);
  expect(manifests.filter(({ metadata }) => metadata.name === 'cluster-monitoring-config')).toEqual([]);
});

test('the console gets the dashboard that a Grafana gets', () => {
  const { construct, of } = monitoring();
  const [map] = of('ConfigMap');
  expect([map.metadata.namespace, map.metadata.labels]).toEqual(['openshift-config-managed', { 'console.openshift.io/dashboard': 'true' }]);
  expect(map.data['ipsec.json']).toBe(construct.grafanaDashboard);
  expect((JSON.parse(construct.grafanaDashboard) as { rows: { title: string }[] }).rows.map(({ title }) => title)).toEqual([
    'Tunnels',
    'Rollout',
  ]);
});

describe('is refused:', () => {
  test.each<[string, Partial<IpsecMonitoringProps>, string]>([
    [
      'no endpoint',
      { endpoints: [] },
      "'endpoints' (an empty list) must name at least one ExternalIpsecEndpoint: without one there is nothing to watch",
    ],
    [
      'a pool without connections',
      { roles: ['worker', 'worker'] },
      "'roles' has 'worker' twice: each pool gets one MachineConfig, name it once",
    ],
    ['half a day', { expiresSoonDays: 0.5 }, "'expiresSoonDays' (0.5) must be a whole number of days from 1 to 3650"],
    [
      'a look each second',
      { interval: Duration.seconds(1) },
      "'interval' (1 s) must be from 15 seconds to 1 hour: alerts are for tunnels that are down for minutes",
    ],
    [
      'a rollout of minutes',
      { rolloutTimeout: Duration.minutes(5) },
      "'rolloutTimeout' (300 s) must be at least 30 minutes: one node alone may need that, and every rollout would be an alert",
    ],
    ['a severity of its own', { alertLabels: { severity: 'page' } }, "'alertLabels' has 'severity', which each alert has already"],
    [
      'a label that is none',
      { alertLabels: { 'a-b': 'c' } },
      "'alertLabels' has 'a-b', which is no name of a label of Prometheus: letters, digits and _, not beginning with a digit or __",
    ],
    [
      'a name that is none',
      { monitoringName: 'IPsec' },
      "'monitoringName' ('IPsec') must be lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit",
    ],
  ])('%s', (_, props, message) => {
    expect(() => monitoring({ props })).toThrow(message);
  });

  test('a construct without a certificate', () => {
    const { chart } = monitoring();
    expect(() => monitoring({ props: { certificates: [chart] } })).toThrow(
      "'certificates' has 'test', whose MachineConfigs say no certificate: give a CertImportMachineConfig or "
        + 'HostCertificates with its bundle',
    );
  });

  test('an endpoint that is absent', () => {
    const { chart, cluster } = monitoring();
    const gone = new ExternalIpsecEndpoint(chart, 'gone', {
      cluster,
      certificate: IpsecCertificate.fromNickname('left_server'),
      nodes: NodeSelection.role('worker'),
      interfaceName: 'ipsec-gone',
      host: 'gone.example.com',
      remoteSubnet: '203.0.113.0/24',
      type: IpsecConnectionType.TUNNEL,
      state: EndpointState.ABSENT,
    });
    expect(() => monitoring({ props: { endpoints: [gone] } })).toThrow(
      "'endpoints' has 'test/gone', which writes no connection that could be watched (its state is absent): leave it out",
    );
  });
});
