import { ApiObject, App } from 'cdk8s';
import { parse } from 'yaml';
import { ask, build, file } from './judges';
import { changes, dryRun, LIVE_NETWORK } from './rhacm-dry-run';
import { NAMES } from './states';
import {
  CertImportMachineConfig, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecRollout, IpsecWarnings,
  NodeSelection, OpenShiftVersion, PeerIdentity, Pkcs12Bundle, RhacmPolicies, RhacmTemplate,
} from '../../../src';
import { objectsOf } from '../../../src/constructs/rollout/written-objects';
import { caCertificates, leaf } from '../../constructs/certificates/fixtures';
import { filledRollout } from '../../constructs/rollout/filled';
import { makePkcs12 } from '../../pki';
import { filesWritten } from '../mco/judge';

let rhacm: string;
beforeAll(() => rhacm = build('rhacm'));

const dryrun = (policy: object, ...cluster: object[]) => dryRun(rhacm, policy, ...cluster);

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

const node = (name: string, role: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { [`node-role.kubernetes.io/${role}`]: '', 'kubernetes.io/hostname': name } },
});

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

/** The policy that NMState has on a node, as empty as it can be, so that all is told that the cluster would write. */
const emptyPolicy = (name: string) => ({ apiVersion: 'nmstate.io/v1', kind: 'NodeNetworkConfigurationPolicy', metadata: { name }, spec: {} });

test('an endpoint for each node is one policy a node of the role, with its own selector', () => {
  const said = dryrun(
    configurationPolicy('ipsec-endpoints-ipsec-gateway'),
    node('worker-0.example.com', 'worker'),
    node('worker-1.example.com', 'worker'),
    node('master-0.example.com', 'master'),
    emptyPolicy('ipsec-gateway-worker-0'),
    emptyPolicy('ipsec-gateway-worker-1'),
  );
  for (const name of ['worker-0', 'worker-1']) {
    expect(said).toContain(`NodeNetworkConfigurationPolicy ipsec-gateway-${name}:`);
    expect(changes(said)).toContain(`+ kubernetes.io/hostname: ${name}.example.com`);
    expect(changes(said)).toContain(`+ left: ${name}.example.com`);
  }
  expect(said).not.toContain('master-0');
  expect(said).not.toContain('{{');
});

test('a script with braces arrives as it is', () => {
  const policy = configurationPolicy('ipsec-verification');
  const configMap = policy.spec['object-templates'].map(({ objectDefinition }: any) => objectDefinition).find(({ kind }: any) => kind === 'ConfigMap');
  expect(configMap.data['ipsec-verify.sh']).toContain('{{with .status}}');
  // Of a ConfigMap no difference is told, unless that is asked for.
  for (const template of policy.spec['object-templates']) template.recordDiff = 'InStatus';
  const said = (arrived: object) => dryrun(policy, { ...configMap, data: arrived });
  expect(said(configMap.data)).toMatch(/^v1 ConfigMap openshift-gitops\/ipsec-verification:\s*^batch/m);
  expect(said({})).toContain('{{with .status}}');
});

