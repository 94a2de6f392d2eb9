import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { ApiServer } from './api-server';
import { definitions, nmstateDefinitions } from './definitions';
import { expectSaid } from '../docs/said';
import { runExample } from '../examples/run-example';
import { run, scratch } from '../system/tools';

const dir = scratch('documentation');
const PAGE = readFileSync(join(__dirname, '../../docs/first-tunnel.md'), 'utf8');
let api: ApiServer;

const network = {
  apiVersion: 'operator.openshift.io/v1',
  kind: 'Network',
  metadata: { name: 'cluster' },
  spec: {
    clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }],
    serviceNetwork: ['172.30.0.0/16'],
    defaultNetwork: { type: 'OVNKubernetes' },
  },
};

/** A pool that does both at once: no Machine Config Operator is here that would do one after the other. */
function pool(name: string): void {
  const object = {
    apiVersion: 'machineconfiguration.openshift.io/v1', kind: 'MachineConfigPool', metadata: { name }, spec: { configuration: {} },
  };
  expect(api.apply(object).status).toBe(201);
  const conditions = ['Updating', 'Updated'].map((type) => (
    { type, status: 'True', reason: '', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }));
  const path = `/apis/machineconfiguration.openshift.io/v1/machineconfigpools/${name}/status`;
  expect(api.request('PATCH', path, { status: { conditions } }, 'application/merge-patch+json').status).toBe(200);
}

/** What a node did with a policy is of a kind that only NMState's own definitions have, which are data from outside. */
const knowsEnactments = () => api.request('GET', '/apis/nmstate.io/v1beta1/nodenetworkconfigurationenactments').status === 200;

/** What NMState's handler writes on the node. */
function enactment(): void {
  const name = 'worker-0.example.com.ipsec-storage-worker-0';
  const object = { apiVersion: 'nmstate.io/v1beta1', kind: 'NodeNetworkConfigurationEnactment', metadata: { name } };
  const path = '/apis/nmstate.io/v1beta1/nodenetworkconfigurationenactments';
  expect(api.request('POST', path, object).status).toBe(201);
  const then = new Date(Date.now() - 12.5 * 60_000).toISOString();
  const conditions = [
    { type: 'Available', status: 'True', reason: 'SuccessfullyConfigured', lastTransitionTime: then, lastHeartbeatTime: then },
  ];
  const { status, body } = api.request('PATCH', `${path}/${name}/status`, { status: { conditions } }, 'application/merge-patch+json');
  expect([status, body.message]).toEqual([200, undefined]);
}

beforeAll(async () => {
  api = await ApiServer.start(dir, []);
  for (const definition of [...definitions().slice(0, 4), ...nmstateDefinitions()]) await api.define(definition);
  expect(api.apply(network, 'fieldManager=cluster-network-operator/operconfig').status).toBe(201);
  for (const name of ['master', 'worker']) pool(name);
}, 1_800_000);
afterAll(() => api?.stop());

test('the commands of the first tunnel that ask a cluster print what the page says, with a real kubectl and API server', () => {
  const bin = join(dir, 'bin');
  mkdirSync(bin);
  writeFileSync(join(dir, 'kubeconfig'), api.kubeconfigOfAdmin());
  writeFileSync(join(bin, 'oc'), `#!/bin/sh\nexec kubectl --kubeconfig '${join(dir, 'kubeconfig')}' "$@"\n`);
  chmodSync(join(bin, 'oc'), 0o755);
  const { folder: work } = runExample('quickstart');
  const blocks = [...PAGE.matchAll(/^```sh cluster\n([^]*?)^```\n+```text cluster\n([^]*?)^```/gm)];
  expect(blocks.length).toBeGreaterThan(1);
  for (const [, script, says] of blocks) {
    if (script.includes('oc get nnce')) {
      if (!knowsEnactments()) continue;
      enactment();
    }
    const env = { PATH: `${bin}:${process.env.PATH}`, HOME: dir };
    const { code, stdout, stderr } = run('bash', ['--norc', '-euo', 'pipefail', '-c', script], { cwd: work, env });
    expect([code, stderr]).toEqual([0, '']);
    expectSaid(stdout, says);
  }
}, 300_000);
