import { ApiObject, App, YamlOutputType } from 'cdk8s';
import { ArgoCd, ArgoCdGate, FluxKustomizations, IpsecRollout, RhacmPolicies } from '../../../src';
import { objectsOf } from '../../../src/constructs/rollout/written-objects';
import { filledRollout as filled, importByDaemonSet } from '../rollout/filled';

/** One with each way in which a certificate comes. */
const filledRollout: typeof filled = (...args) => {
  const made = filled(...args);
  importByDaemonSet(made.rollout.mode, made.cluster);
  return made;
};

/** Nothing is applied before what it needs. An object is known by its kind and name. */
type Objects = { readonly [name: string]: number };

/** What each object needs to be there, by kind: whatever order a tool has, it must hold these. */
const NEEDS: readonly (readonly [kind: RegExp, needs: RegExp])[] = [
  [/^(?:OperatorGroup|Subscription) /, /^Namespace /],
  [/^NMState /, /^Subscription /],
  [/^NodeNetworkConfigurationPolicy /, /^(?:NMState|Network|MachineConfig|DaemonSet) /],
  [/^Job ipsec-verification$/, /^NodeNetworkConfigurationPolicy /],
  [/^Job ipsec-gate$/, /^(?:Network|MachineConfig) /],
  [/^NodeNetworkConfigurationPolicy /, /^Job ipsec-gate$/],
];

/** Of two objects in one step only the namespace goes first by itself. */
function early(steps: Objects): string[] {
  const names = Object.keys(steps);
  return NEEDS.flatMap(([kind, needs]) =>
    names
      .filter((name) => kind.test(name))
      .flatMap((name) =>
        names
          .filter((other) => needs.test(other))
          .filter((other) => (other.startsWith('Namespace ') ? steps[other] > steps[name] : steps[other] >= steps[name]))
          .map((other) => `${name} is not after ${other}`),
      ),
  );
}

const nameOf = ({ kind, metadata }: { kind: string; metadata: { name: string } }) => `${kind} ${metadata.name}`;

function stepsOf(rollout: IpsecRollout, step: (object: ApiObject, stage: number) => number): Objects {
  return Object.fromEntries(
    rollout.charts.flatMap((chart, i) => objectsOf(chart).map((object) => [`${object.kind} ${object.name}`, step(object, i)])),
  );
}

test('the test itself sees what is too early', () => {
  expect(early({ 'NodeNetworkConfigurationPolicy x': 1, 'Network cluster': 1, 'NMState nmstate': 2, 'MachineConfig y': 0 })).toEqual([
    'NodeNetworkConfigurationPolicy x is not after Network cluster', 'NodeNetworkConfigurationPolicy x is not after NMState nmstate',
  ]);
});

test('by the files', () => {
  const { app, rollout } = filledRollout({});
  app.synthYaml();
  const charts = app.charts;
  const steps = stepsOf(rollout, (object) => charts.findIndex((chart) => objectsOf(chart).includes(object)));
  expect(Object.keys(steps).length).toBeGreaterThan(10);
  expect(early(steps)).toEqual([]);
});

test('by the waves of Argo CD', () => {
  const { app, rollout, cluster } = filledRollout({});
  const { chart } = new ArgoCdGate(app, 'argocd', { rollout, cluster, namespace: 'openshift-gitops' });
  ArgoCd.annotate(app);
  const wave = (object: ApiObject) => Number(object.toJson().metadata.annotations['argocd.argoproj.io/sync-wave']);
  const steps = {
    ...stepsOf(rollout, wave),
    ...Object.fromEntries(objectsOf(chart).map((object) => [`${object.kind} ${object.name}`, wave(object)])),
  };
  expect(steps['Job ipsec-gate']).toBeDefined();
  expect(early(steps)).toEqual([]);
});

const namesIn = (list: { name: string }[] = []) => list.map(({ name }) => name);

/** How many come one after the other before each, by what each says that it comes after. */
function depths(after: { readonly [name: string]: readonly string[] }): { readonly [name: string]: number } {
  const depth = (name: string): number => Math.max(0, ...after[name].map((other) => depth(other) + 1));
  return Object.fromEntries(Object.keys(after).map((name) => [name, depth(name)]));
}

test('by the dependencies of Flux', () => {
  const { app, rollout } = filledRollout({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
  const { kustomizations } = new FluxKustomizations(app, 'flux', { rollout, sourceName: 'repo', path: './dist' });
  const all = kustomizations.map((each) => each.toJson());
  const step = depths(Object.fromEntries(all.map(({ metadata, spec }) => [metadata.name, namesIn(spec.dependsOn)])));
  const steps = stepsOf(rollout, (_, i) => step[`ipsec-${rollout.charts[i].node.id}`]);
  expect(early(steps)).toEqual([]);
});

test('by the dependencies of RHACM', () => {
  const { rollout } = filledRollout({});
  const { chart } = new RhacmPolicies(new App(), 'acm', { rollout, namespace: 'policies', clusterLabels: { ipsec: 'true' } });
  const policies = objectsOf(chart).map((object) => object.toJson()).filter(({ kind }) => kind === 'Policy');
  const step = depths(Object.fromEntries(policies.map(({ metadata, spec }) => [metadata.name, namesIn(spec.dependencies)])));
  const steps = Object.fromEntries(
    policies.flatMap(({ metadata, spec }) =>
      spec['policy-templates'].flatMap(({ objectDefinition }: any) =>
        objectDefinition.spec.remediationAction === 'inform'
          ? []
          : objectDefinition.spec['object-templates'].map((template: any) => [nameOf(template.objectDefinition), step[metadata.name]]),
      ),
    ),
  );
  expect(Object.keys(steps).length).toBeGreaterThan(10);
  expect(early(steps)).toEqual([]);
});
