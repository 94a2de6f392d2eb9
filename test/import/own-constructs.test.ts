import { App, Chart } from 'cdk8s';
import { importTexts, objectsOf, runProgram, sorted, typeProblems } from './running';
import {
  ArgoCd, ExternalIpsecEndpoint, InstallPlanApproval, IpsecAutoconnect, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType,
  IpsecGuard, IpsecMode, IpsecWarnings, MachineConfigPoolPause, NmstateOperator, NodeSelection, OpenShiftVersion, PausedRollout,
} from '../../src';

/** The files of an app, by name. */
function filesOf(write: (app: App) => void): { [name: string]: string } {
  const app = new App();
  IpsecWarnings.of(app).silence();
  write(app);
  const text = app.synthYaml();
  return { 'a.yaml': text };
}

function chartsOf(write: (chart: (id: string) => Chart, app: App) => void): { [name: string]: string } {
  const app = new App();
  IpsecWarnings.of(app).silence();
  write((id) => new Chart(app, id), app);
  // Judged together, and then a file for each chart.
  app.synthYaml();
  return Object.fromEntries(app.charts.map((chart) => {
    const yaml = chart.toJson().map((object) => JSON.stringify(object)).join('\n---\n');
    return [`${chart.node.id}.yaml`, yaml];
  }));
}

function clusterOf(scope: Chart, addresses = {}): IpsecClusterConfig {
  return new IpsecClusterConfig(scope, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16'), routingViaHost: true, ...addresses,
  });
}

function endpointOf(scope: Chart, cluster: IpsecClusterConfig, name: string, remoteSubnet: string): ExternalIpsecEndpoint {
  return new ExternalIpsecEndpoint(scope, name, {
    cluster,
    certificate: IpsecCertificate.fromNickname('left_server'),
    nodes: NodeSelection.role('worker'),
    interfaceName: `ipsec-${name}`,
    host: `${name}.example.com`,
    remoteSubnet,
    type: IpsecConnectionType.TUNNEL,
  });
}

/** What writes each object now, and the program. */
function trip(texts: { readonly [name: string]: string }) {
  const imported = importTexts(texts);
  expect(sorted(runProgram(imported))).toEqual(sorted(Object.values(texts).flatMap(objectsOf)));
  const { statements, text } = imported;
  return {
    text,
    made: statements.map(({ candidate, objects }) => `${candidate.name} of ${objects.length}`).sort(),
    instead: statements.flatMap(({ instead }) => instead ?? []),
    plain: statements.flatMap(({ plain }) => plain ?? []),
  };
}

afterAll(() => expect(typeProblems()).toEqual([]), 120_000);

const ADDRESSES = {
  machineNetworks: ['10.0.0.0/24'], podNetworks: ['10.128.0.0/14', 'fd01::/48'], serviceNetworks: ['172.30.0.0/16'], apiVips: ['10.0.0.2', '10.0.0.3'],
};

test('a guard of some endpoints and an autoconnect of all come back, with what the guard was told of the cluster', () => {
  const { text, made } = trip(chartsOf((chart) => {
    // As in a rollout: the file of the guard comes before that of the endpoints.
    const [nodes, endpoints] = [chart('0-nodes'), chart('1-endpoints')];
    const cluster = clusterOf(endpoints, ADDRESSES);
    const [storage, backup] = [['storage', '192.0.2.0/24'], ['backup', '198.51.100.7/32']].map(([name, subnet]) => endpointOf(endpoints, cluster, name, subnet));
    endpointOf(endpoints, cluster, 'open', '203.0.113.0/24');
    new IpsecGuard(nodes, 'guard', {
      cluster, roles: ['master', 'worker'], endpoints: [backup, storage], allowClear: ['192.0.2.53/32'], requiredByKubelet: true,
    });
    new IpsecAutoconnect(nodes, 'autoconnect', { cluster, roles: ['worker'], endpoints: [storage] });
    new IpsecAutoconnect(nodes, 'autoconnect-of-all', { cluster, roles: ['infra'] });
  }));
  expect(made).toEqual([
    ...Array(3).fill('ExternalIpsecEndpoint of 1'), 'IpsecAutoconnect of 1', 'IpsecAutoconnect of 1', 'IpsecClusterConfig of 1', 'IpsecGuard of 2',
  ].sort());
  expect(text).toContain("machineNetworks: ['10.0.0.0/24']");
  expect(text).toMatch(/new IpsecGuard\([^]*?roles: \['master', 'worker'\],\n {2}endpoints: \[ipsecStorage, ipsecBackup\],\n {2}allowClear: \['192\.0\.2\.53'\],\n {2}requiredByKubelet: true,/);
});

describe('what differs from what the construct writes stays by its files, and the reason is told:', () => {
  const files = filesOf((app) => {
    const chart = new Chart(app, 'all');
    const cluster = clusterOf(chart);
    const endpoints = [endpointOf(chart, cluster, 'storage', '192.0.2.0/24')];
    new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints });
    new IpsecAutoconnect(chart, 'autoconnect', { cluster, roles: ['worker'], endpoints });
  });
  const without = (what: string) => ({ 'a.yaml': files['a.yaml'].split(/^---\n/m).filter((document) => !document.includes(what)).join('---\n') });

  test('a guard and an autoconnect of a connection that is not there', () => {
    expect(trip(without('kind: NodeNetworkConfigurationPolicy')).instead).toEqual([
      'it guards 192.0.2.0/24, which no connection that was read has behind its peer',
      "it keeps 'ipsec-storage' up, which is no connection that was read",
    ]);
  });

  test('a unit that somebody has changed', () => {
    const { made, instead } = trip({ 'a.yaml': files['a.yaml'].replace('RestartSec=5', 'RestartSec=6') });
    expect(made).toContain('MachineConfig of 1');
    expect(instead).toEqual(['it differs from what IpsecAutoconnect writes (/spec/config/systemd/units/0/contents)']);
  });
});

