import { join } from 'path';
import { ApiServer } from './api-server';
import { ImportCluster, importObjects, tlsSecret } from './import-cluster';
import { NodeSecret } from '../../src';
import { bytesBelow, keyForms, Pod } from '../system/pod';
import { Certificate, Pki, requireTools, scratch, sleep } from '../system/tools';

requireTools({ certutil: 'libnss3-tools', nsenter: 'util-linux', pk12util: 'libnss3-tools' });
if (process.getuid!() !== 0) throw new Error('these tests need root, to mount the root of a node');

const NODE = 'worker-0.example.com';
const OTHER = 'worker-1.example.com';
const LABEL = 'ipsec.example.com/left-server';

const dir = scratch('cluster');
const pki = new Pki(join(dir, 'pki'));
const ca = pki.authority();
const caOther = pki.authority('/O=Lab/CN=Lab CA 2');
const leaf = pki.leaf(ca);
const renewed = pki.leaf(ca);
const ofOther = pki.leaf(caOther);
const all: Record<string, Certificate> = { ca, caOther, leaf, renewed, ofOther };

let api: ApiServer;
let cluster: ImportCluster;
beforeAll(async () => {
  api = await ApiServer.start(dir, [NODE, OTHER]);
  cluster = new ImportCluster(api, dir);
  for (const name of [NODE, OTHER]) api.apply({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
}, 1_800_000);
afterAll(() => api?.stop());
afterEach(() => cluster.end());

const labels = () => api.get({ apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } }).body.metadata.labels ?? {};

/** The objects of a namespace of its own, whose service account may read the Secret of the one node. */
function prepare(namespace: string, props: object = {}): any[] {
  const objects = importObjects(namespace, { secret: NodeSecret.perNode('ipsec-{node}', { nodes: [NODE] }), ...props });
  expect(api.refused(objects)).toEqual([]);
  return objects;
}

function write(namespace: string, certificate: Certificate, cas: readonly Certificate[] = [ca], key = certificate): void {
  expect(api.refused([tlsSecret(`ipsec-${NODE}`, namespace, certificate, cas, key)])).toEqual([]);
}

/** No private key is on the node's disk in a form in which it could be read. */
function expectNoKey(node: Pod): void {
  const disk = bytesBelow(join(node.root, 'var'));
  for (const form of [leaf, renewed, ofOther].flatMap(keyForms)) expect(disk.includes(form)).toBe(false);
}

const WITH_LEAF = ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u leaf'];
const WITH_RENEWED = ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u renewed'];

test('a node follows its own Secret: it comes, is renewed, gets another CA, breaks, is mended, and is deleted', async () => {
  const does = (what: string) => `Secret follows/ipsec-${NODE} ${what}; the node keeps its certificate`;
  const node = await cluster.pod(prepare('follows', { nodeLabel: LABEL }), NODE);
  await node.untilUnready(does('does not exist'));
  expect(labels()).not.toHaveProperty([LABEL]);

  write('follows', leaf);
  await node.untilReady();
  expect(node.imported(all)).toEqual({ certificates: WITH_LEAF, keys: 1 });
  await node.until(() => labels()[LABEL] === 'imported');
  expectNoKey(node);

  write('follows', renewed);
  await node.until(() => node.imported(all).certificates.includes('left_server u,u,u renewed'));
  await node.untilReady();
  expect(node.imported(all)).toEqual({ certificates: WITH_RENEWED, keys: 1 });
  expectNoKey(node);

  write('follows', renewed, [ca, caOther]);
  await node.until(() => node.imported(all).certificates.length === 3);
  await node.untilReady();
  expect(node.imported(all).certificates).toEqual(['ipsec-ca/… CT,C,C ca', 'ipsec-ca/… CT,C,C caOther', 'left_server u,u,u renewed']);
  const before = node.database.content();
  node.said();

  const notItsKey = does('cannot be imported: its private key is not that of its first certificate');
  write('follows', leaf, [ca, caOther], renewed);
  await node.untilUnready(notItsKey);
  await sleep(3000); // it is tried again meanwhile, and told once
  expect(node.said()).toBe(`ipsec-from-secret: ${notItsKey}\n`);
  expect(node.database.content()).toEqual(before);
  expect(labels()[LABEL]).toBe('imported');

  write('follows', ofOther, [caOther]);
  await node.untilReady();
  expect(node.imported(all)).toEqual({ certificates: ['ipsec-ca/… CT,C,C caOther', 'left_server u,u,u ofOther'], keys: 1 });
  expectNoKey(node);

  api.delete(tlsSecret(`ipsec-${NODE}`, 'follows', leaf, [ca]));
  await node.untilUnready(does('does not exist'));
  expect(node.imported(all)).toEqual({ certificates: ['ipsec-ca/… CT,C,C caOther', 'left_server u,u,u ofOther'], keys: 1 });
  expectNoKey(node);
}, 600_000);

test('while the API server is away the node keeps what it has, and is ready; a pod that begins then is not, and changes nothing', async () => {
  const objects = prepare('away');
  write('away', leaf);
  const node = await cluster.pod(objects, NODE);
  await node.untilReady();

  await api.away();
  node.said();
  let said = '';
  await node.until(() => (said += node.said()).includes('cannot be read'));
  expect(said).toMatch(new RegExp(`^(?:ipsec-from-secret: Secret away/ipsec-${NODE} cannot be read: .+\\n)+$`));
  expect(node.probe()).toEqual({ ready: true, reason: '' });
  expect(node.imported(all).certificates).toEqual(WITH_LEAF);

  await node.kill();
  node.forget();
  node.follow();
  await node.untilUnready(new RegExp(`^Secret away/ipsec-${NODE} cannot be read: .+$`));
  expect(node.imported(all)).toEqual({ certificates: WITH_LEAF, keys: 1 });

  await api.begin();
  write('away', renewed);
  await node.until(() => node.imported(all).certificates.includes('left_server u,u,u renewed'));
  await node.untilReady();
}, 600_000);

test('a Secret that is deleted takes the certificate along where that is asked for', async () => {
  const objects = prepare('removes', { removeWithSecret: true });
  write('removes', leaf);
  const node = await cluster.pod(objects, NODE);
  await node.untilReady();
  // A Secret that cannot be read is not one that is gone.
  await api.away();
  await sleep(2000);
  expect(node.imported(all)).toEqual({ certificates: WITH_LEAF, keys: 1 });
  await api.begin();
  api.delete(tlsSecret(`ipsec-${NODE}`, 'removes', leaf, [ca]));
  await node.untilUnready(`Secret removes/ipsec-${NODE} does not exist; left_server is removed from the node`);
  expect(node.imported(all)).toEqual({ certificates: [], keys: 0 });
}, 600_000);

test('two nicknames live side by side on a node, each with its own DaemonSet', async () => {
  const first = await cluster.pod(prepare('two'), NODE);
  const others = importObjects('two', { secret: NodeSecret.perNode('right-{node}', { nodes: [NODE] }), nickname: 'right.2' });
  expect(api.refused(others)).toEqual([]);
  const second = await cluster.pod(others, NODE, first);
  write('two', leaf);
  expect(api.refused([tlsSecret(`right-${NODE}`, 'two', ofOther, [caOther])])).toEqual([]);
  await first.untilReady();
  await second.untilReady();
  const both = ['ipsec-ca/… CT,C,C ca', 'ipsec-ca/… CT,C,C caOther', 'left_server u,u,u leaf', 'right.2 u,u,u ofOther'];
  expect(first.imported(all)).toEqual({ certificates: both, keys: 2 });

  // The renewals of one are nothing to the other, whose certificate has the same subject: it is ready all the time, and silent.
  second.said();
  for (const [next, name] of [[renewed, 'renewed'], [leaf, 'leaf'], [renewed, 'renewed']] as const) {
    write('two', next);
    await first.until(() => {
      expect(second.probe()).toEqual({ ready: true, reason: '' });
      return first.imported(all).certificates.includes(`left_server u,u,u ${name}`);
    });
    await first.untilReady();
  }
  expect(second.said()).toBe('');
  expect(first.imported(all)).toEqual({ certificates: both.map((each) => each.replace(/leaf$/, 'renewed')), keys: 2 });
  expectNoKey(first);
}, 600_000);

test('killed at any moment of a renewal, the node ends with the certificate of the Secret, and the key is on no disk', async () => {
  const objects = prepare('killed');
  write('killed', leaf);
  const node = await cluster.pod(objects, NODE);
  await node.untilReady();
  const left = node.runFiles();
  for (let round = 0; round < 8; round++) {
    const next = round % 2 === 0 ? renewed : leaf;
    write('killed', next);
    await sleep(round * 300);
    await node.kill();
    expectNoKey(node);
    // What an import had in memory is gone with it, for everybody on the node.
    expect(node.runFiles().filter((file) => !left.includes(file) && !file.endsWith('.imported.new'))).toEqual([]);
    node.follow();
    await node.until(() => node.imported(all).certificates.includes(`left_server u,u,u ${next === leaf ? 'leaf' : 'renewed'}`));
    await node.untilReady();
    expect(node.imported(all)).toEqual({ certificates: next === leaf ? WITH_LEAF : WITH_RENEWED, keys: 1 });
  }
}, 600_000);
