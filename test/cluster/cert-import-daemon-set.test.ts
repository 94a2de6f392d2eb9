import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { ApiServer } from './api-server';
import { ImportCluster, importObjects, synth, tlsSecret } from './import-cluster';
import { CertImportDaemonSet, CliImage, HostCertManagerCertificates, NodeSecret } from '../../src';
import { Pki, REPOSITORY, requireTools, scratch, sleep } from '../system/tools';

requireTools({ certutil: 'libnss3-tools', nsenter: 'util-linux', pk12util: 'libnss3-tools' });
if (process.getuid!() !== 0) throw new Error('these tests need root, to mount the root of a node');

const NODE = 'worker-0.example.com';
const OTHER = 'worker-1.example.com';
const LABEL = 'ipsec.example.com/left-server';
const CERT_MANAGER = 'github.com/cert-manager/cert-manager@v1.18.2';

const dir = scratch('cluster');
const pki = new Pki(join(dir, 'pki'));
const ca = pki.authority();
const leaf = pki.leaf(ca);

let api: ApiServer;
let cluster: ImportCluster;
beforeAll(async () => {
  api = await ApiServer.start(dir, [NODE, OTHER]);
  cluster = new ImportCluster(api, dir);
  for (const name of [NODE, OTHER]) api.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
}, 1_800_000);
afterAll(() => api?.stop());
afterEach(() => cluster.end());

const DIGEST = `quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:${'0'.repeat(64)}`;

