import { fixture, passwordOf } from './fixture';
import { Pkcs12Bundle } from '../../src';
import { decodePem, readPem } from '../../src/certificate/pem';
import { context, integer, nothing, octets, oid, sequence } from '../der-writer';
import { bag, certificateBag, macData, makeCa, makeLeaf, makePkcs12, pfx, pkcs8 } from '../pki';

const EXPORT = 'openssl pkcs12 -export -name left_server -inkey key.pem -in cert.pem -certfile ca.pem -out left_server.p12';
const DATA = '1.2.840.113549.1.7.1';
const DAMAGED = `the file is damaged or something else: copy it again as binary, or export it again with ${EXPORT}`;

function open(name: string): Pkcs12Bundle {
  return Pkcs12Bundle._fromBytes(fixture(name), name, passwordOf(name));
}

/** Files by NSS take half a second each, so each is opened once. */
const opened = new Map<string, Pkcs12Bundle>();
function openOnce(name: string): Pkcs12Bundle {
  const bundle = opened.get(name) ?? open(name);
  opened.set(name, bundle);
  return bundle;
}

function certificateBytes(name: string): Buffer {
  return decodePem(readPem(fixture(name).toString()).blocks[0]);
}

describe('what real tools write opens, and certificates keep their bytes', () => {
  // name, friendly name, other certificates, legacy ciphers
  test.each<[string, string | undefined, number, string[]]>([
    ['openssl3', 'left_server', 1, []],
    ['alone', 'left_server', 0, []],
    ['no-name', undefined, 1, []],
    ['legacy', 'left_server', 1, ['3DES', 'RC2-40']],
    ['3des', 'left_server', 1, ['3DES']],
    ['two-key-3des', 'left_server', 1, ['two-key 3DES']],
    ['rc2-128', 'left_server', 1, ['RC2-128', 'RC2-40']],
    ['pbes2-3des', 'left_server', 1, ['3DES']],
    ['aes-128', 'left_server', 1, []],
    ['aes-192', 'left_server', 1, []],
    ['camellia', 'left_server', 1, []],
    ['mac-sha1', 'left_server', 1, []],
    ['mac-sha224', 'left_server', 1, []],
    ['mac-sha256', 'left_server', 1, []],
    ['mac-sha384', 'left_server', 1, []],
    ['mac-sha512', 'left_server', 1, []],
    ['no-iterations', 'left_server', 1, []],
    ['key-in-clear', 'left_server', 1, []],
    ['key-inside-clear-safe', 'left_server', 1, []],
    ['empty-password', 'left_server', 1, []],
    ['password-non-ascii', 'left_server', 0, []],
    ['nss', 'left_server', 1, []],
    ['nss-empty-password', 'left_server', 1, []],
    ['nss-password-non-ascii', 'left_server', 1, []],
    ['nss-aes-128-sha512', 'left_server', 1, []],
    ['nss-camellia', 'left_server', 1, []],
    ['nss-legacy', 'left_server', 1, ['3DES', 'RC2-40']],
    ['java', 'left_server', 1, []],
    ['cert-manager-legacyrc2', undefined, 1, ['3DES', 'RC2-40']],
    ['cert-manager-legacydes', undefined, 1, ['3DES']],
    ['cert-manager-modern2023', undefined, 1, []],
    ['cert-manager-modern2026', undefined, 1, []],
  ])('%s', (name, friendlyName, others, legacy) => {
    const bundle = openOnce(`${name}.p12`);
    expect(bundle._certificate.der.equals(certificateBytes('leaf.pem'))).toBe(true);
    expect(bundle._content.equals(fixture(`${name}.p12`))).toBe(true);
    expect([bundle.friendlyName, bundle._chain.length, [...bundle._legacyCiphers].sort()]).toEqual([friendlyName, others, legacy]);
    if (others === 1) expect(bundle._chain[0].der.equals(certificateBytes('ca.pem'))).toBe(true);
  });

  test.each(['pss', 'ec', 'ed25519'])('%s, bytes and all', (kind) => {
    expect(open(`${kind}.p12`)._certificate.der.equals(certificateBytes(`${kind}.pem`))).toBe(true);
  });

  test('a chain: the certificate of the key is the bundle\'s own, whatever the order', () => {
    const bundle = open('chain.p12');
    expect(bundle._certificate.der.equals(certificateBytes('under-intermediate.pem'))).toBe(true);
    expect(bundle._chain.map(({ subject }) => subject.commonNames)).toEqual([['Example Intermediate'], ['Example CA']]);
    const ca = makeCa();
    const leaf = makeLeaf({ ca });
    const id = Buffer.from('id');
    const bags = [
      certificateBag(ca.certificate),
      certificateBag(leaf.certificate, 'left_server', id),
      bag('1', pkcs8(leaf.key), undefined, id),
    ];
    const reversed = Pkcs12Bundle._fromBytes(makePkcs12({ bags }), 'reversed');
    expect(reversed._certificate.der.equals(leaf.certificate)).toBe(true);
  });

  test.each(['a1', 'a2', 'a3'])('RFC 9579, test vector %s (PBMAC1): the MAC fits', (vector) => {
    expect(open(`rfc9579-${vector}.p12`).subject).toMatch(/^CN=/);
  });

  test('600,000 rounds are no reason to wait for ever', () => {
    const start = process.hrtime.bigint();
    open('nss.p12');
    expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(60);
  });

  test('a key alone names the bundle, and the certificate\'s name goes before it, as in NSS', () => {
    const identity = makeLeaf({ ca: makeCa() });
    const named = (friendlyName: string | undefined, keyFriendlyName: string) =>
      Pkcs12Bundle._fromBytes(makePkcs12({ identity, friendlyName, keyFriendlyName }), 'x').friendlyName;
    expect([named(undefined, 'of the key'), named('', 'of the key'), named('of the certificate', 'of the key')])
      .toEqual(['of the key', 'of the key', 'of the certificate']);
  });

  test('bags in bags, and revocation lists and secrets beside them', () => {
    const identity = makeLeaf({ ca: makeCa() });
    const id = Buffer.from('id');
    const certificate = certificateBag(identity.certificate, 'left_server', id);
    const other = bag('5', sequence(oid('1.2.3'), context(0, octets(Buffer.from('secret')))));
    const nested = bag('6', sequence(bag('6', sequence(certificate, other))));
    expect(
      Pkcs12Bundle._fromBytes(makePkcs12({ bags: [bag('1', pkcs8(identity.key), 'left_server', id), nested] }), 'nested').subject,
    ).toBe('CN=node1.example.com,O=Test');
  });
});

