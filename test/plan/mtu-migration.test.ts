import { machineConfig, network, planned } from './manifests';
import { svgPlan } from '../../src/plan/reporters/svg';
import { textPlan } from '../../src/plan/reporters/text';

const mtu = { network: { from: 1400, to: 1354 }, machine: { to: 1500 } };
const withSpec = (spec: object) => ({ ...network('External'), spec });
const start = withSpec({ migration: { mtu } });
const end = withSpec({ migration: null, defaultNetwork: { ovnKubernetesConfig: { mtu: 1354 } } });
/** As a manifest has it, in which nothing is null. */
const end2 = withSpec({ defaultNetwork: { ovnKubernetesConfig: { mtu: 1354 } } });
const none = withSpec({ defaultNetwork: { ovnKubernetesConfig: { gatewayConfig: { routingViaHost: true } } } });

const nodes = { master: 3, worker: 2 };
const reboots = (before: object[], after: object[]) =>
  planned(before, after, nodes).pools.map(({ pool, reboots: count, causes }) => [pool, count, causes.map(({ change, path }) => `${change} ${path}`)]);

const both = (...why: string[]) => ['master', 'worker'].map((pool) => [pool, 1, why]);
const nothing = ['master', 'worker'].map((pool) => [pool, 0, []]);

test('the start of an MTU migration reboots every node, and so does its end', () => {
  expect(reboots([none], [start])).toEqual(both('added /spec/migration'));
  for (const last of [end, end2, none]) expect(reboots([start], [last])).toEqual(both('removed /spec/migration'));
  expect(reboots([start], [withSpec({ migration: { mtu: { ...mtu, network: { from: 1400, to: 1300 } } } })])).toEqual(both('changed /spec/migration'));
});

test('nothing happens while it is under way, when it is over, and where a folder has no Network object', () => {
  expect(reboots([start], [start])).toEqual(nothing);
  expect(reboots([start], [])).toEqual(nothing);
  expect(reboots([end], [end2])).toEqual(nothing);
  // As an IpsecRollout has it: the start stands there for ever, beside the end.
  expect(reboots([start, end2], [start, end2])).toEqual(nothing);
  expect(reboots([start, end2], [end2])).toEqual(nothing);
});

test('one that is started and ended at once reboots every node twice, and is told', () => {
  const plan = planned([none], [start, end2, machineConfig({ units: [{ name: 'a.service', enabled: true }] })], nodes);
  expect(plan.pools.map(({ pool, reboots: count, minutes }) => [pool, count, minutes])).toEqual([
    ['master', 2, { from: 72, to: 144 }], ['worker', 2, { from: 48, to: 96 }],
  ]);
  expect(plan.warnings[0]).toBe('NEW starts an MTU migration and ends it. Apply the start alone (spec.migration of Network/cluster), wait until '
    + 'every pool is updated (oc get mcp), and apply the rest then: every node reboots for the start, and for the end.');
  const numbers = [...svgPlan(plan).matchAll(/fill="#ffffff" font-size="12">(\d+)</g)].map(([, number]) => Number(number));
  expect(numbers).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 1, 2]);
  expect(textPlan(plan, false)).toContain('  master  drain and reboot, twice  (3 nodes, one at a time, 72 to 144 minutes)\n');
});

test('the arbiter is a node too, where the cluster has one', () => {
  const own = machineConfig({ name: '99-arbiter-own', role: 'arbiter', units: [] });
  for (const set of [[none, own], [none, { apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfigPool', metadata: { name: 'arbiter' } }]]) {
    expect(reboots(set, [start, ...set.slice(1)])).toEqual([['arbiter', 1, ['added /spec/migration']], ...both('added /spec/migration')]);
  }
  expect(planned([none], [start], { arbiter: 1 }).pools.map(({ pool, reboots: count }) => [pool, count])).toEqual([
    ['arbiter', 1], ['master', 1], ['worker', 1],
  ]);
});

test('a pool of more batches than have room is one block, which says so', () => {
  const svg = (worker: number) => svgPlan(planned([none], [start], { worker }));
  expect(svg(60)).toContain('each block is one batch of nodes.<');
  expect(svg(61)).toContain('each block is one batch of nodes, or as many as it says.<');
  expect(svg(61)).toContain('>61 batches<');
});

test('a custom pool has what workers have', () => {
  expect(planned([none], [start], { infra: 1 }).pools.find(({ pool }) => pool === 'infra')!.reboots).toBe(1);
});