test('annotations of Argo CD are patched onto the constructs', () => {
  const { made, text } = trip(filesOf((app) => {
    const chart = new Chart(app, 'all');
    const cluster = clusterOf(chart);
    const endpoints = [endpointOf(chart, cluster, 'storage', '192.0.2.0/24')];
    new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints });
    new NmstateOperator(chart, 'nmstate');
    new MachineConfigPoolPause(chart, 'pause', { pools: ['worker'], paused: true });
    ArgoCd.annotate(app);
  }));
  expect(made).toEqual(['ExternalIpsecEndpoint of 1', 'IpsecClusterConfig of 1', 'IpsecGuard of 1', 'MachineConfigPoolPause of 1', 'NmstateOperator of 4']);
  expect(text).toContain("JsonPatch.add('/metadata/annotations'");
});

describe('the NMState operator', () => {
  test('comes back with what was asked of it, and what starts it in a file of its own', () => {
    const { made, text } = trip(chartsOf((chart) => new NmstateOperator(chart('operator'), 'nmstate', {
      channel: 'alpha',
      source: 'community-operators',
      sourceNamespace: 'catalogs',
      installPlanApproval: InstallPlanApproval.MANUAL,
      startingCsv: 'kubernetes-nmstate-operator.4.16.0-202407100906',
      probeDnsHost: 'dns.example.com',
      instanceScope: chart('instance'),
    })));
    expect(made).toEqual(['NmstateOperator of 4']);
    for (const prop of ['channel', 'source', 'sourceNamespace', 'installPlanApproval', 'startingCsv', 'probeDnsHost', 'instanceScope']) {
      expect(text).toContain(`  ${prop}: `);
    }
  });

  test('by its defaults is one line', () => {
    expect(trip(filesOf((app) => new NmstateOperator(new Chart(app, 'all'), 'nmstate'))).text).toMatch(/^new NmstateOperator\(\w+, 'openshift-nmstate', \{\}\);$/m);
  });

  test('with a part missing, or another target, is what it is', () => {
    const texts = filesOf((app) => new NmstateOperator(new Chart(app, 'all'), 'nmstate'));
    const whole = texts['a.yaml'];
    expect(trip({ 'a.yaml': whole.split(/^---\n/m).slice(1).join('---\n') }).made).toEqual(Array(3).fill('ApiObject of 1'));
    expect(trip({ 'a.yaml': whole.replace('- openshift-nmstate', '- elsewhere') }).made).toEqual(Array(4).fill('ApiObject of 1'));
  });
});

test('pools that are paused, and their end, come back; a whole pool stays what it is', () => {
  const { made, text } = trip({
    ...chartsOf((_, app) => new PausedRollout(app, 'ipsec', { pools: ['worker', 'infra'] })),
    'master.yaml': JSON.stringify(new MachineConfigPoolPause(new Chart(new App(), 'c'), 'master', {
      pools: ['master'], paused: true, controlPlaneReason: 'for an hour',
    }).apiObjects[0].toJson()),
    'whole.yaml': 'apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfigPool\nmetadata: {name: gpu}\nspec: {paused: true, nodeSelector: {}}\n',
  });
  expect(made).toEqual(['ApiObject of 1', 'MachineConfigPoolPause of 1', 'MachineConfigPoolPause of 2', 'MachineConfigPoolPause of 2']);
  expect(text).toContain("pools: ['worker', 'infra'], paused: true");
  expect(text).toContain("controlPlaneReason: 'for an hour'");
});
