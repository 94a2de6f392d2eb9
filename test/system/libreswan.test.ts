import * as path from 'path';
import { hostWith as hostOn, importOn as importWith, Pluto, Wire } from './pluto';
import { Certificate, NssDatabase, Pki, scratch } from './tools';

// The kernel of the machine may lack ESP, so these tests look at IKE alone: who authenticates with which certificate.
const dir = scratch('libreswan');
const pki = new Pki(path.join(dir, 'pki'));
const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'];
const ca = pki.authority();
const newCa = pki.authority('/O=Lab/CN=Lab CA 2');
const host = pki.leaf(ca, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
const hostOfNewCa = pki.leaf(newCa, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
const leaf = pki.leaf(ca, { keyType: rsa });
const renewed = pki.leaf(ca, { keyType: rsa });
const renewedOtherName = pki.leaf(ca, { subject: '/O=Lab/CN=node1-new.example.com', keyType: rsa });
const ofNewCa = pki.leaf(newCa, { keyType: rsa });

const wire = new Wire(dir);
const importOn = (pluto: Pluto, which: Certificate, ...anchors: Certificate[]) => importWith(pluto, pki, dir, which, ...anchors);
const hostWith = (which: Certificate, ...anchors: Certificate[]) => hostOn(wire, pki, which, ...anchors);

async function authenticate(left: Pluto, right: Pluto): Promise<string> {
  right.connection('right_server');
  left.connection('left_server');
  return left.up();
}

const AUTHENTICATED =
  /established IKE SA; authenticated peer '3072-bit RSASSA-PSS with SHA2_512' digital signature using peer certificate 'O=Lab, CN=host\.example\.com'/;

test.each<[string, Certificate[], Certificate[], Certificate]>([
  ['after a first import', [leaf], [ca], host],
  ['after a renewal with the same subject', [leaf, renewed], [ca], host],
  ['after a renewal with another subject', [leaf, renewedOtherName], [ca], host],
  ['after a change of the CA', [leaf, ofNewCa], [newCa], hostOfNewCa],
])('the node authenticates %s', async (_, imported, anchors, peer) => {
  const left = wire.pluto(0);
  imported.forEach((each, at) => importOn(left, each, at === imported.length - 1 ? anchors[0] : ca));
  const right = await hostWith(peer, ...anchors).start();
  expect(await authenticate(await left.start(), right)).toMatch(AUTHENTICATED);
});

test('the peer sees the renewed certificate, not the old one', async () => {
  const left = wire.pluto(0);
  importOn(left, leaf, ca);
  importOn(left, renewedOtherName, ca);
  const right = await hostWith(host, ca).start();
  await left.start();
  left.connection('left_server');
  right.connection('right_server');
  expect(right.up()).toMatch(/authenticated peer .* using peer certificate 'O=Lab, CN=node1-new\.example\.com'/);
});

test('an old CA that left the file no longer vouches for a peer', async () => {
  const left = wire.pluto(0);
  importOn(left, leaf, ca);
  importOn(left, ofNewCa, newCa);
  const right = await hostWith(host, ca, newCa).start();
  expect(await authenticate(await left.start(), right)).toMatch(/certificate payload rejected|SEC_ERROR_UNKNOWN_ISSUER/);
});

test('a running libreswan takes the new certificate when the connection is loaded again', async () => {
  const left = wire.pluto(0);
  importOn(left, leaf, ca);
  const right = await hostWith(host, ca).start();
  await left.start();
  expect(await authenticate(left, right)).toMatch(AUTHENTICATED);
  importOn(left, renewedOtherName, ca);
  left.connection('left_server');
  right.connection('right_server');
  expect(right.up()).toMatch(/using peer certificate 'O=Lab, CN=node1-new\.example\.com'/);
});

// Or when it is told, as the import does (renewal.test.ts).
test('a libreswan that ran with the old CA trusts the new one after a restart', async () => {
  const left = wire.pluto(0);
  importOn(left, leaf, ca);
  const rightOld = await hostWith(host, ca).start();
  await left.start();
  expect(await authenticate(left, rightOld)).toMatch(AUTHENTICATED);
  await rightOld.stop();
  importOn(left, ofNewCa, newCa);
  await left.stop();
  const right = await hostWith(hostOfNewCa, newCa).start();
  expect(await authenticate(await left.start(), right)).toMatch(AUTHENTICATED);
});

// What a CA must say of itself, which src/certificate judges by.
test.each<[takes: string, root: string, extensions: readonly string[] | null | undefined, trust: string]>([
  ['takes', 'without basic constraints that is trusted', ['subjectKeyIdentifier=hash'], 'CT,C,C'],
  ['takes', 'of version 1 that is trusted', null, 'CT,C,C'],
  ['takes', 'without trust', undefined, ',,'],
  ['refuses', 'without basic constraints and without trust', ['subjectKeyIdentifier=hash'], ',,'],
  ['refuses', 'of version 1 without trust', null, ',,'],
  ['refuses', 'that says it is no CA, though it is trusted', ['basicConstraints=CA:FALSE'], 'CT,C,C'],
  [
    'refuses',
    'that may not sign certificates, though it is trusted',
    ['basicConstraints=critical,CA:TRUE', 'keyUsage=digitalSignature'],
    'CT,C,C',
  ],
])('libreswan %s a root %s', async (takes, what, extensions, trust) => {
  const root = pki.authority(`/O=Lab/CN=Root ${what.replace(/,/g, '')}`, extensions);
  const peer = pki.leaf(root, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
  const left = wire.pluto(0);
  new NssDatabase(left.nss).create().add('CA', root, trust).add('other', ca).importBundle(pki.bundle(leaf));
  const right = await hostWith(peer, ca).start();
  const said = await authenticate(await left.start(), right);
  expect(said).toMatch(takes === 'takes' ? AUTHENTICATED : /X509: certificate payload rejected for this connection/);
});
