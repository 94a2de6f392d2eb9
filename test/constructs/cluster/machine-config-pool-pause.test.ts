import { Testing } from 'cdk8s';
import { IpsecWarnings, MachineConfigPoolPause, MachineConfigPoolPauseProps } from '../../../src';
import { quietChart } from '../endpoint/fixtures';

function pause(props: Partial<MachineConfigPoolPauseProps> = {}) {
  const chart = quietChart();
  new MachineConfigPoolPause(chart, 'pause', { pools: ['worker'], paused: true, ...props });
  return { manifests: Testing.synth(chart), warnings: IpsecWarnings.of(chart).list() };
}

describe('a pause', () => {
  test('is the pool with nothing but its pause', () => {
    expect(pause({ pools: ['worker', 'infra'] }).manifests).toEqual(['worker', 'infra'].map((name) => ({
      apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfigPool', metadata: { name }, spec: { paused: true },
    })));
  });

  test('keeps the reason for pausing the control plane', () => {
    expect(
      pause({ pools: ['master', 'worker'], controlPlaneReason: 'one node, nothing else runs here' }).manifests.map(
        ({ metadata }) => metadata,
      ),
    ).toEqual([
      { name: 'master', annotations: { 'ipsec.cdk8s.io/control-plane-paused': 'one node, nothing else runs here' } },
      { name: 'worker' },
    ]);
  });

  test('needs no reason to end, for the control plane either', () => {
    expect(pause({ pools: ['master'], paused: false }).manifests[0].spec).toEqual({ paused: false });
  });

  test('that nothing ends is a finding', () => {
    expect(pause().warnings.map(({ ruleId, path }) => [ruleId, path])).toEqual([['pool-paused', 'test/pause']]);
    expect(pause({ paused: false }).warnings).toEqual([]);
  });

  test('that something in the set ends is none, and is no second object either', () => {
    const chart = quietChart();
    new MachineConfigPoolPause(chart, 'pause', { pools: ['worker'], paused: true });
    new MachineConfigPoolPause(chart, 'unpause', { pools: ['worker'], paused: false });
    Testing.synth(chart);
    expect(IpsecWarnings.of(chart).list()).toEqual([]);
  });

  test('twice is one too many', () => {
    const chart = quietChart();
    for (const id of ['one', 'two']) new MachineConfigPoolPause(chart, id, { pools: ['worker'], paused: true });
    expect(() => Testing.synth(chart)).toThrow("MachineConfigPool 'worker' is there twice");
  });

  test('keeps an acknowledgement', () => {
    expect(pause({ acknowledge: { 'pool-paused': 'the maintenance job ends it' } }).manifests[0].metadata.annotations)
      .toEqual({ 'ipsec.cdk8s.io/acknowledge.pool-paused': 'the maintenance job ends it' });
  });

  test.each<[string, Partial<MachineConfigPoolPauseProps>, string]>([
    ['the control plane without a reason', { pools: ['worker', 'master'] },
      "'pools' has 'master', the control plane, whose kubelets get no new certificates while it is paused: name compute pools only, "
        + "or say why in 'controlPlaneReason'"],
    ['an empty reason', { pools: ['master'], controlPlaneReason: ' ' },
      "'controlPlaneReason' (an empty text) must say why the control plane is paused; it goes into the manifest"],
    [
      'a reason for nothing',
      { controlPlaneReason: 'why not' },
      "'controlPlaneReason' is given, but 'pools' does not name 'master': leave it out",
    ],
    [
      'a reason to go on',
      { pools: ['master'], paused: false, controlPlaneReason: 'why not' },
      "'controlPlaneReason' is given, but 'paused' is false: leave it out",
    ],
    ['no pool', { pools: [] }, "'pools' (an empty list) must name at least one MachineConfigPool, such as 'worker'"],
    ['a pool twice', { pools: ['worker', 'worker'] }, "'pools' has 'worker' twice: name it once"],
    ['a name that is none', { pools: ['Worker'] },
      "'pools' has 'Worker', which can't be the name of a MachineConfigPool: lower-case letters, digits, '-' and '.', such as 'worker'"],
  ])('refuses %s', (_, props, message) => {
    expect(() => pause(props)).toThrow(new Error(`test/pause: ${message}`));
  });
});
