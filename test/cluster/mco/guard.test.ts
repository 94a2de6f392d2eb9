import { Testing } from 'cdk8s';
import { filesWritten } from './judge';
import { IpsecGuard, IpsecWarnings, NodeSelection } from '../../../src';
import { elementsOf, GUARD_PATH, GUARDED_SET } from '../../../src/documents/guards';
import { quietChart } from '../../constructs/endpoint/fixtures';
import { gateway, guardedCluster, storage } from '../../constructs/guard/fixtures';

/** Workers with one connection, and nodes of a pool of their own, which are workers too, with another one. */
function twoPools() {
  const chart = quietChart();
  const cluster = guardedCluster(chart);
  const ofWorkers = storage(chart, cluster, { nodes: NodeSelection.role('worker') });
  const ofStorage = gateway(chart, cluster, { nodes: NodeSelection.role('storage') });
  new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints: [ofWorkers] });
  new IpsecGuard(chart, 'guard-storage', { cluster, roles: ['storage'], endpoints: [ofStorage] });
  const machineConfigs: any[] = Testing.synth(chart).filter(({ kind }) => kind === 'MachineConfig');
  return { machineConfigs, warnings: IpsecWarnings.of(chart).list().filter(({ ruleId }) => ruleId === 'guard-connection-open') };
}

test("the guard of a pool of its own takes the place of worker's on its nodes, and guard-connection-open says what that opens", () => {
  const { machineConfigs, warnings } = twoPools();
  const guarded = (objects: any[]) =>
    elementsOf(filesWritten(objects, [GUARD_PATH]).get(GUARD_PATH)!.toString(), GUARDED_SET).map(({ text }) => text);
  expect(guarded(machineConfigs.filter(({ metadata }) => metadata.name.startsWith('99-worker-')))).toEqual(['192.0.2.10']);
  expect(guarded(machineConfigs)).toEqual(['198.51.100.0/24']);
  expect(warnings.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    "test/storage: 'remoteSubnet' ('192.0.2.10/32') is not guarded by the guard of role 'storage', which takes the place of worker's on its "
    + "nodes, and goes in clear while the tunnel is down; name the connection's endpoint in 'endpoints' of the IpsecGuard, "
    + 'or acknowledge that its traffic may go in clear',
  ]);
});
