import { App } from 'cdk8s';
import { parse } from 'yaml';
import { ask, build, file } from './judges';
import { NAMES } from './states';
import { ExternalIpsecEndpoint, IpsecConnectionType, NodeSelection, RhacmPolicies, RhacmTemplate } from '../../../src';
import { objectsOf } from '../../../src/constructs/rollout/written-objects';
import { filledRollout } from '../../constructs/rollout/filled';

let rhacm: string;
beforeAll(() => rhacm = build('rhacm'));

const filled = filledRollout({});
const gateway = new ExternalIpsecEndpoint(filled.rollout.endpoints, 'gateway', {
  cluster: filled.cluster,
  certificate: filled.certificate,
  nodes: NodeSelection.role('worker'),
  interfaceName: 'ipsec-gateway',
  left: RhacmTemplate.NODE_NAME,
  host: '192.0.2.20',
  type: IpsecConnectionType.TRANSPORT,
  acknowledge: { 'certificate-shared': 'one certificate for all workers' },
});
const { chart } = new RhacmPolicies(new App(), 'acm', {
  rollout: filled.rollout,
  namespace: 'policies',
  clusterLabels: { ipsec: 'true' },
  nodeEndpoints: [gateway],
});
const policies: any[] = objectsOf(chart).map((object) => object.toJson()).filter(({ kind }) => kind === 'Policy');
/** A ConfigurationPolicy as it arrives on the cluster. */
const configurationPolicy = (name: string): any => {
  const found = policies
    .flatMap(({ spec }) => spec['policy-templates'])
    .map(({ objectDefinition }) => objectDefinition)
    .find(({ metadata }) => metadata.name === name);
  return { ...found, metadata: { ...found.metadata, namespace: 'managed' } };
};

/** The Network object of a cluster that nobody has touched. */
const LIVE_NETWORK = {
  apiVersion: 'operator.openshift.io/v1',
  kind: 'Network',
  metadata: { name: 'cluster' },
  spec: {
    clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
    serviceNetwork: ['172.30.0.0/16'],
    disableNetworkDiagnostics: false,
    defaultNetwork: {
      type: 'OVNKubernetes',
      ovnKubernetesConfig: {
        mtu: 1400,
        ipsecConfig: { mode: 'Disabled' },
        gatewayConfig: { routingViaHost: false, ipForwarding: 'Restricted' },
      },
    },
  },
};

const node = (name: string, role: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { [`node-role.kubernetes.io/${role}`]: '', 'kubernetes.io/hostname': name } },
});
const documents = (...objects: object[]) => objects.map((object) => JSON.stringify(object)).join('\n---\n');

function dryrun(policy: object, ...cluster: object[]): string {
  return ask(rhacm, [
    'dryrun',
    '--no-colors',
    '-p',
    file('policy.json', policy),
    '--mappings-file',
    `${__dirname}/mappings.yaml`,
    file('cluster.yaml', documents(...cluster)),
  ]);
}

/** What changes, line by line, without the places. */
const changes = (said: string) =>
  said
    .split('\n')
    .filter((line) => /^[+-](?![+-])/.test(line))
    .map((line) => line.replace(/\s+/g, ' ').trim());

test('musthave on a full Network object changes two fields and nothing else', () => {
  const said = dryrun(configurationPolicy('ipsec-mode'), LIVE_NETWORK);
  expect(changes(said).sort()).toEqual(
    ['+ mode: External', '+ routingViaHost: true', '- mode: Disabled', '- routingViaHost: false'].sort(),
  );
});

test('mustonlyhave would take the cluster\'s network away, which is why there is no prop for it', () => {
  const policy = configurationPolicy('ipsec-mode');
  policy.spec['object-templates'][0] = { ...policy.spec['object-templates'][0], complianceType: 'mustonlyhave' };
  expect(changes(dryrun(policy, LIVE_NETWORK)).join('\n')).toContain('- clusterNetwork');
});

