import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { ArgoCd, ArgoCdGate, CertImportMachineConfig, IpsecRollout, MachineConfigPoolPause, MtuMigration } from '../../../src';
import { objectsOf } from '../../../src/constructs/rollout/written-objects';
import { bundle, caCertificates } from '../certificates/fixtures';
import { filledRollout } from '../rollout/filled';

const WAVE = 'argocd.argoproj.io/sync-wave';
const OPTIONS = 'argocd.argoproj.io/sync-options';

const object = (chart: Construct, id: string, kind = 'ConfigMap', annotations?: { [name: string]: string }, apiVersion = 'v1') => (
  new ApiObject(chart, id, { apiVersion, kind, metadata: { name: id, annotations } }));
const annotations = (of: ApiObject) => of.toJson().metadata.annotations ?? {};

describe('waves', () => {
  test('are the dependencies between charts, the longest way', () => {
    const app = new App();
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => new Chart(app, id));
    b.addDependency(a);
    d.addDependency(b, a);
    const objects = [a, b, c, d].map((chart) => object(chart, `of-${chart.node.id}`));
    ArgoCd.annotate(app);
    expect(objects.map((each) => annotations(each)[WAVE])).toEqual(['0', '1', '0', '2']);
  });

  test('count dependencies between what stands in charts, and between groups of charts', () => {
    const app = new App();
    const group = new Construct(app, 'group');
    const [x, y, z] = [new Chart(group, 'x'), new Chart(group, 'y'), new Chart(app, 'z')];
    const [first, second, third] = [object(x, 'first'), object(y, 'second'), object(z, 'third')];
    second.addDependency(first);
    z.node.addDependency(group);
    ArgoCd.annotate(app, { firstWave: -5 });
    expect([first, second, third].map((each) => annotations(each)[WAVE])).toEqual(['-5', '-4', '-3']);
  });

  test('are not written where nothing depends on anything', () => {
    const app = new App();
    const only = object(new Chart(app, 'only'), 'only');
    ArgoCd.annotate(app);
    expect(annotations(only)).toEqual({});
  });

  test('never go over what the user set', () => {
    const app = new App();
    const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];
    b.addDependency(a);
    const own = object(b, 'own', 'ConfigMap', { [WAVE]: '77' });
    ArgoCd.annotate(app);
    expect(annotations(own)).toEqual({ [WAVE]: '77' });
  });

  test('do not end in a circle', () => {
    const app = new App();
    const [a, b] = [new Chart(app, 'a'), new Chart(app, 'b')];
    object(a, 'x').addDependency(object(b, 'y'));
    b.addDependency(a);
    expect(() => ArgoCd.annotate(app)).toThrow(new Error('charts depend on each other in a circle: a > b > a; take one dependency away'));
  });
});

describe('sync options', () => {
  const chart = () => new Chart(new App(), 'c');

  test.each([
    ['operator.openshift.io/v1', 'Network', 'ServerSideApply=true,Prune=false,Delete=false'],
    ['operator.openshift.io/v1', 'MachineConfiguration', 'ServerSideApply=true,Prune=false,Delete=false'],
    ['machineconfiguration.openshift.io/v1', 'MachineConfigPool', 'ServerSideApply=true,Prune=false,Delete=false'],
    ['nmstate.io/v1', 'NMState', 'SkipDryRunOnMissingResource=true'],
    ['nmstate.io/v1', 'NodeNetworkConfigurationPolicy', 'SkipDryRunOnMissingResource=true'],
    ['machineconfiguration.openshift.io/v1', 'MachineConfig', undefined],
    ['config.openshift.io/v1', 'Network', undefined],
    ['operator.openshift.io.example.com/v1', 'Network', undefined],
  ])('of %s %s', (apiVersion, kind, options) => {
    const own = object(chart(), 'x', kind, undefined, apiVersion);
    ArgoCd.annotate(own.node.root as App);
    expect(annotations(own)[OPTIONS]).toBe(options);
  });

  test('of the user keep what they say', () => {
    const own = object(chart(), 'x', 'Network', { [OPTIONS]: 'Prune=true, Validate=false' }, 'operator.openshift.io/v1');
    ArgoCd.annotate(own.node.root as App);
    expect(annotations(own)[OPTIONS]).toBe('Prune=true,Validate=false,ServerSideApply=true,Delete=false');
  });
});

