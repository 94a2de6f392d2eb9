import { spawnSync } from 'child_process';
import { existsSync } from 'fs';
import { join } from 'path';
import { files, objects, runExample } from './run-example';
import { runCommand } from '../cli/command';

function check(...args: string[]) {
  return runCommand(['check', '--fail-on', 'warning', ...args]);
}

const kinds = (all: any[]) => [...new Set(all.map(({ kind }) => kind))].sort();

test.each<[example: string, folders: string[], kinds: string[][]]>([
  ['argocd', ['dist', 'openshift-gitops'], [
    [
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'Job',
      'MachineConfig',
      'NMState',
      'Namespace',
      'Network',
      'NodeNetworkConfigurationPolicy',
      'OperatorGroup',
      'ServiceAccount',
      'Subscription',
    ],
    ['ArgoCD'],
  ]],
  ['flux', ['dist/rollout', 'dist/flux'], [
    ['MachineConfig', 'NMState', 'Namespace', 'Network', 'NodeNetworkConfigurationPolicy', 'OperatorGroup', 'Subscription'],
    ['Kustomization'],
  ]],
  ['acm', ['dist/hub'], [['Placement', 'PlacementBinding', 'Policy']]],
  ['fleet', ['dist/paris', 'dist/berlin', 'dist/oslo'], Array(3).fill(['MachineConfig', 'Network', 'NodeNetworkConfigurationPolicy'])],
])('%s writes what it says, without a warning, and a check finds nothing to warn of', (example, folders, expected) => {
  const { folder, warnings } = runExample(example);
  expect(warnings).toEqual([]);
  folders.forEach((name, i) => {
    expect(kinds(objects(join(folder, name)))).toEqual(expected[i]);
    const { code, stdout } = check('--p12-password-file', files.passwordFile, join(folder, name));
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('warning:')]);
  });
});

test('the paths of Flux are folders that are there', () => {
  const { folder } = runExample('flux');
  const kustomizations = objects(join(folder, 'dist/flux'));
  expect(kustomizations.map(({ metadata }) => metadata.name)).toEqual([
    'ipsec-operator',
    'ipsec-nmstate',
    'ipsec-certificates',
    'ipsec-mode',
    'ipsec-endpoints',
  ]);
  for (const { spec } of kustomizations) {
    expect(existsSync(join(folder, spec.path))).toBe(true);
    expect(objects(join(folder, spec.path)).length).toBeGreaterThan(0);
  }
});

test('each cluster of the fleet has a script of its own, which a shell can read', () => {
  const { folder } = runExample('fleet');
  for (const cluster of ['paris', 'berlin', 'oslo']) {
    expect(spawnSync('sh', ['-n', join(folder, 'dist', cluster, 'apply.sh')]).status).toBe(0);
  }
});
