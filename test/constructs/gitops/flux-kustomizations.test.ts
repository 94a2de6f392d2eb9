import { ApiObject, App, YamlOutputType } from 'cdk8s';
import { FluxKustomizations, FluxKustomizationsProps, FluxSourceKind, IpsecRollout } from '../../../src';
import { objectsOf } from '../../../src/constructs/rollout/written-objects';
import { filledRollout } from '../rollout/filled';

const FOLDERS = { yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE };

function flux(props: Partial<FluxKustomizationsProps> = {}) {
  const filled = filledRollout(FOLDERS);
  const construct = new FluxKustomizations(filled.app, 'flux', { rollout: filled.rollout, sourceName: 'repo', path: './dist/', ...props });
  return { ...filled, construct, kustomizations: construct.kustomizations.map((each) => each.toJson()) };
}

test('one Kustomization a stage, each after the one before', () => {
  const { kustomizations } = flux();
  const pools = (spec: any) => spec.healthChecks?.map(({ name }: any) => name);
  expect(kustomizations.map(({ metadata, spec }) => [metadata.name, spec.dependsOn?.[0].name, spec.wait, pools(spec)])).toEqual([
    ['ipsec-operator', undefined, true, undefined],
    ['ipsec-nmstate', 'ipsec-operator', true, undefined],
    ['ipsec-certificates', 'ipsec-nmstate', true, undefined],
    ['ipsec-mode', 'ipsec-certificates', undefined, ['worker']],
    ['ipsec-endpoints', 'ipsec-mode', true, undefined],
    ['ipsec-verification', 'ipsec-endpoints', true, undefined],
  ]);
  expect(kustomizations[0]).toEqual({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'ipsec-operator', namespace: 'flux-system' },
    spec: {
      healthCheckExprs: [{
        apiVersion: 'operators.coreos.com/v1alpha1',
        kind: 'Subscription',
        current: 'has(status.installedCSV) && has(status.state) && '
          + "status.state == 'AtLatestKnown'",
      }],
      interval: '600s',
      path: expect.stringMatching(/^\.\/dist\/\d{4}-ipsec-operator-c[0-9a-f]{7}$/),
      prune: true,
      retryInterval: '2m',
      sourceRef: { kind: 'GitRepository', name: 'repo' },
      timeout: '7200s',
      wait: true,
    },
  });
});

test('what is said otherwise', () => {
  const [{ metadata, spec }] = flux({ sourceKind: FluxSourceKind.OCI_REPOSITORY, namespace: 'gitops', prune: false }).kustomizations;
  expect([metadata.namespace, spec.sourceRef, spec.prune]).toEqual(['gitops', { kind: 'OCIRepository', name: 'repo' }, false]);
});

test('objects of the cluster are merged and never pruned, unless the user has said otherwise, and no others are', () => {
  const { app, rollout } = filledRollout(FOLDERS);
  const [network] = objectsOf(rollout.mode);
  network.metadata.addAnnotation('kustomize.toolkit.fluxcd.io/prune', 'enabled');
  new FluxKustomizations(app, 'flux', { rollout, sourceName: 'repo', path: '.' });
  const annotated = rollout.charts
    .flatMap(objectsOf)
    .map((object: ApiObject) => object.toJson())
    .filter(({ metadata }) => metadata.annotations?.['kustomize.toolkit.fluxcd.io/ssa']);
  expect(annotated.map(({ kind, metadata }) => [kind, metadata.annotations])).toEqual([
    ['Network', { 'kustomize.toolkit.fluxcd.io/prune': 'enabled', 'kustomize.toolkit.fluxcd.io/ssa': 'Merge' }],
  ]);
});

test.each<[string, Partial<FluxKustomizationsProps>, string]>([
  [
    "a source that can't be one",
    { sourceName: 'My Repo' },
    "'sourceName' ('My Repo') must be the name of an object: lower-case letters, digits, '-' and '.'",
  ],
  [
    'a path out of the source',
    { path: '../dist' },
    "'path' ('../dist') must be a folder in the source, such as './dist': Flux looks for it from the root of the source",
  ],
  [
    "a namespace that can't be one",
    { namespace: 'A' },
    "'namespace' ('A') must be the name of a namespace: at most 63 lower-case letters, digits and '-'",
  ],
])('%s is refused', (_, props, message) => {
  expect(() => flux(props)).toThrow(new Error(`flux: ${message}`));
});

test('an app that writes no folders is refused', () => {
  const { app, rollout } = filledRollout({});
  expect(() => new FluxKustomizations(app, 'flux', { rollout, sourceName: 'repo', path: '.' })).toThrow(
    new Error(
      "flux: 'yamlOutputType' of the rollout's app must be "
        + 'FOLDER_PER_CHART_FILE_PER_RESOURCE, because a Kustomization applies a folder: new App({ yamlOutputType: '
        + 'YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE })',
    ),
  );
});

test('an empty rollout, and one with a pause, are refused', () => {
  const rollout = new IpsecRollout(new App(FOLDERS), 'ipsec', { pools: ['worker'] });
  expect(() => new FluxKustomizations(new App(), 'flux', { rollout, sourceName: 'repo', path: '.' })).toThrow(
    new Error("flux: 'rollout' has nothing in it yet: make the Kustomizations when its charts have been filled"));
  const paused = filledRollout(FOLDERS, { pause: true });
  expect(() => new FluxKustomizations(new App(), 'flux', { rollout: paused.rollout, sourceName: 'repo', path: '.' })).toThrow(
    /^flux: ipsec: 'pause' pauses pools and unpauses them, and Flux has one wanted state/,
  );
});

test('a Job that changes is made anew, unless the user has said otherwise, and nothing else', () => {
  const { rollout } = flux();
  const FORCE = 'kustomize.toolkit.fluxcd.io/force';
  const forced = rollout.charts.flatMap(objectsOf).map((object) => object.toJson()).filter(({ metadata }) => metadata.annotations?.[FORCE]);
  expect(forced.map(({ kind, metadata }) => [kind, metadata.annotations[FORCE]])).toEqual([['Job', 'enabled']]);
});

test.each(['certificates', 'mode'] as const)('a DaemonSet in %s is waited for at the gate', (stage) => {
  const { app, rollout } = filledRollout(FOLDERS);
  new ApiObject(rollout[stage], 'import', { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'import', namespace: 'ipsec' } });
  const specs = new FluxKustomizations(app, 'flux', { rollout, sourceName: 'repo', path: '.' }).kustomizations.map((each) => each.toJson().spec);
  const mode = specs[3];
  expect(mode.healthChecks).toEqual([
    { apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfigPool', name: 'worker' },
    { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'import', namespace: 'ipsec' },
  ]);
  expect(mode.healthCheckExprs.map(({ kind }: any) => kind)).toEqual(['MachineConfigPool']);
});