describe('whether the key is protected', () => {
  // name, a password stands before the key, the empty password opens the file
  test.each<[string, boolean, boolean]>([
    ['openssl3', true, false],
    ['nss', true, false],
    ['key-inside-clear-safe', true, false],
    ['key-in-clear', false, false],
    ['empty-password', false, true],
    ['nss-empty-password', false, true],
  ])('%s: %p', (name, hasPassword, opensWithout) => {
    const bundle = openOnce(`${name}.p12`);
    expect([bundle._hasPassword, bundle._opensWithoutPassword]).toEqual([hasPassword, opensWithout]);
  });
});

describe('what a node could not use is refused', () => {
  const ca = makeCa();
  const identity = makeLeaf({ ca });
  const key = pkcs8(identity.key);
  const exported = 'openssl pkcs12 -export -name left_server -inkey key.pem -in cert.pem -certfile ca.pem -out left_server.p12';
  const id = Buffer.from('id');
  const twoCertificates = [
    bag('1', key, 'left_server', id), ...[30, 365].map((days) => certificateBag(makeLeaf({ ca, days }).certificate, 'left_server', id)),
  ];
  const content = sequence(sequence(oid('1.2.840.113549.1.7.1'), context(0, octets(sequence()))));

  test.each<[string, Buffer, string]>([
    ['no MAC', fixture('no-mac.p12'), 'x.p12 has no MAC, without which NSS on the nodes refuses it: export it again without -nomac'],
    [
      'no key',
      fixture('no-key.p12'),
      `x.p12 holds no private key, without which a node cannot prove who it is: export the certificate together with its key (${exported})`,
    ],
    [
      'a cipher that NSS drops',
      fixture('rc4.p12'),
      'x.p12 is encrypted with RC4-128, which is not read here: export it again with OpenSSL 3 (openssl pkcs12 -export)',
    ],
    [
      'rounds meant to hang',
      fixture('too-many-rounds.p12'),
      'x.p12 asks for 20000000 rounds of key derivation, and 3000000 are the most that are worth waiting for: '
        + 'export it again with fewer (openssl pkcs12 -export -iter 100000)',
    ],
    [
      'many rounds in several places',
      fixture('many-rounds-inside.p12'),
      'x.p12 asks for 3200001 rounds of key derivation, and 3000000 are the most that are worth waiting for: '
        + 'export it again with fewer (openssl pkcs12 -export -iter 100000)',
    ],
    [
      'a number of rounds that no one could write out',
      pfx(content, [macData(content, 'secret', 2n ** 400n)]),
      'x.p12 asks for more than 10^18 rounds of key derivation, and 3000000 are the most that are worth waiting for: '
        + 'export it again with fewer (openssl pkcs12 -export -iter 100000)',
    ],
    [
      'two keys',
      makePkcs12({ identity, keys: [key, pkcs8(ca.key)], password: 'secret' }),
      `x.p12 holds 2 private keys, and a node's bundle holds one: export one certificate and its key (${exported})`,
    ],
    [
      'a key without certificate',
      makePkcs12({ keys: [key], password: 'secret' }),
      `x.p12 holds a private key and no certificate: export both together (${exported})`,
    ],
    [
      'a key of another certificate',
      makePkcs12({ keys: [key], certificates: [ca.certificate], password: 'secret' }),
      "x.p12 holds a private key that fits none of its certificates ('CN=Test CA,O=Test'): "
        + 'export the key with the certificate that was issued for it',
    ],
    [
      'no id in common',
      makePkcs12({ identity, password: 'secret', withLocalKeyId: false }),
      'x.p12 does not tie its private key to the certificate (they share no localKeyID), and NSS on the nodes imports no such key: '
        + 'export it again with openssl pkcs12 -export',
    ],
    [
      'two certificates for one key',
      makePkcs12({ bags: twoCertificates, password: 'secret' }),
      'x.p12 holds 2 certificates for its one private key, and NSS would import all of them under one name: '
        + `export it with the newest alone (${exported})`,
    ],
    [
      'a broken key',
      makePkcs12({ keys: [Buffer.from('not a key')], certificates: [ca.certificate], password: 'secret' }),
      'x.p12 holds a private key that OpenSSL cannot read: it is damaged, or of a kind that IPsec does not use',
    ],
    [
      'a broken certificate',
      makePkcs12({ keys: [key], certificates: [sequence()], password: 'secret' }),
      `x.p12 cannot be read as PKCS#12: a structure ends too early; ${DAMAGED}`,
    ],
  ])('%s', (_, bytes, message) => {
    expect(() => Pkcs12Bundle._fromBytes(bytes, 'x.p12', Buffer.from('secret'))).toThrow(
      expect.objectContaining({ name: 'InputError', message }),
    );
  });

  test.each(['a4', 'a5', 'a6'])('RFC 9579, test vector %s (a broken PBMAC1) does not open', (vector) => {
    expect(() => open(`rfc9579-${vector}.p12`)).toThrow(expect.objectContaining({ name: 'InputError' }));
  });

  test('a PBMAC1 key without length, which would fit every password', () => {
    const derivation = sequence(
      oid('1.2.840.113549.1.5.12'),
      sequence(octets(Buffer.from('salt')), integer(1), integer(0), sequence(oid('1.2.840.113549.2.9'), nothing)),
    );
    const algorithm = sequence(oid('1.2.840.113549.1.5.14'), sequence(derivation, sequence(oid('1.2.840.113549.2.9'), nothing)));
    const mac = sequence(sequence(algorithm, octets(Buffer.alloc(32))), octets(Buffer.from('salt')), integer(1));
    expect(() => Pkcs12Bundle._fromBytes(pfx(content, [mac]), 'x.p12')).toThrow(
      expect.objectContaining({
        message:
          `x.p12 cannot be read as PKCS#12: its PBMAC1 key has no length between 20 and 128 bytes; ${DAMAGED}`,
      }),
    );
  });

  test('a signature or a certificate in place of the password', () => {
    const signed = sequence(integer(3), sequence(oid('1.2.840.113549.1.7.2'), context(0, sequence())));
    expect(() => Pkcs12Bundle._fromBytes(signed, 'x.p12')).toThrow(expect.objectContaining({
      message:
        'x.p12 is sealed with a signature instead of a password, which NSS on the nodes does not read: '
          + 'export it again with openssl pkcs12 -export',
    }));
    const enveloped = sequence(sequence(oid('1.2.840.113549.1.7.3'), context(0, sequence())));
    expect(() => Pkcs12Bundle._fromBytes(pfx(enveloped, [macData(enveloped, '', 1)]), 'x.p12')).toThrow(expect.objectContaining({
      message:
        'x.p12 is encrypted to a certificate instead of a password, which NSS on the nodes does not read: '
          + 'export it again with openssl pkcs12 -export',
    }));
  });

  test.each<[string, Buffer, string]>([
    ['a version that is not 3', sequence(integer(2), sequence()), 'its version is not 3'],
    ['a part that is no data', sequence(integer(3), sequence(oid('1.2.3.4'), context(0, sequence()))), 'it does not begin with data'],
    ['data in no octets', sequence(integer(3), sequence(oid(DATA), context(0, sequence()))), 'data is no octet string'],
    ['a part of another type', parts(sequence(oid('1.2.3.4'), context(0, sequence()))), 'a part has the unknown type 1.2.3.4'],
    ['an encrypted part without anything', parts(encryptedPart()), 'an encrypted part is empty'],
    ['an encrypted part of another kind', parts(encryptedPart(octets(Buffer.alloc(8)))), 'an encrypted part is empty'],
  ])('%s', (_, bytes, why) => {
    expect(() => Pkcs12Bundle._fromBytes(bytes, 'x.p12')).toThrow(expect.objectContaining({
      message: `x.p12 cannot be read as PKCS#12: ${why}; ${DAMAGED}`,
    }));
  });

  test('bags nested to exhaust the reader', () => {
    let nested = sequence();
    for (let i = 0; i < 6; i++) nested = sequence(bag('6', nested));
    expect(() => Pkcs12Bundle._fromBytes(makePkcs12({ bags: [bag('6', nested)] }), 'x.p12')).toThrow(
      expect.objectContaining({
        message: `x.p12 cannot be read as PKCS#12: bags nest more than 4 deep; ${DAMAGED}`,
      }),
    );
  });

  test('the MAC decides: a bit changed anywhere under it is a wrong password', () => {
    const bytes = Buffer.from(fixture('openssl3.p12'));
    bytes[1000] = 255 - bytes[1000];
    expect(() => Pkcs12Bundle._fromBytes(bytes, 'x.p12', Buffer.from('secret'))).toThrow(/^x\.p12 does not open/);
  });
});

/** A file whose password opens it, with these parts. */
function parts(...infos: Buffer[]): Buffer {
  const all = sequence(...infos);
  return pfx(all, [macData(all, '', 1)]);
}

/** What of it is encrypted, behind the algorithm. */
function encryptedPart(...ciphertext: Buffer[]): Buffer {
  const algorithm = sequence(oid('1.2.840.113549.1.12.1.3'), sequence(octets(Buffer.alloc(8)), integer(1)));
  return sequence(oid('1.2.840.113549.1.7.6'), context(0, sequence(integer(0), sequence(oid(DATA), algorithm, ...ciphertext))));
}

test('the friendly name may have letters of any script', () => {
  const identity = makeLeaf({ ca: makeCa() });
  expect(Pkcs12Bundle._fromBytes(makePkcs12({ identity, friendlyName: 'größe €😀' }), 'x').friendlyName).toBe('größe €😀');
});
