import { X509Certificate } from 'crypto';
import { fixture } from './fixture';
import { Certificate } from '../../src/certificate/certificate';
import { Asn1, MalformedError, Tag } from '../../src/certificate/der';
import { decodePem, readPem } from '../../src/certificate/pem';
import { der, integer, octets, sequence } from '../der-writer';
import { makeCa, makeLeaf, testKey } from '../pki';

function load(name: string): Certificate {
  return Certificate.parse(decodePem(readPem(fixture(`${name}.pem`).toString()).blocks[0]));
}

/** What `openssl x509` printed for each fixture (fixtures/make.sh). */
function opensslFacts(): [string, Record<string, string>][] {
  return fixture('openssl-facts.txt').toString().split(/^\[/m).slice(1).map((section) => {
    const [name, ...lines] = section.trimEnd().split('\n');
    return [
      name.replace(']', ''),
      Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
    ];
  });
}

describe('Certificate', () => {
  test.each(opensslFacts())('%s says what openssl x509 prints', (name, facts) => {
    const certificate = load(name);
    const date = (time: Date) => time.toISOString().replace('T', ' ').replace('.000', '');
    expect({
      'subject': certificate.subject.toString(),
      'issuer': certificate.issuer.toString(),
      'serial': certificate.serialNumber,
      'sha256 Fingerprint': certificate.fingerprintSha256,
      'notBefore': date(certificate.notBefore),
      'notAfter': date(certificate.notAfter),
    }).toEqual(facts);
  });

  test.each<[string, string, number | undefined, string]>([
    ['leaf', 'rsa', 2048, 'sha256'],
    ['under-intermediate', 'rsa', 2048, 'sha384'],
    ['pss', 'rsa', 2048, 'sha256'],
    ['ec', 'ec', 256, 'sha256'],
    ['ed25519', 'ed25519', undefined, 'sha512'],
  ])('%s has a key of type %s with %p bits and is signed over %s', (name, type, size, hash) => {
    const { keyType, keyBits, signatureHash } = load(name);
    expect([keyType, keyBits, signatureHash]).toEqual([type, size, hash]);
  });

  // Zero, which no CA should give, and one whose first bit is set, before which DER has a byte of zeros that is no part of it.
  test.each([0, 1, 127, 128, 255, 256, 65_535])('serial number %d, as OpenSSL prints it', (serial) => {
    const { certificate } = makeCa({ serial });
    expect(Certificate.parse(certificate).serialNumber).toBe(new X509Certificate(certificate).serialNumber.padStart(2, '0'));
  });

  test('names and usages, as openssl put them in', () => {
    const { dnsNames, ipAddresses, keyUsage, extendedKeyUsage, isCa } = load('leaf');
    expect({ dnsNames, ipAddresses, keyUsage, extendedKeyUsage, isCa }).toEqual({
      dnsNames: ['node1.example.com', 'node1'],
      ipAddresses: ['192.0.2.1', '2001:db8:0:0:0:0:0:1'],
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
      isCa: false,
    });
    expect([load('ca').isCa, load('ca').isSelfSigned, load('intermediate').isCa, load('intermediate').isSelfSigned]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test('the common name is exact, not searched for in a text', () => {
    expect(load('odd-subject').subject.commonNames).toEqual(['a.example.com']);
    const ca = makeCa();
    expect(Certificate.parse(makeLeaf({ ca, cn: 'x, CN=ovs_y' }).certificate).subject.commonNames).toEqual(['x, CN=ovs_y']);
  });

  test.each(['491231235959Z', '500101000000Z', '991231235959Z', '000101000000Z'])(
    'two digits of a year (%s) are of the century that OpenSSL says',
    (time) => {
      const bytes = Buffer.from(load('leaf').der);
      bytes.write(time, bytes.toString('latin1').search(/\x17\x0d\d{12}Z/) + 2, 'latin1');
      expect(Certificate.parse(bytes).notBefore).toEqual(new Date(new X509Certificate(bytes).validFrom));
    },
  );

  test('a control character never reaches a terminal', () => {
    expect(Certificate.parse(makeLeaf({ ca: makeCa(), cn: 'a\x1b[31m\n\x7f' }).certificate).subject.toString()).toBe(
      'CN=a\\1B[31m\\0A\\7F,O=Test',
    );
  });

  test('signed by means the name, the right to sign and the signature', () => {
    const ca = makeCa();
    const impostor = makeCa({ key: testKey('rsa-2048', 'impostor') });
    const powerless = makeCa({ basicConstraints: false, keyUsage: [0], key: ca.key });
    const leaf = Certificate.parse(makeLeaf({ ca }).certificate);
    const signedBy = [ca, impostor, powerless].map(({ certificate }) => leaf.issuedBy(Certificate.parse(certificate)));
    expect(signedBy).toEqual([true, false, false]);
    expect(Certificate.parse(makeLeaf({ ca, keyKind: 'ec' }).certificate).issuedBy(leaf)).toBe(false);
  });

  test('a PSS signature verifies', () => {
    expect(load('pss').issuedBy(load('ca'))).toBe(true);
  });

  test.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'it is cut off'],
    ['half of one', load('leaf').der.subarray(0, 500), 'it is cut off'],
    ['one with more behind it', Buffer.concat([load('leaf').der, Buffer.from('more')]), '4 bytes follow the end of its data'],
    ['another structure', sequence(integer(1)), 'a value of type 0x02 stands where 0x30 belongs'],
    ['a plain value', der(0x04, Buffer.from('x')), 'a value of type 0x04 stands where 0x30 belongs'],
  ])('%s is no certificate', (_, bytes, message) => {
    expect(() => Certificate.parse(bytes)).toThrow(new MalformedError(message));
  });
});

test('what OpenSSL does not take is none, though the fields that are read here are in order', () => {
  const { certificate } = makeLeaf({ ca: makeCa() });
  const [tbs, algorithm] = Asn1.parse(certificate).childrenOf(Tag.SEQUENCE);
  expect(() => Certificate.parse(sequence(tbs.raw, algorithm.raw, octets(Buffer.alloc(256))))).toThrow(
    expect.objectContaining({ name: new MalformedError('').name, message: 'OpenSSL does not take it as a certificate' }),
  );
});