describe('a bundle from a Secret of the hub', () => {
  const P12 = '/etc/pki/certs/left_server.p12';
  const bytes = makePkcs12({ identity: leaf, friendlyName: 'left_server', password: 'secret' });
  const KEY = Buffer.alloc(32, 7);
  const IV = Buffer.alloc(16, 9);

  const app = new App();
  IpsecWarnings.of(app).silence();
  const rollout = new IpsecRollout(app, 'ipsec', { pools: ['worker'] });
  const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.18'), routingViaHost: true,
  });
  new CertImportMachineConfig(rollout.certificates, 'certs', {
    cluster,
    roles: ['worker'],
    caCertificates,
    bundle: Pkcs12Bundle.fromHubSecret({ namespace: 'policies', name: 'left-server', key: 'left_server.p12' }),
    nodePasswordFile: '/etc/pki/ipsec/left_server.password',
  });
  // What keeps the cluster from filling in templates keeps it from decrypting.
  new ApiObject(rollout.certificates, 'script', {
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'script', namespace: 'ipsec' }, data: { script: '{{.kind}}' },
  });
  const hub = new RhacmPolicies(new App(), 'acm', { rollout, namespace: 'policies', clusterLabels: { ipsec: 'true' } });
  const policy = objectsOf(hub.chart).map((object) => object.toJson()).find(({ metadata }) => metadata.name === 'ipsec-certificates');
  const secret = {
    apiVersion: 'v1', kind: 'Secret', metadata: { name: 'left-server', namespace: 'policies' }, data: { 'left_server.p12': bytes.toString('base64') },
  };
  let sent: any[];
  let got: any[];
  beforeAll(() => {
    const said = ask(rhacm, ['hub', file('policy.json', policy), file('hub.json', secret), 'oslo']);
    const [before, after] = said.split('# on the cluster\n');
    [sent, got] = [before, after].map((text) => parse(text).spec['policy-templates'].map(({ objectDefinition }: any) => objectDefinition));
  });
  const machineConfigOf = (all: any[]) =>
    all.flatMap(({ spec }) => spec['object-templates']).map(({ objectDefinition }) => objectDefinition).find(({ kind }) => kind === 'MachineConfig');

  test('is encrypted on its way', () => {
    const { contents: { source } } = machineConfigOf(sent).spec.config.storage.files.find(({ path }: any) => path === P12);
    expect(source).toMatch(/^data:;base64,\$ocm_encrypted:[A-Za-z0-9+/]+=*$/);
    expect(JSON.stringify(sent)).not.toContain(bytes.toString('base64').slice(0, 100));
  });

  test('is written to the nodes byte for byte by the Machine Config Operator', () => {
    const written = filesWritten([machineConfigOf(got)], [P12]);
    expect(written.get(P12)?.equals(bytes)).toBe(true);
  });

  /** What the cluster says of the policies as they arrive there, with the key to decrypt them. */
  const onCluster = (...there: object[]) => sent.map((each) => {
    const { metadata: { annotations, ...metadata }, ...rest } = each;
    const arrived = {
      ...rest,
      metadata: { ...metadata, namespace: 'managed', annotations: { ...annotations, 'policy.open-cluster-management.io/encryption-iv': IV.toString('base64') } },
    };
    const key = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'policy-encryption-key', namespace: 'managed' }, data: { key: KEY.toString('base64') } };
    return /^Compliant;/m.test(dryrun(arrived, key, ...there));
  });

  test('is decrypted by the cluster, also where a script with braces comes in the same stage', () => {
    const script = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'script', namespace: 'ipsec' }, data: { script: '{{.kind}}' } };
    expect(sent.map(({ metadata }) => metadata.name)).toEqual(['ipsec-certificates', 'ipsec-certificates-literal']);
    expect(onCluster(machineConfigOf(got), script)).toEqual([true, true]);
    expect(onCluster(machineConfigOf(sent), { ...script, data: { script: '' } })).toEqual([false, false]);
  });
});

