import { mkdtempSync, readdirSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ask, build } from './judges';
import { ArgoCd, ArgoCdGate } from '../../../src';
import { filledRollout } from '../../constructs/rollout/filled';

let order: string;
beforeAll(() => order = build('order'));

/** Phase, wave, kind, name and hook of each object, in the order in which Argo CD's engine syncs them. */
function synced(annotated: boolean): { phase: string; wave: number; object: string }[] {
  const outdir = mkdtempSync(join(tmpdir(), 'argocd-'));
  const { app, rollout, cluster } = filledRollout({ outdir });
  new ArgoCdGate(app, 'argocd', { rollout, cluster, namespace: 'openshift-gitops' });
  if (annotated) ArgoCd.annotate(app);
  app.synth();
  // Backwards, so that the order is that of the engine.
  const files = readdirSync(outdir).sort().reverse().map((name) => join(outdir, name));
  return ask(order, files).trimEnd().split('\n').map((line) => {
    const [, phase, wave, object] = /^(\S+)\s+wave\s+(-?\d+)\s+(\S+) \[.*\]$/.exec(line)!;
    return { phase, wave: Number(wave), object };
  });
}

test('is that of the stages, in one phase, with the gate between', () => {
  const all = synced(true);
  expect(new Set(all.map(({ phase }) => phase))).toEqual(new Set(['Sync']));
  const at = (object: string) => {
    const found = all.findIndex((each) => each.object === object);
    expect([object, found]).not.toEqual([object, -1]);
    return found;
  };
  const expected = [
    'Namespace/openshift-nmstate', 'Subscription/kubernetes-nmstate-operator', 'NMState/nmstate', 'MachineConfig/99-worker-import-certs',
    'Network/cluster',
    'ConfigMap/ipsec-gate', 'Job/ipsec-gate', 'NodeNetworkConfigurationPolicy/ipsec-storage', 'ConfigMap/ipsec-verification',
    'Job/ipsec-verification',
  ];
  expect(expected.map(at)).toEqual([...expected.map(at)].sort((a, b) => a - b));
  // What the engine waits for is the end of a wave: the gate must be in one of its own, before that of the policies.
  const wave = (object: string) => all[at(object)].wave;
  expect(wave('Network/cluster')).toBeLessThan(wave('Job/ipsec-gate'));
  expect(wave('Job/ipsec-gate')).toBeLessThan(wave('NodeNetworkConfigurationPolicy/ipsec-storage'));
});

test('without the annotations everything is in one wave, so that they are needed', () => {
  expect(new Set(synced(false).map(({ wave }) => wave))).toEqual(new Set([0]));
});
