import { disruptionPolicy, file, machineConfig, restart } from './manifests';
import { DocumentSet } from '../../src/documents/document-set';
import { OpenShiftVersion } from '../../src/openshift/openshift-version';
import { planOf } from '../../src/plan/plan';

const CA = '/etc/pki/certs/ca.pem';
const policy = disruptionPolicy({
  files: [{ path: CA, actions: [restart('ipsec-import.service')] }],
  units: [{ name: 'own.service', actions: [{ type: 'None' }] }],
});
const config = (content: string, version = '3.4.0') => {
  const object = machineConfig({ files: [file(CA, content)] }) as { spec: { config: { ignition: { version: string } } } };
  object.spec.config.ignition.version = version;
  return object;
};

function on(release: string | undefined, before: object[], after: object[]) {
  const plan = planOf(new DocumentSet(before), new DocumentSet(after), {
    nodes: new Map([['worker', 2]]),
    rebootMinutes: 12,
    time: new Date('2026-11-27T00:00:00Z'),
    release: release === undefined ? undefined : OpenShiftVersion.of(release),
  });
  return { actions: plan.pools.find(({ pool }) => pool === 'worker')!.actions, warnings: plan.warnings, unknown: plan.unknown };
}

const clusterVersion = (...history: object[]) => ({
  apiVersion: 'config.openshift.io/v1', kind: 'ClusterVersion', metadata: { name: 'version' }, spec: {}, status: { history },
});

const UNKNOWN = 'Whether the cluster has OpenShift 4.17 or later, as it is taken to have: earlier releases know no node disruption policies, '
  + 'and it would be worker (Reboot). Say so with --openshift-version 4.…, or have its ClusterVersion among the manifests.';

test('a release that knows no disruption policies reboots, and says what they would have done', () => {
  expect(on('4.16', [config('one'), policy], [config('two'), policy])).toMatchObject({
    actions: ['Reboot'],
    warnings: [
      "OpenShift 4.16 ignores the node disruption policies of MachineConfiguration 'cluster', which come with 4.17: "
        + 'with them it would be worker (Restart ipsec-import.service).',
    ],
    unknown: expect.not.arrayContaining([UNKNOWN]) as string[],
  });
  expect(on('4.17.3', [config('one'), policy], [config('two'), policy])).toMatchObject({
    actions: ['Restart ipsec-import.service'], warnings: [], unknown: expect.not.arrayContaining([UNKNOWN]) as string[],
  });
});

test('where nobody says the release, policies are taken to count, and that is told as not known', () => {
  const { actions, unknown } = on(undefined, [config('one'), policy], [config('two'), policy]);
  expect(actions).toEqual(['Restart ipsec-import.service']);
  expect(unknown).toContain(UNKNOWN);
});

test('nothing is told where it makes no difference', () => {
  expect(on(undefined, [config('one')], [config('two')]).unknown).not.toContain(UNKNOWN);
  expect(on('4.14', [config('one'), policy], [config('one'), policy])).toMatchObject({ actions: [], warnings: [] });
});

test('the ClusterVersion of the manifests says it, by the last update that was completed', () => {
  const version = clusterVersion({ state: 'Partial', version: '4.17.2' }, { state: 'Completed', version: '4.16.30' }, { state: 'Completed', version: '4.15.1' });
  expect(on(undefined, [config('one'), policy, version], [config('two'), policy]).actions).toEqual(['Reboot']);
  expect(on('4.18', [config('one'), policy, version], [config('two'), policy]).actions).toEqual(['Restart ipsec-import.service']);
  const strange = clusterVersion({ state: 'Completed', version: '5.0.0-0.nightly' });
  expect(on(undefined, [config('one'), policy, strange], [config('two'), policy]).unknown).toContain(UNKNOWN);
});

test('a MachineConfig that no earlier release reads shows that policies count', () => {
  const { actions, unknown } = on(undefined, [config('one', '3.5.0'), policy], [config('two', '3.5.0'), policy]);
  expect([actions, unknown.includes(UNKNOWN)]).toEqual([['Restart ipsec-import.service'], false]);
});

test('before 4.17 the operator knows five places by itself, and reboots for any unit', () => {
  const at = (path: string, content: string) => [machineConfig({ files: [file(path, content)] })];
  const acts = (path: string) => [on('4.16', at(path, 'one'), at(path, 'two')), on('4.18', at(path, 'one'), at(path, 'two'))].map(({ actions }) => actions.join());
  expect(acts('/etc/containers/policy.json')).toEqual(['Reload crio.service', 'Reload crio.service']);
  expect(acts('/etc/nmstate/openshift/one.yml')).toEqual(['Reboot', 'None']);
  const unit = (contents: string) => [machineConfig({ units: [{ name: 'own.service', contents }] }), policy];
  expect([on('4.16', unit('a'), unit('b')).actions, on('4.18', unit('a'), unit('b')).actions]).toEqual([['Reboot'], ['None']]);
});

