import { planned, tunnel } from './manifests';
import { textPlan } from '../../src/plan/reporters/text';

const WORKER = { 'node-role.kubernetes.io/worker': '' };

/** A policy with a tunnel on nodes of one's choice. */
function on(nodeSelector: object, name = 'a', { settings = {}, policy = 'own' }: { settings?: object; policy?: string } = {}): object {
  const one = tunnel(name, { settings }) as { spec: object };
  return { ...one, metadata: { name: policy }, spec: { ...one.spec, nodeSelector } };
}
const host = (name: string) => on({ 'kubernetes.io/hostname': name }, 'a', { policy: `own-${name}` });

const fates = (before: object[], after: object[]) =>
  planned(before, after).tunnels.map(({ interface: name, change, nodes }) => `${name} ${change}: ${nodes}`);

describe('a policy of a role in the place of policies of hosts', () => {
  const plan = planned([host('worker-0'), host('worker-1')], [on(WORKER)]);

  test('leaves the tunnels on the hosts alone, and brings it to the other nodes', () => {
    expect(plan.tunnels.map(({ change, nodes }) => [change, nodes])).toEqual([
      ['comes-up', 'the other nodes of role worker'], ['stays', 'worker-0'], ['stays', 'worker-1'],
    ]);
    expect(plan.warnings).toEqual([]);
  });

  test('takes the hosts to have the role, and says so', () => {
    expect(plan.unknown).toContain(
      'Whether worker-0, worker-1 are of the nodes of role worker that a has now, as taken here: on another node the tunnel stays behind.',
    );
  });

  test('and so does one of all nodes, where nothing is unknown', () => {
    const all = planned([host('worker-0')], [on({})]);
    expect(all.tunnels.map(({ change, nodes }) => [change, nodes])).toEqual([['comes-up', 'the other nodes'], ['stays', 'worker-0']]);
    expect(all.unknown.join()).not.toContain('worker-0');
  });
});

describe('policies of hosts in the place of one of a role', () => {
  const plan = planned([on(WORKER)], [host('worker-0'), host('worker-1')]);

  test('leave the tunnels on the hosts alone, and behind on the other nodes', () => {
    expect(plan.tunnels.map(({ change, nodes }) => [change, nodes])).toEqual([
      ['stays-behind', 'the other nodes of role worker'], ['stays', 'worker-0'], ['stays', 'worker-1'],
    ]);
  });

  test('and nobody is told to take it down on all of them', () => {
    expect(plan.warnings).toEqual([
      'Tunnel a has policies of single nodes now, and stays behind on the other nodes of role worker: NMState takes down only what a policy '
        + "calls 'state: absent'. Write one with that for those nodes alone, by a label that none but they have, and delete it once it is "
        + 'applied.',
    ]);
    expect(plan.unknown).toContain(
      'Whether worker-0, worker-1 are of the nodes of role worker that a had before, as taken here: on another node the tunnel is a new one.',
    );
  });

  test('restart it where it has other settings', () => {
    expect(fates([on(WORKER)], [on({ 'kubernetes.io/hostname': 'worker-0' }, 'a', { settings: { ikev2: 'insist' } })])).toEqual([
      'a stays-behind: the other nodes of role worker', 'a restarts: worker-0',
    ]);
  });
});

test('a label more or less is told alike, and another role is another set of nodes', () => {
  expect(fates([on(WORKER)], [on({ ...WORKER, zone: 'a' })])).toEqual(['a stays: nodes of role worker with zone=a', 'a stays-behind: the other nodes of role worker']);
  expect(fates([on({ zone: 'a' })], [on(WORKER)])).toEqual(['a comes-up: the other nodes of role worker', 'a stays: zone=a']);
  expect(fates([on(WORKER)], [on({ 'node-role.kubernetes.io/master': '' })])).toEqual([
    'a comes-up: nodes of role master', 'a stays-behind: nodes of role worker',
  ]);
  expect(fates([host('worker-0')], [host('worker-1')])).toEqual(['a stays-behind: worker-0', 'a comes-up: worker-1']);
});

test('an interface that leaves a policy is told as that, and one that protects the same has to wait for it', () => {
  expect(planned([on(WORKER, 'a')], [on(WORKER, 'b')]).warnings).toEqual([
    "Policy 'own' no longer has tunnel a, which stays behind on nodes of role worker: NMState takes down only what a policy calls "
      + "'state: absent'. Keep the interface in it with that, and take it out once it is applied.",
    'Tunnel b does not come up on nodes of role worker while a, which protects the same, is there: take that down first.',
  ]);
  const elsewhere = on(WORKER, 'b', { settings: { leftsubnet: '10.3.0.0/16' } });
  expect(planned([on(WORKER, 'a')], [elsewhere]).warnings.join()).not.toContain('does not come up');
});

test('a tunnel that goes down is shown with the peer that it had', () => {
  expect(textPlan(planned([tunnel('a')], [tunnel('a', { absent: true })]), false)).toContain(
    '  goes down     a  worker-0 -> storage.example.com (192.0.2.10/32)\n',
  );
});