const pool = (names: readonly string[], updated = 'True') => ({
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfigPool',
  metadata: { name: 'worker' },
  spec: { configuration: { name: 'rendered-worker-b' } },
  status: {
    configuration: {
      name: 'rendered-worker-b',
      source: ['00-worker', ...names].map((name) => ({ apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfig', name })),
    },
    conditions: ['RenderDegraded', 'NodeDegraded', 'Degraded', 'Updated', 'Updating'].map((type) => ({
      type,
      status: type === 'Updated' ? updated : 'False',
      message: `${type} of worker`,
      reason: '',
      lastTransitionTime: '2026-03-01T12:00:00Z',
    })),
  },
});

test.each<[string, object[], boolean]>([
  ['has all names and is updated', [pool(NAMES)], true],
  ['is updated, but has nothing of ours yet', [pool([])], false],
  ['has one of two', [pool(NAMES.slice(1))], false],
  ['is being updated', [pool(NAMES, 'False')], false],
  ['is not there', [], false],
])('the gate is compliant only where the pool does: it %s', (_, cluster, compliant) => {
  const said = dryrun(configurationPolicy('ipsec-mode-pools'), ...cluster);
  expect(/^Compliant;/m.test(said) && !/^NonCompliant;/m.test(said)).toBe(compliant);
});

test.each<[string, boolean]>([
  ['Available', true],
  ['Degraded', false],
])('the policies are compliant when they are available: %s', (type, compliant) => {
  const policy = {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name: 'ipsec-storage' },
    status: {
      conditions: ['Available', 'Degraded'].map((each) => ({
        type: each,
        status: each === type ? 'True' : 'False',
        reason: 'x',
        message: 'y',
      })),
    },
  };
  const said = dryrun(configurationPolicy('ipsec-endpoints-available'), policy);
  expect(/^Compliant;/m.test(said) && !/^NonCompliant;/m.test(said)).toBe(compliant);
});

test('an endpoint for each node is one policy a node of the role, with its own selector', () => {
  const said = dryrun(
    configurationPolicy('ipsec-endpoints-ipsec-gateway'),
    node('worker-0.example.com', 'worker'),
    node('worker-1.example.com', 'worker'),
    node('master-0.example.com', 'master'),
  );
  for (const name of ['worker-0', 'worker-1']) {
    expect(said).toContain(`ipsec-gateway-${name}`);
    expect(changes(said)).toContain(`+ kubernetes.io/hostname: ${name}.example.com`);
    expect(changes(said)).toContain(`+ left: ${name}.example.com`);
  }
  expect(said).not.toContain('master-0');
});

test('a script with braces arrives as it is', () => {
  const policy = configurationPolicy('ipsec-verification');
  const script = policy.spec['object-templates'].find(({ objectDefinition }: any) => objectDefinition.kind === 'ConfigMap').objectDefinition
    .data['ipsec-verify.sh'];
  const said = dryrun(policy);
  expect(script).toContain('{{with .status}}');
  expect(said).not.toMatch(/error|failed to parse/i);
});

test('a key from a Secret of the hub arrives byte for byte', () => {
  const bytes = Buffer.from([...Array(256).keys()]).toString('base64');
  const machineConfig = {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name: '99-worker-x' },
    spec: {
      config: {
        storage: {
          files: [{ path: '/etc/x', contents: { source: `data:;base64,${RhacmTemplate.hubSecret('policies', 'ipsec-oslo', 'p12')}` } }],
        },
      },
    },
  };
  const policy = {
    apiVersion: 'policy.open-cluster-management.io/v1',
    kind: 'Policy',
    metadata: { name: 'p', namespace: 'policies' },
    spec: { 'policy-templates': [{ objectDefinition: machineConfig }] },
  };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'ipsec-oslo', namespace: 'policies' }, data: { p12: bytes } };
  const said = ask(rhacm, ['hub', file('policy.json', policy), file('hub.json', secret), 'oslo']);
  const [sent, got] = said.split('# on the cluster\n');
  expect(sent).not.toContain(bytes);
  expect(parse(got).spec['policy-templates'][0].objectDefinition.spec.config.storage.files[0].contents.source).toBe(
    `data:;base64,${bytes}`,
  );
});