describe('hooks', () => {
  test('are the verification, and the gate with the names that it looks for', () => {
    const { app, rollout, cluster } = filledRollout({});
    const gate = new ArgoCdGate(app, 'argocd', { rollout, cluster, namespace: 'openshift-gitops' });
    ArgoCd.annotate(app);
    const job = (chart: Chart) => objectsOf(chart).find(({ kind }) => kind === 'Job')!;
    for (const each of [job(gate.chart), job(rollout.verification)]) {
      expect(annotations(each)).toMatchObject({
        'argocd.argoproj.io/hook': 'Sync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
      });
    }
    const [container] = job(gate.chart).toJson().spec.template.spec.containers;
    expect(container.env).toEqual(expect.arrayContaining([
      { name: 'IPSEC_POOLS', value: 'worker' }, { name: 'IPSEC_RENDERED', value: 'worker/99-worker-import-certs' },
      { name: 'IPSEC_TIMEOUT', value: '7200' },
    ]));
    expect(Number(annotations(job(gate.chart))[WAVE])).toBe(Number(annotations(objectsOf(rollout.endpoints)[0])[WAVE]) - 1);
  });

  test('of the user stay', () => {
    const { app, rollout } = filledRollout({});
    const verification = objectsOf(rollout.verification).find(({ kind }) => kind === 'Job')!;
    verification.metadata.addAnnotation('argocd.argoproj.io/hook', 'PostSync');
    ArgoCd.annotate(app);
    expect(annotations(verification)['argocd.argoproj.io/hook']).toBe('PostSync');
  });
});

describe('refused is', () => {
  test('a gate before there is anything to wait for', () => {
    const { cluster } = filledRollout({});
    const rollout = new IpsecRollout(new App(), 'other', { pools: ['worker'] });
    expect(() => new ArgoCdGate(new App(), 'argocd', { rollout, cluster, namespace: 'x' })).toThrow(
      new Error(
        "argocd: 'rollout' has nothing in 'certificates' and 'mode' yet "
          + 'that its pools would get, so there is nothing to wait for: make the gate when the charts have been filled',
      ),
    );
  });

  test('a MachineConfig that comes after the gate', () => {
    const { app, rollout, cluster } = filledRollout({});
    new ArgoCdGate(app, 'argocd', { rollout, cluster, namespace: 'x' });
    new CertImportMachineConfig(rollout.certificates, 'late', {
      cluster,
      roles: ['worker'],
      caCertificates,
      bundle: bundle({ friendlyName: 'other' }),
      nickname: 'other',
      nodePasswordFile: '/etc/pki/other',
    });
    expect(() => app.synthYaml()).toThrow(
      "argocd: MachineConfig '99-worker-import-certs-other' came after the gate, which does not wait for it: "
        + 'make the gate when the charts have been filled',
    );
  });

  test('an object that comes after the annotations', () => {
    const app = new App();
    const chart = new Chart(app, 'c');
    ArgoCd.annotate(app);
    object(chart, 'late');
    expect(() => app.synthYaml()).toThrow('c/late came after ArgoCd.annotate(), which does not know it: call it last, before app.synth()');
  });

  test.each<[string, object, MtuMigration | undefined, string]>([
    [
      'a pause',
      { pause: true },
      undefined,
      "ipsec: 'pause' pauses pools and unpauses them, and Argo CD has one wanted state, in which an object can't have two contents: "
        + 'leave it out (a reboot more), or pause and unpause by apply.sh or a window of its own',
    ],
    ['a migration', { mtuMigration: MtuMigration.forIpsec({ machineMtu: 1500 }) }, MtuMigration.forIpsec({ machineMtu: 1500 }).finalized(),
      "ipsec: 'mtuMigration' starts a migration and ends it, and Argo CD has one wanted state, in which an object can't have two contents: "
      + 'commit the start alone, and the end when every pool is updated'],
  ])('%s', (_, props, migration, message) => {
    expect(() => ArgoCd.annotate(filledRollout({}, props, migration).app)).toThrow(new Error(message));
  });

  test('a wave between two', () => {
    expect(() => ArgoCd.annotate(new App(), { firstWave: 0.5 })).toThrow(
      new Error("'firstWave' (0.5) must be a whole number, which may be negative"),
    );
  });
});

test('a pool that is paused by its own construct is kept too', () => {
  const app = new App();
  const { apiObjects: [pool] } = new MachineConfigPoolPause(new Chart(app, 'c'), 'p', { pools: ['worker'], paused: false });
  ArgoCd.annotate(app);
  expect(annotations(pool)).toEqual({ [OPTIONS]: 'ServerSideApply=true,Prune=false,Delete=false' });
});

test('health checks have the forms of both configurations', () => {
  const checks = ArgoCd.healthChecks();
  const { resourceHealthChecks } = checks.argoCdSpec();
  expect(JSON.parse(checks.argoCdSpecJson())).toEqual({ resourceHealthChecks });
  expect(resourceHealthChecks.map(({ group, kind }: any) => `${group}/${kind}`)).toEqual([
    'machineconfiguration.openshift.io/MachineConfigPool', 'nmstate.io/NodeNetworkConfigurationPolicy',
  ]);
  expect(Object.entries(checks.configMapData())).toEqual(
    resourceHealthChecks.map(({ group, kind, check }: any) => [`resource.customizations.health.${group}_${kind}`, check]),
  );
});
