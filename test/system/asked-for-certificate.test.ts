import * as path from 'path';
import { hostWith, importOn, Pluto, Wire } from './pluto';
import { Certificate, NssDatabase, Pki, scratch } from './tools';

// Whether the node asks its peer for a certificate, and takes the one that it gets. It is IKE alone, which needs no ESP in the kernel.
const dir = scratch('asked');
const pki = new Pki(path.join(dir, 'pki'));
const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'];
const ca = pki.authority();
const otherCa = pki.authority('/O=Lab/CN=Lab CA 2');
const node = pki.leaf(ca, { keyType: rsa });
const host = pki.leaf(ca, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
const hostOfOtherCa = pki.leaf(otherCa, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
const intermediate = pki.leaf(ca, { subject: '/O=Lab/CN=Issuing CA', ca: true, keyType: rsa });
const hostOfIntermediate = pki.leaf(intermediate, { subject: '/O=Lab/CN=host.example.com', san: 'DNS:host.example.com', keyType: rsa });
const wire = new Wire(dir);

function load(pluto: Pluto, certificate: string, more: string, name = 'test'): void {
  const text = `${pluto.connectionText(certificate, name)}${more}`;
  const { code, stderr } = pluto.within('ipsec', ['auto', '--replace', '--config', '-', name], { input: text });
  expect([code, stderr]).toEqual([0, '']);
}

/** What the node says when it calls a peer that sends its certificate only when it is asked for it. */
async function call(more: string, peer: Certificate, ...anchors: Certificate[]): Promise<string> {
  const left = wire.pluto(0);
  importOn(left, pki, dir, node, ...anchors);
  const right = await hostWith(wire, pki, peer, ...anchors).start();
  await left.start();
  load(right, 'right_server', ' leftsendcert=sendifasked\n');
  load(left, 'left_server', more);
  return left.up();
}

const AUTHENTICATED = /established IKE SA; authenticated peer/;

test('without rightca the node asks for none, and the peer is not authenticated', async () => {
  expect(await call('', host, ca)).not.toMatch(AUTHENTICATED);
});

test("with rightca '%same' it asks, and takes a certificate of the CA that issued its own", async () => {
  expect(await call(' rightca="%same"\n', host, ca)).toMatch(AUTHENTICATED);
});

test("with rightca '%same' it takes none of another CA, which it takes without", async () => {
  const always = async (more: string) => {
    const left = wire.pluto(0);
    importOn(left, pki, dir, node, ca, otherCa);
    const right = await hostWith(wire, pki, hostOfOtherCa, ca, otherCa).start();
    await left.start();
    load(right, 'right_server', ' leftsendcert=always\n');
    load(left, 'left_server', more);
    const said = left.up();
    await left.stop();
    await right.stop();
    return said;
  };
  expect(await always('')).toMatch(AUTHENTICATED);
  expect(await always(' rightca="%any"\n')).toMatch(AUTHENTICATED);
  expect(await always(' rightca="%same"\n')).not.toMatch(AUTHENTICATED);
});

test("with rightca '%same' it takes a certificate of an intermediate CA that this CA issued, and that the peer sends", async () => {
  const left = wire.pluto(0);
  importOn(left, pki, dir, node, ca);
  const right = wire.pluto(1);
  const database = new NssDatabase(right.nss).create();
  database.add('CA0', ca);
  database.add('CA1', intermediate);
  database.importBundle(pki.bundle(hostOfIntermediate, { name: 'right_server' }));
  await right.start();
  await left.start();
  load(right, 'right_server', ' leftsendcert=always\n sendca=all\n');
  load(left, 'left_server', ' rightca="%same"\n');
  expect(left.up()).toMatch(AUTHENTICATED);
});

test.each([
  ['another peer', '192.0.2.3', 'cannot route -- route already in use for "one"'],
  ['the same peer', '192.0.2.2', 'cannot install eroute -- it is in use for "one"'],
])('two connections for one subnet: libreswan does not route the second, with %s', async (_, other, says) => {
  const left = wire.pluto(0);
  importOn(left, pki, dir, node, ca);
  await left.start();
  const conn = (name: string, right: string) => `conn ${name}
 ikev2=insist
 left=192.0.2.1
 leftid=%fromcert
 leftcert=left_server
 right=${right}
 rightid=@${name}.example.com
 rightsubnet=10.1.0.0/16
 auto=add
`;
  for (const [name, right] of [['one', '192.0.2.2'], ['two', other]]) {
    left.within('ipsec', ['auto', '--replace', '--config', '-', name], { input: conn(name, right) });
  }
  const route = (name: string) => left.within('ipsec', ['auto', '--route', name]).stdout;
  expect(route('one')).toBe('');
  expect(route('two')).toContain(`"two": ${says}`);
});
