import { mkdtempSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { filesWritten, judgeAll } from './judge';
import { demo } from '../../../examples/demo';
import { objects, runExample } from '../../examples/run-example';

const out = mkdtempSync(join(tmpdir(), 'demo-'));
demo([], out);

const WRITTEN: [what: string, objects: any[]][] = [
  ['the demo', objects(join(out, 'manifests'))],
  ...['quickstart', 'argocd', 'flux', 'acm', 'fleet'].map((example): [string, any[]] => [
    `the example ${example}`, objects(join(runExample(example).folder, 'dist')),
  ]),
];

const roleOf = ({ metadata }: any) => metadata.labels['machineconfiguration.openshift.io/role'];
const ofPool = (role: string) => ({
  apiVersion: 'machineconfiguration.openshift.io/v1',
  kind: 'MachineConfig',
  metadata: { name: `00-${role}`, labels: { 'machineconfiguration.openshift.io/role': role } },
  spec: { config: { ignition: { version: '3.4.0' } } },
});

/** Wherever they stand: RHACM's are inside of policies. */
function machineConfigsIn(value: any): any[] {
  if (typeof value !== 'object' || value === null) return [];
  return value.kind === 'MachineConfig' && value.spec ? [value] : Object.values(value).flatMap(machineConfigsIn);
}

describe.each(WRITTEN)('the MachineConfigs of %s', (_, all) => {
  const machineConfigs = machineConfigsIn(all);
  const roles = [...new Set(machineConfigs.map(roleOf))];

  test.each(roles)('are taken for the pool %s, merged, and written with every file and unit', (role) => {
    const own = machineConfigs.filter((each) => roleOf(each) === role);
    const [{ refused, files = [], units = [], actions }] = judgeAll([{ old: [ofPool(role)], new: [ofPool(role), ...own] }]);
    expect(refused).toBeUndefined();
    // Clusters of a fleet have the same names: merged, a later one is in the place of an earlier one.
    const stated = (of: (config: any) => any[]) => [...new Set(own.flatMap(({ spec: { config } }) => of(config)))].sort();
    expect(files).toEqual(stated((config) => config.storage?.files?.map(({ path }: any) => path) ?? []));
    expect(units).toEqual(stated((config) => config.systemd?.units?.map(({ name }: any) => name) ?? []));
    expect(actions).toEqual(['Reboot']);
  });
});

test('the bundle of the demo is written to a node byte for byte', () => {
  const path = '/etc/pki/certs/left_server.p12';
  const machineConfigs = WRITTEN[0][1].filter(({ kind }) => kind === 'MachineConfig');
  expect(filesWritten(machineConfigs.slice(0, 1), [path]).get(path)).toEqual(readFileSync(join(out, 'pki/left_server.p12')));
});