test('the API server takes every object strictly, and the pod in the namespace that comes with it', () => {
  const objects = synth((chart, config) => new CertImportDaemonSet(chart, 'certs', {
    cluster: config,
    roles: ['master', 'worker'],
    secret: NodeSecret.shared('left-server', { pkcs12Key: 'a.p12', passwordKey: 'password' }),
    createNamespace: true,
    removeWithSecret: true,
    nodeLabel: LABEL,
    image: CliImage.digest(DIGEST),
    maxUnavailable: '3',
    toleratedTaints: ['dedicated'],
  }), 'shared');
  expect(api.refused(objects)).toEqual([]);
  const { template } = objects.find(({ kind }) => kind === 'DaemonSet').spec;
  const pod = (namespace: string) => api.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`, {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'try', namespace, labels: template.metadata.labels }, spec: template.spec,
  });
  expect(pod('shared')).toMatchObject({ status: 201, body: { spec: { priority: 2000001000 } } });
  // That the namespace matters: in one that is restricted the same pod is refused.
  api.apply({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'restricted', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } },
  });
  expect(pod('restricted')).toMatchObject({ status: 403 });
});

test('a field that the API does not know is told, so that taking all is worth something', () => {
  const account = importObjects('shared', { secret: NodeSecret.shared('a') }).find(({ kind }) => kind === 'ServiceAccount');
  expect(api.apply({ ...account, automount: true })).toMatchObject({
    status: 500,
    body: { message: expect.stringContaining('.automount: field not declared in schema') },
  });
});

/** The blocks of a language on a page of the documentation. */
function codeBlocks(page: string, language: string): string[] {
  const text = readFileSync(join(REPOSITORY, page), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code);
}

test('cert-manager\'s own definition takes the Certificates, and the one of the documentation', async () => {
  const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', CERT_MANAGER], { encoding: 'utf8', cwd: dir }));
  // It is a template of Helm, in which the labels alone are filled in.
  const text = readFileSync(join(Dir, 'deploy/crds/crd-certificates.yaml'), 'utf8')
    .split('\n')
    .filter((line) => !line.includes('{{'))
    .join('\n')
    .replace(/\n {2}labels:\n(?! {4}\w)/, '\n');
  expect(api.refused([parse(text), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ipsec' } }])).toEqual([]);
  const own = synth(
    (chart) =>
      new HostCertManagerCertificates(chart, 'ids', {
        hosts: [NODE, OTHER],
        issuer: { name: 'ipsec', kind: 'ClusterIssuer' },
        secretName: 'ipsec-{node}',
        organization: 'Example',
      }),
    'shared',
  ).filter(({ kind }) => kind === 'Certificate');
  const documented = codeBlocks('docs/keys.md', 'yaml').map((block) => parse(block)).filter(({ kind }) => kind === 'Certificate');
  const deadline = Date.now() + 30_000;
  while (api.request('GET', '/apis/cert-manager.io/v1/namespaces/shared/certificates').status !== 200 && Date.now() < deadline) {
    await sleep(200);
  }
  expect([own.length, documented.length]).toEqual([2, 1]);
  expect(api.refused([...own, ...documented])).toEqual([]);
  const wrong = { ...own[0], spec: { ...own[0].spec, privateKey: { algorithm: 'DSA' } } };
  expect(api.refused([wrong])).toEqual([expect.stringContaining('Unsupported value: "DSA"')]);
});

test('the API server takes the DaemonSet that brings a password, as the documentation has it', () => {
  const [daemonSet] = codeBlocks('docs/keys.md', 'yaml').map((block) => parse(block)).filter(({ kind }) => kind === 'DaemonSet');
  expect(api.refused([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ipsec' } }, daemonSet])).toEqual([]);
});

const daemonSet = (namespace: string, nodes?: string[]) =>
  importObjects(namespace, { secret: NodeSecret.perNode('ipsec-{node}', { nodes }), nodeLabel: LABEL });
const secret = (node: string, namespace: string) => tlsSecret(`ipsec-${node}`, namespace, leaf, [ca]);

test('the service account reads the Secrets of the nodes that are named, and nothing else', async () => {
  const objects = daemonSet('named', [NODE]);
  expect(api.refused([...objects, secret(NODE, 'named'), secret(OTHER, 'named')])).toEqual([]);
  const other = await cluster.pod(objects, OTHER);
  await other.untilUnready(
    new RegExp(
      `^Secret named/ipsec-${OTHER} cannot be read: .*\\(Forbidden\\).*"system:serviceaccount:named:ipsec-cert-import" `
        + 'cannot get resource "secrets"',
    ),
  );
  const own = await cluster.pod(objects, NODE);
  await own.untilReady();

  const token = api.tokenOf('named', 'ipsec-cert-import');
  const may = (method: string, path: string, body?: unknown) => api.request(method, path, body, 'application/json', token).status;
  expect(may('GET', `/api/v1/namespaces/named/secrets/ipsec-${NODE}`)).toBe(200);
  for (const path of [
    `/api/v1/namespaces/named/secrets/ipsec-${OTHER}`,
    '/api/v1/namespaces/named/secrets',
    '/api/v1/nodes',
    `/api/v1/nodes/${NODE}`,
    '/api/v1/namespaces/named/configmaps',
  ]) {
    expect([path, may('GET', path)]).toEqual([path, 403]);
  }
  expect(may('DELETE', `/api/v1/namespaces/named/secrets/ipsec-${NODE}`)).toBe(403);
}, 600_000);

test('without the names it reads the Secrets of its namespace, and of no other one', async () => {
  const objects = daemonSet('unnamed');
  expect(api.refused([...objects, secret(OTHER, 'unnamed')])).toEqual([]);
  const node = await cluster.pod(objects, OTHER);
  await node.untilReady();
  const token = api.tokenOf('unnamed', 'ipsec-cert-import');
  expect(api.request('GET', `/api/v1/namespaces/named/secrets/ipsec-${NODE}`, undefined, 'application/json', token).status).toBe(403);
}, 600_000);

test('a kubelet can label its own node, and no other one', () => {
  const label = (node: string) =>
    api.request(
      'PATCH',
      `/api/v1/nodes/${node}`,
      { metadata: { labels: { [LABEL]: 'imported' } } },
      'application/merge-patch+json',
      `kubelet-of-${OTHER}`,
    ).status;
  expect([label(OTHER), label(NODE)]).toEqual([200, 403]);
});