describe('values of a cluster, which the hub fills in', () => {
  const LABELS = { storage: '192.0.2.30', gateway: 'worker-1.example.com', subnet: '10.9.0.0' };
  const label = (name: keyof typeof LABELS) => RhacmTemplate.clusterLabel(name);
  const endpoints = (valueOf: (name: keyof typeof LABELS) => string, clusterName: string): any[] => {
    const made = filledRollout({});
    const common = { cluster: made.cluster, certificate: made.certificate, host: valueOf('storage'), peerIdentity: PeerIdentity.of(valueOf('storage')) };
    new ExternalIpsecEndpoint(made.rollout.endpoints, 'host', {
      ...common,
      nodes: NodeSelection.hostname(valueOf('gateway')),
      interfaceName: 'ipsec-host',
      policyName: 'ipsec-host',
      remoteSubnet: `${valueOf('storage')}/32`,
      localSubnet: `${valueOf('subnet')}/24`,
      leftid: `@${clusterName}.example.com`,
      leftAddress: valueOf('gateway'),
      type: IpsecConnectionType.TUNNEL,
    });
    const each = new ExternalIpsecEndpoint(made.rollout.endpoints, 'each', {
      ...common,
      nodes: NodeSelection.role('worker'),
      interfaceName: 'ipsec-each',
      left: RhacmTemplate.NODE_NAME,
      remoteSubnet: `${valueOf('storage')}/32`,
      type: IpsecConnectionType.TRANSPORT,
    });
    const hub = new RhacmPolicies(new App(), 'acm', { rollout: made.rollout, namespace: 'policies', clusterLabels: { a: 'b' }, nodeEndpoints: [each] });
    return objectsOf(hub.chart).map((object) => object.toJson()).filter(({ metadata }) => metadata.name === 'ipsec-endpoints');
  };

  test('are in the policy as if they had been written', () => {
    const [policy] = endpoints(label, RhacmTemplate.CLUSTER_NAME);
    const nothing = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'none', namespace: 'policies' } };
    const said = ask(rhacm, ['hub', file('policy.json', policy), file('hub.json', nothing), 'oslo', file('labels.json', LABELS)]);
    // What the cluster looks up, its nodes, is not there.
    const sent = parse(said.split(/^(?:# on the cluster|REFUSED: failed to resolve)/m)[0]);
    expect(JSON.stringify(policy)).toContain('{{hub');
    // The template over the nodes is a text, in which quotes may differ.
    const read = ({ spec }: any) => spec['policy-templates'].map(({ objectDefinition: { 'spec': { 'object-templates-raw': raw, ...rest }, ...definition } }: any) =>
      [definition, rest, raw && parse(raw.replace(/^\{\{- .*$/gm, ''))]);
    expect(read(sent)).toEqual(read(endpoints((name) => LABELS[name], 'oslo')[0]));
  });
});

describe('the gate of policies that are made for each node', () => {
  const available = (name: string, status: string) => ({
    apiVersion: 'nmstate.io/v1', kind: 'NodeNetworkConfigurationPolicy', metadata: { name }, status: { conditions: [{ type: 'Available', status }] },
  });

  test.each<[string, string, boolean]>([['True', 'True', true], ['True', 'False', false]])('%s and %s', (first, second, compliant) => {
    const said = dryrun(
      configurationPolicy('ipsec-endpoints-ipsec-gateway-available'), node('worker-0.example.com', 'worker'), node('worker-1.example.com', 'worker'),
      available('ipsec-gateway-worker-0', first), available('ipsec-gateway-worker-1', second),
    );
    expect(/^Compliant;/m.test(said) && !/^NonCompliant;/m.test(said)).toBe(compliant);
  });

  test('is not compliant before the policies are there', () => {
    expect(dryrun(configurationPolicy('ipsec-endpoints-ipsec-gateway-available'), node('worker-0.example.com', 'worker'))).toMatch(/^NonCompliant;/m);
  });
});

describe('the gate of a DaemonSet', () => {
  const made = filledRollout({});
  new ApiObject(made.rollout.certificates, 'daemonset', { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'import', namespace: 'ipsec' }, spec: {} });
  const hub = new RhacmPolicies(new App(), 'acm', { rollout: made.rollout, namespace: 'policies', clusterLabels: { a: 'b' } });
  const gate = objectsOf(hub.chart).map((object) => object.toJson()).filter(({ kind }) => kind === 'Policy')
    .flatMap(({ spec }) => spec['policy-templates']).map(({ objectDefinition }: any) => objectDefinition)
    .find(({ metadata }: any) => metadata.name === 'ipsec-mode-daemonsets');
  const daemonSet = (status?: object) => ({
    apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'import', namespace: 'ipsec', generation: 2 }, ...status ? { status } : {},
  });
  const ready = {
    observedGeneration: 2,
    desiredNumberScheduled: 3,
    currentNumberScheduled: 3,
    numberMisscheduled: 0,
    numberReady: 3,
    updatedNumberScheduled: 3,
  };

  test.each<[string, object[], boolean]>([
    ['ready on all nodes', [daemonSet(ready)], true],
    ['not ready on one', [daemonSet({ ...ready, numberReady: 2, numberUnavailable: 1 })], false],
    ['ready, with a pod of an earlier template', [daemonSet({ ...ready, updatedNumberScheduled: 2 })], false],
    ['ready, and not looked at since it changed', [daemonSet({ ...ready, observedGeneration: 1 })], false],
    ['there, and never looked at', [daemonSet()], false],
    ['for no node', [daemonSet({ observedGeneration: 2, desiredNumberScheduled: 0, currentNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 })], true],
    ['not there', [], false],
  ])('is compliant where it is ready: it is %s', (_, cluster, compliant) => {
    const said = dryrun({ ...gate, metadata: { ...gate.metadata, namespace: 'managed' } }, ...cluster);
    expect(/^Compliant;/m.test(said) && !/^NonCompliant;/m.test(said)).toBe(compliant);
  });
});

test('a Job with other settings may be made anew, and nothing else', () => {
  const options = policies.flatMap(({ spec }) => spec['policy-templates']).flatMap(({ objectDefinition }) => objectDefinition.spec['object-templates'] ?? [])
    .filter(({ recreateOption }: any) => recreateOption !== undefined);
  expect(options.map(({ recreateOption, objectDefinition: { kind } }: any) => [kind, recreateOption])).toEqual([['Job', 'IfRequired']]);
});
