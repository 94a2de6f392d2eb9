import { createPrivateKey } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { bytesBelow, keyForms, Pod, SecretData } from './pod';
import { Certificate, Pki, requireTools, run, scratch, sleep } from './tools';

requireTools({
  bash: 'bash',
  certutil: 'libnss3-tools',
  nsenter: 'util-linux',
  openssl: 'openssl',
  pk12util: 'libnss3-tools',
  unshare: 'util-linux',
});
if (process.getuid!() !== 0) throw new Error('these tests need root, to mount the root of a node');

const dir = scratch('ipsec-from-secret');
const pki = new Pki(path.join(dir, 'pki'));
const ca = pki.authority();
const caOther = pki.authority('/O=Lab/CN=Lab CA 2');
const intermediate = pki.leaf(ca, { subject: '/O=Lab/CN=Lab Intermediate', ca: true });
const leaf = pki.leaf(ca);
const renewed = pki.leaf(ca);
const below = pki.leaf(intermediate);
const ofOther = pki.leaf(caOther);
const all: Record<string, Certificate> = { ca, caOther, intermediate, leaf, renewed, below, ofOther };

const text = (file: string) => fs.readFileSync(file, 'utf8');
function tls(certificate: Certificate, anchors: Certificate[] = [ca], chain: Certificate[] = []): SecretData {
  return {
    'tls.crt': [certificate, ...chain].map((each) => text(each.certificate)).join(''),
    'tls.key': text(certificate.key),
    'ca.crt': anchors.map((each) => text(each.certificate)).join(''),
  };
}

let count = 0;
let pods: Pod[] = [];
async function pod(env: Record<string, string> = {}, data?: SecretData): Promise<Pod> {
  const made = await Pod.start(path.join(dir, `pod${++count}`), env);
  pods.push(made);
  made.mountSecret(data ?? {});
  return made.follow();
}
afterEach(async () => {
  for (const each of pods) await each.stop();
  pods = [];
});

const NOTHING_ELSE = ['ipsec-from-secret', 'ipsec-from-secret/left_server', 'ipsec-from-secret/left_server.imported'];
const SECRET = 'Secret ipsec/left-server';
const KEPT = 'the node keeps its certificate';

