import { mkdtempSync, readdirSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Testing } from 'cdk8s';
import { ask, build } from './judges';
import { demo } from '../../../examples/demo';
import { operations } from '../../../examples/operations';
import { IpsecClusterConfig, IpsecClusterConfigProps, IpsecEncapsulation, IpsecMode, IpsecWarnings, OpenShiftVersion } from '../../../src';
import { objects, runExample } from '../../examples/run-example';
import { scratch } from '../../system/tools';
import { ApiServer } from '../api-server';
import { definitions, nmstateDefinitions } from '../definitions';

const dir = scratch('cluster');
let api: ApiServer;
beforeAll(async () => {
  api = await ApiServer.start(dir, []);
  for (const definition of definitions()) await api.define(definition);
  for (const name of ['openshift-gitops', 'policies', 'flux-system']) namespace(name);
}, 1_800_000);
afterAll(() => api?.stop());

function namespace(name: string): void {
  api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

const network = (spec: object = {}) => ({
  apiVersion: 'operator.openshift.io/v1',
  kind: 'Network',
  metadata: { name: 'cluster' },
  spec: {
    clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
    serviceNetwork: ['172.30.0.0/16'],
    logLevel: 'Normal',
    managementState: 'Managed',
    disableNetworkDiagnostics: false,
    defaultNetwork: {
      type: 'OVNKubernetes',
      ovnKubernetesConfig: { mtu: 1400, genevePort: 6081, policyAuditConfig: { rateLimit: 20 }, ...spec },
    },
  },
});

/** A cluster after its installation, where the operator applies the Network object. */
function installed(): void {
  api.delete(network());
  expect(api.apply(network(), 'fieldManager=cluster-network-operator/operconfig').status).toBe(201);
}

/** The same where it was created as a file of the installer. */
function installedFromFile(spec?: object): void {
  api.delete(network());
  const { status, body } = api.request(
    'POST', '/apis/operator.openshift.io/v1/networks?fieldManager=cluster-bootstrap&fieldValidation=Strict', network(spec),
  );
  expect([status, body.message]).toEqual([201, undefined]);
}

const live = () => api.get(network()).body;
const GITOPS = 'fieldManager=gitops';

/** Applies each object as it comes, as a try first, and says what is refused. */
function refusals(all: readonly any[]): string[] {
  return all.flatMap((object) => {
    const tried = api.apply(object, `${GITOPS}&dryRun=All`);
    const { status, body } = tried.status > 201 ? tried : api.apply(object, GITOPS);
    return status > 201 ? [`${object.kind} ${object.metadata.name}: ${status} ${body.message ?? body}`] : [];
  });
}

/** Everything of these kinds is taken away. */
function withoutNmstate(): void {
  for (const definition of nmstateDefinitions()) api.delete(definition);
}

test('a cluster takes every object of the demo in the order of its files, strictly and without force', async () => {
  installed();
  for (const definition of nmstateDefinitions()) await api.define(definition);
  const out = mkdtempSync(join(tmpdir(), 'demo-'));
  demo([], out);
  const all = objects(join(out, 'manifests'));
  expect(all.map(({ kind }) => kind)).toEqual([
    'MachineConfig', 'MachineConfig', 'Network', 'NodeNetworkConfigurationPolicy', 'NodeNetworkConfigurationPolicy',
  ]);
  expect(refusals(all)).toEqual([]);
});

test('and of the example for Argo CD in the order of its waves, where the operator of NMState brings its kinds only then', async () => {
  installed();
  withoutNmstate();
  const { folder } = runExample('argocd');
  const all = objects(join(folder, 'dist'));
  const order = ask(build('order'), [join(folder, 'dist')].flatMap((each) => filesOf(each))).trimEnd().split('\n')
    .map((line) => /^\S+\s+wave\s+-?\d+\s+(\S+) \[/.exec(line)![1]);
  expect(order).toHaveLength(all.length);
  for (const name of order) {
    const object = all.find(({ kind, metadata }) => `${kind}/${metadata.name}` === name);
    expect(refusals([object])).toEqual([]);
    if (object.kind === 'Subscription') for (const definition of nmstateDefinitions()) await api.define(definition);
  }
  expect(refusals(objects(join(folder, 'openshift-gitops')))).toEqual([]);
});

test('the kinds of NMState are not there before, so that the order matters', () => {
  withoutNmstate();
  const { folder } = runExample('argocd');
  const early = objects(join(folder, 'dist')).filter(({ kind }) => kind === 'NMState');
  expect(refusals(early)).toEqual([expect.stringMatching(/^NMState nmstate: 404 /)]);
});

test.each(['acm', 'flux', 'fleet'])('and of the example %s', async (example) => {
  for (const definition of nmstateDefinitions()) await api.define(definition);
  const { folder } = runExample(example);
  const all = objects(join(folder, 'dist')).filter(({ metadata }) => !/\{\{/.test(JSON.stringify(metadata)));
  installed();
  expect(all.length).toBeGreaterThan(5);
  expect(refusals(all)).toEqual([]);
});

test('and of the example operations, with the rules of Prometheus', async () => {
  for (const definition of nmstateDefinitions()) await api.define(definition);
  for (const name of ['openshift-monitoring', 'openshift-config-managed', 'openshift-machine-config-operator']) namespace(name);
  const out = mkdtempSync(join(tmpdir(), 'operations-'));
  operations(out);
  installed();
  const all = objects(join(out, 'before'));
  expect(all.map(({ kind }) => kind)).toContain('PrometheusRule');
  // As apply.sh does it: a Job of another rollout is in the way, because none can be changed.
  for (const job of all.filter(({ kind }) => kind === 'Job')) api.delete(job);
  expect(refusals(all)).toEqual([]);
});

function filesOf(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort().map((name) => join(folder, name));
}

describe('the Network object', () => {
  const config = (mode: IpsecMode, props: Partial<IpsecClusterConfigProps> = {}) => {
    const chart = Testing.chart();
    IpsecWarnings.of(chart).silence();
    const cluster = new IpsecClusterConfig(chart, 'cluster', {
      mode, openshiftVersion: OpenShiftVersion.of('4.19'), ...mode === IpsecMode.EXTERNAL ? { routingViaHost: true } : {}, ...props,
    });
    return { cluster, manifest: Testing.synth(chart)[0] };
  };
  const ovn = () => live().spec.defaultNetwork.ovnKubernetesConfig;
  const ipsec = () => ovn().ipsecConfig;
  const ownedBy = (manager: string) =>
    live().metadata.managedFields.filter((each: any) => each.manager === manager).map(({ fieldsV1 }: any) => fieldsV1['f:spec']);
  const apply = (object: object, query = GITOPS) => {
    const { status, body } = api.apply(object, query);
    return status === 200 ? 'taken' : `${status} ${body.message}`;
  };
  const patch = (content: unknown, type: string) => {
    const { status, body } = api.request('PATCH', '/apis/operator.openshift.io/v1/networks/cluster?fieldValidation=Strict', content, type);
    return status === 200 ? 'taken' : `${status} ${body.message}`;
  };
  const OWN_FIELDS = {
    'f:defaultNetwork': { 'f:ovnKubernetesConfig': { 'f:gatewayConfig': { 'f:routingViaHost': {} }, 'f:ipsecConfig': { 'f:mode': {} } } },
  };

  test('keeps everything that others wrote, and who wrote it, but for two fields', () => {
    installed();
    const [before, theirs] = [live().spec, ownedBy('cluster-network-operator/operconfig')];
    expect(apply(config(IpsecMode.EXTERNAL).manifest)).toBe('taken');
    expect(live().spec).toEqual({
      ...before,
      defaultNetwork: {
        ...before.defaultNetwork,
        ovnKubernetesConfig: {
          ...before.defaultNetwork.ovnKubernetesConfig,
          gatewayConfig: expect.objectContaining({ routingViaHost: true }),
          ipsecConfig: { mode: 'External' },
        },
      },
    });
    expect(ownedBy('gitops')).toEqual([OWN_FIELDS]);
    expect(ownedBy('cluster-network-operator/operconfig')).toEqual(theirs);
    // Again, and again: nothing changes.
    const { resourceVersion } = live().metadata;
    expect(apply(config(IpsecMode.EXTERNAL).manifest)).toBe('taken');
    expect(live().metadata.resourceVersion).toBe(resourceVersion);
  });

  test('is refused without force where somebody else wrote one of them, the default among it, and only they change with it', () => {
    installedFromFile();
    const mode = '.spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig.mode';
    expect(apply(config(IpsecMode.EXTERNAL).manifest)).toBe(
      `409 Apply failed with 1 conflict: conflict with "cluster-bootstrap" using operator.openshift.io/v1: ${mode}`,
    );
    installedFromFile({ ipsecConfig: { mode: 'Disabled' }, gatewayConfig: { routingViaHost: false } });
    const before = live().spec;
    expect(apply(config(IpsecMode.EXTERNAL).manifest)).toBe(
      '409 Apply failed with 2 conflicts: conflicts with "cluster-bootstrap" using operator.openshift.io/v1:\n'
        + `- .spec.defaultNetwork.ovnKubernetesConfig.gatewayConfig.routingViaHost\n- ${mode}`,
    );
    expect(live().spec).toEqual(before);
    expect(apply(config(IpsecMode.EXTERNAL).manifest, `${GITOPS}&force=true`)).toBe('taken');
    expect([ovn().gatewayConfig, ipsec()]).toEqual([{ routingViaHost: true }, { mode: 'External' }]);
    expect(ownedBy('gitops')).toEqual([OWN_FIELDS]);
    // From then on it is ours.
    expect(apply(config(IpsecMode.DISABLED, { routingViaHost: true }).manifest)).toBe('taken');
  });

  test.each<[string, () => void, string]>([
    ['applied by the operator', installed, GITOPS],
    ['created from a file', () => installedFromFile({ gatewayConfig: { routingViaHost: false } }), `${GITOPS}&force=true`],
  ])('goes from Disabled to External to Full to Disabled, where it was %s', (_, install, query) => {
    install();
    const always = { routingViaHost: true };
    for (const [mode, props, said] of [
      [IpsecMode.DISABLED, {}, { mode: 'Disabled' }],
      [IpsecMode.EXTERNAL, {}, { mode: 'External' }],
      [IpsecMode.FULL, { encapsulation: IpsecEncapsulation.ALWAYS }, { mode: 'Full', full: { encapsulation: 'Always' } }],
      [IpsecMode.DISABLED, {}, { mode: 'Disabled' }],
    ] as const) {
      expect(apply(config(mode, { ...always, ...props }).manifest, query)).toBe('taken');
      expect(ipsec()).toEqual(said);
    }
  });

  test('goes back the same way by the patches of the library', () => {
    installed();
    for (const mode of [IpsecMode.EXTERNAL, IpsecMode.FULL, IpsecMode.DISABLED]) {
      expect(patch(config(mode).cluster.mergePatch(), 'application/merge-patch+json')).toBe('taken');
      expect(ipsec()).toEqual({ mode });
    }
  });

  test('can\'t leave Full while somebody else\'s options of it are there, and does with the JSON patch', () => {
    installed();
    expect(patch(config(IpsecMode.FULL, { encapsulation: IpsecEncapsulation.ALWAYS }).cluster.mergePatch(), 'application/merge-patch+json')).toBe('taken');
    expect(apply(config(IpsecMode.DISABLED).manifest, `${GITOPS}&force=true`)).toMatch(/^422 .*\bfull\b/s);
    expect(patch(config(IpsecMode.DISABLED).cluster.mergePatch(), 'application/merge-patch+json')).toMatch(/^422 .*\bfull\b/s);
    const { cluster } = config(IpsecMode.DISABLED, { removeFullOptions: true });
    expect(patch(cluster.jsonPatch(), 'application/json-patch+json')).toBe('taken');
    expect(ipsec()).toEqual({ mode: 'Disabled' });
  });

  test('can\'t lose routingViaHost where somebody else wrote its parent, so that it stays in the manifest', () => {
    installed();
    expect(apply(config(IpsecMode.EXTERNAL).manifest)).toBe('taken');
    expect(apply(config(IpsecMode.DISABLED).manifest)).toBe('taken');
    installedFromFile({ gatewayConfig: { routingViaHost: false } });
    expect(apply(config(IpsecMode.EXTERNAL).manifest, `${GITOPS}&force=true`)).toBe('taken');
    expect(apply(config(IpsecMode.DISABLED).manifest)).toMatch(/^422 .*gatewayConfig in body must be of type object: "null"/s);
    expect(apply(config(IpsecMode.DISABLED, { routingViaHost: false }).manifest)).toBe('taken');
  });
});
