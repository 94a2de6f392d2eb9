import { execFileSync } from 'child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Testing } from 'cdk8s';
import { parse } from 'yaml';
import { ApiServer } from './api-server';
import {
  CertImportDaemonSet,
  CliImage,
  HostCertManagerCertificates,
  IpsecClusterConfig,
  IpsecMode,
  IpsecWarnings,
  NodeSecret,
  OpenShiftVersion,
} from '../../src';
import { Pod } from '../system/pod';
import { Certificate, Pki, requireTools, scratch, sleep } from '../system/tools';

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
const renewed = pki.leaf(ca);
const all: Record<string, Certificate> = { ca, leaf, renewed };

let api: ApiServer;
let pods: Pod[] = [];
beforeAll(async () => {
  api = await ApiServer.start(dir, [NODE, OTHER]);
  api.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } });
  api.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name: OTHER } });
}, 1_800_000);
afterAll(() => api?.stop());
afterEach(async () => {
  for (const each of pods) await each.stop();
  pods = [];
});

function synth(write: (chart: Chart, cluster: IpsecClusterConfig) => void, namespace = 'ipsec'): any[] {
  const app = new App();
  IpsecWarnings.of(app).silence();
  const chart = new Chart(app, 'test', { namespace });
  write(chart, new IpsecClusterConfig(chart, 'cluster', { mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16') }));
  return Testing.synth(chart).slice(1);
}

/** What is refused, of objects that are applied in order. */
function refused(objects: any[]): string[] {
  return objects.map((object) => ({ object, ...api.apply(object) })).filter(({ status }) => status > 201)
    .map(({ object, status, body }) => `${object.kind} ${object.metadata.name}: ${status} ${body.message}`);
}

const DIGEST = `quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:${'0'.repeat(64)}`;

test('the API server takes every object strictly, and the pod in the namespace that comes with it', () => {
  const objects = synth((chart, cluster) => new CertImportDaemonSet(chart, 'certs', {
    cluster,
    roles: ['master', 'worker'],
    secret: NodeSecret.shared('left-server', { pkcs12Key: 'a.p12', passwordKey: 'password' }),
    createNamespace: true,
    removeWithSecret: true,
    nodeLabel: LABEL,
    image: CliImage.digest(DIGEST),
    maxUnavailable: '3',
    toleratedTaints: ['dedicated'],
  }), 'shared');
  expect(refused(objects)).toEqual([]);
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
  const [account] = synth(
    (chart, cluster) => new CertImportDaemonSet(chart, 'certs', { cluster, roles: ['worker'], secret: NodeSecret.shared('a') }),
    'shared',
  );
  expect(api.apply({ ...account, automount: true }).status).toBeGreaterThanOrEqual(400);
});

test('cert-manager\'s own definition takes the Certificates', async () => {
  const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', CERT_MANAGER], { encoding: 'utf8', cwd: dir }));
  // It is a template of Helm, in which the labels alone are filled in.
  const text = readFileSync(join(Dir, 'deploy/crds/crd-certificates.yaml'), 'utf8')
    .split('\n')
    .filter((line) => !line.includes('{{'))
    .join('\n')
    .replace(/\n {2}labels:\n(?! {4}\w)/, '\n');
  expect(refused([parse(text)])).toEqual([]);
  const objects = synth(
    (chart) =>
      new HostCertManagerCertificates(chart, 'ids', {
        hosts: [NODE, OTHER],
        issuer: { name: 'ipsec', kind: 'ClusterIssuer' },
        secretName: 'ipsec-{node}',
        organization: 'Example',
      }),
    'shared',
  ).filter(({ kind }) => kind === 'Certificate');
  const deadline = Date.now() + 30_000;
  while (api.request('GET', '/apis/cert-manager.io/v1/namespaces/shared/certificates').status !== 200 && Date.now() < deadline) {
    await sleep(200);
  }
  expect(objects).toHaveLength(2);
  expect(refused(objects)).toEqual([]);
});

const secret = (certificate: Certificate, name = `ipsec-${NODE}`, namespace = 'ipsec') => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/tls',
  metadata: { name, namespace },
  data: Object.fromEntries(Object.entries({ 'tls.crt': certificate.certificate, 'tls.key': certificate.key, 'ca.crt': ca.certificate })
    .map(([key, file]) => [key, readFileSync(file).toString('base64')])),
});

/** A pod of the DaemonSet in these objects, on a node: its environment, and the rights of its service account. */
async function podOf(objects: any[], namespace: string, node = NODE): Promise<Pod> {
  const [{ env }] = objects.find(({ kind }) => kind === 'DaemonSet').spec.template.spec.containers;
  const home = join(dir, `home-${pods.length}-${namespace}-${node}`);
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin/oc'), '#!/bin/sh\nexec /usr/bin/kubectl "$@"\n', { mode: 0o755 });
  writeFileSync(join(home, 'kubeconfig'), api.kubeconfigOf(namespace, 'ipsec-cert-import'), { mode: 0o600 });
  const values = Object.fromEntries(
    env.map(({ name, value = node }: { name: string; value?: string }) => [name, value.replace('$(IPSEC_NODE)', node)]),
  );
  const pod = await Pod.start(join(home, 'pod'), {
    ...values,
    IPSEC_MOUNT: '',
    HOME: home,
    KUBECONFIG: join(home, 'kubeconfig'),
    PATH: `${home}/bin:${process.env.PATH}:/usr/sbin:/sbin`,
  });
  writeFileSync(join(pod.root, 'bin-of-node/oc'), '#!/bin/sh\nexport HOME=/run\nexec /usr/bin/kubectl "$@"\n', { mode: 0o755 });
  writeFileSync(join(pod.root, 'var/lib/kubelet/kubeconfig'), api.kubeconfigOfKubelet(node), { mode: 0o600 });
  pods.push(pod);
  return pod.follow();
}

const labels = (node: string) => api.get({ apiVersion: 'v1', kind: 'Node', metadata: { name: node } }).body.metadata.labels ?? {};
const daemonSet = (namespace: string, nodes?: string[]) => synth((chart, cluster) => new CertImportDaemonSet(chart, 'certs', {
  cluster, roles: ['worker'], secret: NodeSecret.perNode('ipsec-{node}', { nodes }), createNamespace: true, nodeLabel: LABEL,
}), namespace);

test('a node follows its own Secret by the API: it comes, is renewed while the API is away, and is deleted', async () => {
  const objects = daemonSet('ipsec', [NODE]);
  expect(refused(objects)).toEqual([]);
  const node = await podOf(objects, 'ipsec');
  await node.untilUnready(`Secret ipsec/ipsec-${NODE} does not exist; the node keeps its certificate`);
  expect(labels(NODE)).not.toHaveProperty([LABEL]);

  expect(refused([secret(leaf)])).toEqual([]);
  await node.untilReady();
  expect(node.imported(all)).toEqual({ certificates: ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u leaf'], keys: 1 });
  await node.until(() => labels(NODE)[LABEL] === 'imported');
  expect(labels(OTHER)).not.toHaveProperty([LABEL]);

  await api.away();
  node.said();
  let said = '';
  await node.until(() => (said += node.said()).includes('cannot be read'));
  expect(said).toMatch(new RegExp(`^(?:ipsec-from-secret: Secret ipsec/ipsec-${NODE} cannot be read: .+\\n)+$`));
  expect(node.probe()).toEqual({ ready: true, reason: '' });
  expect(node.imported(all).certificates).toEqual(['ipsec-ca/… CT,C,C ca', 'left_server u,u,u leaf']);

  await api.begin();
  expect(refused([secret(renewed)])).toEqual([]);
  await node.until(() => node.imported(all).certificates.includes('left_server u,u,u renewed'));
  await node.untilReady();

  api.delete(secret(renewed));
  await node.untilUnready(`Secret ipsec/ipsec-${NODE} does not exist; the node keeps its certificate`);
  expect(node.imported(all)).toEqual({ certificates: ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u renewed'], keys: 1 });
}, 600_000);

test('the service account reads the Secrets of the nodes that are named, and nothing else', async () => {
  const objects = daemonSet('named', [NODE]);
  expect(refused([...objects, secret(leaf, `ipsec-${NODE}`, 'named'), secret(leaf, `ipsec-${OTHER}`, 'named')])).toEqual([]);
  const other = await podOf(objects, 'named', OTHER);
  await other.untilUnready(
    new RegExp(
      `^Secret named/ipsec-${OTHER} cannot be read: .*\\(Forbidden\\).*"system:serviceaccount:named:ipsec-cert-import" `
        + 'cannot get resource "secrets"',
    ),
  );
  const own = await podOf(objects, 'named', NODE);
  await own.untilReady();

  const token = JSON.parse(api.kubeconfigOf('named', 'ipsec-cert-import')).users[0].user.token;
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
  expect(refused([...objects, secret(leaf, `ipsec-${OTHER}`, 'unnamed')])).toEqual([]);
  const node = await podOf(objects, 'unnamed', OTHER);
  await node.untilReady();
  const token = JSON.parse(api.kubeconfigOf('unnamed', 'ipsec-cert-import')).users[0].user.token;
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