test('a node follows the Secret: it comes, is renewed, gets another CA, breaks, is mended, and is deleted', async () => {
  const node = await pod();
  await node.untilUnready(`${SECRET} does not exist; ${KEPT}`);

  node.mountSecret(tls(leaf));
  await node.untilReady();
  expect(node.imported(all)).toEqual({ certificates: ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u leaf'], keys: 1 });
  expect(node.said()).toBe(
    `ipsec-from-secret: ${SECRET} does not exist; ${KEPT}\nipsec-from-secret: left_server imported, certificate ${leaf.sha256}\n`,
  );
  expect(node.runFiles()).toEqual(NOTHING_ELSE);
  expect(node.alive()).toBe(true);

  node.mountSecret(tls(renewed));
  expect(node.probe().ready).toBe(false);
  await node.untilReady();
  expect(node.imported(all)).toEqual({ certificates: ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u renewed'], keys: 1 });

  node.mountSecret(tls(renewed, [ca, caOther]));
  await node.untilReady();
  expect(node.imported(all).certificates).toEqual(['ipsec-ca/… CT,C,C ca', 'ipsec-ca/… CT,C,C caOther', 'left_server u,u,u renewed']);
  const before = node.database.content();

  node.mountSecret({ ...tls(renewed), 'tls.key': text(leaf.key) });
  await node.untilUnready(`${SECRET} cannot be imported: its private key is not that of its first certificate; ${KEPT}`);
  expect(node.database.content()).toEqual(before);

  node.mountSecret(tls(ofOther, [caOther]));
  await node.untilReady();
  expect(node.imported(all).certificates).toEqual(['ipsec-ca/… CT,C,C caOther', 'left_server u,u,u ofOther']);

  node.mountSecret({});
  await node.untilUnready(`${SECRET} does not exist; ${KEPT}`);
  expect(node.imported(all).certificates).toEqual(['ipsec-ca/… CT,C,C caOther', 'left_server u,u,u ofOther']);
  expect(node.runFiles()).toEqual(NOTHING_ELSE);
});

test('a certificate with intermediates has them, without trust', async () => {
  const node = await pod({}, tls(below, [ca], [intermediate]));
  await node.untilReady();
  expect(node.imported(all)).toEqual({
    certificates: ['ipsec-ca/… ,, intermediate', 'ipsec-ca/… CT,C,C ca', 'left_server u,u,u below'],
    keys: 1,
  });
});

test('CAs may come from elsewhere than the Secret', async () => {
  const { 'ca.crt': _, ...alone } = tls(leaf);
  const node = await pod({}, alone);
  await node.untilUnready(`${SECRET} has no key ca.crt, and no other CA is given; ${KEPT}`);
  await node.kill();
  const other = await pod({ IPSEC_MORE_CAS: ca.certificate }, alone);
  await other.untilReady();
  expect(other.imported(all).certificates).toEqual(['ipsec-ca/… CT,C,C ca', 'left_server u,u,u leaf']);
});

describe('a PKCS#12 bundle', () => {
  const PKCS12 = { IPSEC_PKCS12_KEY: 'keystore.p12', IPSEC_PASSWORD_KEY: 'password' };
  const bundle = (args: string[] = [], password = 'pässwörd s3cret') => ({
    'keystore.p12': fs.readFileSync(pki.bundle(leaf, { name: null, password, args })), password, 'ca.crt': text(ca.certificate),
  });

  test.each([
    ['without a name', []],
    ['of another name', ['-name', 'server']],
    ['with ciphers of old', ['-legacy']],
  ])('%s is imported under the nickname', async (_, args) => {
    const node = await pod(PKCS12, bundle(args));
    await node.untilReady();
    expect(node.imported(all)).toEqual({ certificates: ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u leaf'], keys: 1 });
  });

  test('without a password needs no key for one', async () => {
    const node = await pod({ IPSEC_PKCS12_KEY: 'keystore.p12' }, bundle([], ''));
    await node.untilReady();
  });

  test('with a wrong password is refused, and imported with the right one', async () => {
    const node = await pod(PKCS12, { ...bundle(), password: 'wrong' });
    await node.untilUnready(
      `${SECRET} cannot be imported: its PKCS#12 bundle does not open: the password is wrong, or the bundle is damaged; ${KEPT}`,
    );
    node.mountSecret(bundle());
    await node.untilReady();
  });
});

describe('a Secret that is no good', () => {
  const good = tls(leaf);
  const damaged = `${String(good['tls.crt']).slice(0, 200)}\n-----END CERTIFICATE-----\n`;
  const encrypted = () => run('openssl', ['rsa', '-aes128', '-passout', 'pass:x', '-in', leaf.key]).stdout;
  test.each<[string, () => SecretData, string]>([
    ['without a private key', () => ({ ...good, 'tls.key': '' }), `${SECRET} has no key tls.key; ${KEPT}`],
    [
      'with a damaged certificate',
      () => ({ ...good, 'tls.crt': damaged }),
      `${SECRET} cannot be imported: it has no certificate in PEM, or a damaged one; ${KEPT}`,
    ],
    ['with an encrypted private key', () => ({ ...good, 'tls.key': encrypted() }),
      `${SECRET} cannot be imported: it has no private key in PEM, an encrypted one, or a damaged one; ${KEPT}`],
    ['with a certificate that its CA did not sign', () => tls(leaf, [caOther]),
      `${SECRET} cannot be imported: the certificate of /run/ipsec-from-secret/left_server/secret.p12 fails against `
        + `/run/ipsec-from-secret/left_server/ca.crt: depth lookup: unable to get local issuer certificate; ${KEPT}`],
  ])('%s changes nothing, and the reason is one line', async (_, data, reason) => {
    const node = await pod({}, tls(renewed));
    await node.untilReady();
    const before = node.database.content();
    node.said();
    node.mountSecret(data());
    await node.untilUnready(reason);
    await sleep(3000); // it is tried again meanwhile, and told once
    expect(node.said()).toBe(`ipsec-from-secret: ${reason}\n`);
    expect(node.database.content()).toEqual(before);
    node.mountSecret(good);
    await node.untilReady();
  });
});

test('two nicknames live side by side', async () => {
  const first = await pod({}, tls(leaf));
  await first.untilReady();
  // Its certificate has the same subject, of which certutil prints both.
  const second = first.beside({ IPSEC_NICKNAME: 'right.2' });
  pods.push(second);
  second.mountSecret(tls(ofOther, [caOther])).follow();
  await second.untilReady();
  expect(first.probe()).toEqual({ ready: true, reason: '' });
  expect(first.imported(all)).toEqual({
    certificates: ['ipsec-ca/… CT,C,C ca', 'ipsec-ca/… CT,C,C caOther', 'left_server u,u,u leaf', 'right.2 u,u,u ofOther'], keys: 2,
  });
  expect([first.said(), second.said()]).toEqual([
    `ipsec-from-secret: left_server imported, certificate ${leaf.sha256}\n`, 'ipsec-from-secret: right.2 imported, '
      + `certificate ${ofOther.sha256}\n`,
  ]);
});

test('what somebody takes out of the database comes back', async () => {
  const node = await pod({}, tls(leaf));
  await node.untilReady();
  node.exec('certutil', ['-F', '-d', node.database.url, '-n', 'left_server']);
  expect(node.probe()).toEqual({ ready: false, reason: `the certificate on the node is not that of ${SECRET}` });
  await node.untilReady();
  expect(node.imported(all)).toEqual({ certificates: ['ipsec-ca/… CT,C,C ca', 'left_server u,u,u leaf'], keys: 1 });
});

test('a Secret that is deleted takes the certificate along where that is asked for', async () => {
  const node = await pod({ IPSEC_REMOVE: 'yes' }, tls(leaf));
  await node.untilReady();
  node.mountSecret({});
  await node.untilUnready(`${SECRET} does not exist; left_server is removed from the node`);
  expect(node.imported(all)).toEqual({ certificates: [], keys: 0 });
  node.mountSecret(tls(renewed));
  await node.untilReady();
});

test('before libreswan is on the node the pod waits for it', async () => {
  const node = await pod();
  node.exec('mount', ['-t', 'tmpfs', 'tmpfs', path.join(node.root, 'usr/bin')]);
  for (const tool of ['bash', 'env', 'unshare', 'sh']) {
    fs.writeFileSync(path.join(dir, tool), '');
    node.exec('/bin/sh', ['-c', `cp $(command -v ${tool}) ${node.root}/usr/bin/`]);
  }
  node.mountSecret(tls(leaf));
  await node.untilUnready(`${SECRET} cannot be imported: libreswan is not installed on the node yet; ${KEPT}`);
  node.exec('umount', [path.join(node.root, 'usr/bin')]);
  await node.untilReady();
});

test('killed at any moment, the node ends as it was or as it should be, and the key is on no disk', async () => {
  const versions = [leaf, renewed];
  const node = await pod({}, tls(leaf));
  await node.untilReady();
  for (let round = 0; round < 12; round++) {
    const next = versions[(round + 1) % 2];
    node.mountSecret(tls(next));
    await sleep(100 + round * 120);
    await node.kill();
    const disk = bytesBelow(path.join(node.root, 'var'));
    for (const form of versions.flatMap(keyForms)) expect(disk.includes(form)).toBe(false);
    // What an import had in memory is gone with it, for everybody on the node.
    expect(node.runFiles().filter((file) => !NOTHING_ELSE.includes(file) && file !== 'ipsec-from-secret/left_server.imported.new')).toEqual(
      [],
    );
    node.follow();
    await node.untilReady();
    expect(node.imported(all)).toEqual({
      certificates: ['ipsec-ca/… CT,C,C ca', `left_server u,u,u ${next === leaf ? 'leaf' : 'renewed'}`],
      keys: 1,
    });
  }
}, 600_000);

test('the search finds a key where there is one', () => {
  fs.mkdirSync(path.join(dir, 'search'));
  fs.copyFileSync(leaf.key, path.join(dir, 'search', 'a'));
  const disk = bytesBelow(path.join(dir, 'search'));
  expect(keyForms(leaf).some((form) => disk.includes(form))).toBe(true);
  fs.writeFileSync(path.join(dir, 'search', 'b'), createPrivateKey(text(leaf.key)).export({ format: 'der', type: 'pkcs8' }));
  expect(keyForms(leaf).slice(0, 3).every((form) => bytesBelow(path.join(dir, 'search')).includes(form))).toBe(true);
});
