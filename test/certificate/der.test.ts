import { X509Certificate } from 'crypto';
import * as fc from 'fast-check';
import { Certificate } from '../../src/certificate/certificate';
import { Asn1, decodeBmp, MalformedError } from '../../src/certificate/der';
import { DistinguishedName } from '../../src/certificate/distinguished-name';
import { kindOf } from '../../src/certificate/file-kind';
import { der, integer, octets, oid, sequence, set, utf8 } from '../der-writer';
import { makeCa, makeLeaf, makePkcs12, pkcs8 } from '../pki';
import { fixture } from './fixture';

const hex = (text: string) => Buffer.from(text.replace(/ /g, ''), 'hex');

describe('DER, and what BER adds to it', () => {
  test('numbers and object identifiers come back as they were written', () => {
    const arc = fc.integer({ min: 0, max: 2 ** 31 });
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 500n }), (value) => {
      expect(Asn1.parse(integer(value)).integer).toBe(value);
    }));
    fc.assert(fc.property(fc.nat(1), fc.integer({ min: 0, max: 39 }), fc.array(arc, { maxLength: 8 }), (top, second, rest) => {
      const text = [top, second, ...rest].join('.');
      expect(Asn1.parse(oid(text)).oid).toBe(text);
    }));
    fc.assert(fc.property(arc, (second) => {
      expect(Asn1.parse(oid(`2.${second}`)).oid).toBe(`2.${second}`);
    }));
  });

  test.each<[string, string, (value: Asn1) => unknown, unknown]>([
    ['a length in one byte', '04 7f' + 'aa'.repeat(127), ({ content }) => content.length, 127],
    ['a length in two bytes', '04 81 80' + 'aa'.repeat(128), ({ content }) => content.length, 128],
    ['a length with leading zeros', '04 83 000001 aa', ({ content }) => content.toString('hex'), 'aa'],
    ['a length in six bytes', '04 86 000000000001 aa', ({ content }) => content.toString('hex'), 'aa'],
    ['an indefinite length', '30 80 0401aa 0401bb 0000', ({ children }) => children.map(({ content }) => content.toString('hex')), ['aa', 'bb']],
    ['indefinite lengths in one another', '30 80 30 80 0401aa 0000 0000', ({ raw }) => raw.length, 11],
    ['a string in pieces', '24 80 0402aabb 2403 0401cc 0000', ({ octets: all }) => all.toString('hex'), 'aabbcc'],
    ['the number 0', '02 01 00', ({ integer: value }) => value, 0n],
    ['the largest first byte of a number', '02 01 7f', ({ integer: value }) => value, 127n],
    ['64 bytes of a number', `02 40 ${'01'.repeat(64)}`, ({ integer: value }) => value > 0n, true],
    ['64 bytes of an identifier', `06 40 2a${'01'.repeat(63)}`, ({ oid: text }) => text, `1.2${'.1'.repeat(63)}`],
    ['0.39', '06 01 27', ({ oid: text }) => text, '0.39'],
    ['1.0', '06 01 28', ({ oid: text }) => text, '1.0'],
    ['1.39', '06 01 4f', ({ oid: text }) => text, '1.39'],
    ['2.0', '06 01 50', ({ oid: text }) => text, '2.0'],
  ])('%s is read', (_, text, read, expected) => {
    expect(read(Asn1.parse(hex(text)))).toEqual(expected);
  });

  test.each<[string, string, (value: Asn1) => unknown, string]>([
    ['nothing', '', String, 'it is cut off'],
    ['a tag alone', '30', String, 'it is cut off'],
    ['a content that is too short', '04 02 aa', String, 'it is cut off'],
    ['a length that is too short', '04 82 01', String, 'a length is broken'],
    ['a length in seven bytes', '04 87 00000000000001 aa', String, 'a length is broken'],
    ['what follows', '04 01 aa bb', String, '1 bytes follow the end of its data'],
    ['a tag of several bytes', '1f 01 aa', String, 'type 0x1f has no place in it'],
    ['a tag 0', '00 01 aa', String, 'type 0x00 has no place in it'],
    ['a plain value without length', '04 80 0000', String, 'a plain value has no length'],
    ['no end of an indefinite length', '30 80 0401aa', String, 'it is cut off'],
    ['half an end of an indefinite length', '30 80 0401aa 00', String, 'it is cut off'],
    ['children of a plain value', '04 01 aa', ({ children }) => children, 'a plain value stands where a structure belongs'],
    ['another type', '04 01 aa', (value) => value.expect(0x0c), 'a value of type 0x04 stands where 0x0c belongs'],
    ['an empty number', '02 00', ({ integer: value }) => value, 'a number is negative, empty or too long'],
    ['a negative number', '02 01 80', ({ integer: value }) => value, 'a number is negative, empty or too long'],
    ['a number of 65 bytes', `02 41 ${'01'.repeat(65)}`, ({ integer: value }) => value, 'a number is negative, empty or too long'],
    ['an empty identifier', '06 00', ({ oid: value }) => value, 'an object identifier is broken'],
    ['an identifier that does not end', '06 02 2a 80', ({ oid: value }) => value, 'an object identifier is broken'],
    ['an identifier of 65 bytes', `06 41 ${'01'.repeat(65)}`, ({ oid: value }) => value, 'an object identifier is broken'],
  ])('%s is refused', (_, text, read, message) => {
    expect(() => read(Asn1.parse(hex(text)))).toThrow(new MalformedError(message));
  });

  test('32 levels are enough for anyone, and 33 are not', () => {
    const nested = (depth: number): Buffer => (depth === 0 ? octets(Buffer.alloc(1)) : sequence(nested(depth - 1)));
    const deepest = (value: Asn1): number => (value.tag === 0x30 ? 1 + deepest(value.children[0]) : 0);
    expect(deepest(Asn1.parse(nested(32)))).toBe(32);
    expect(() => deepest(Asn1.parse(nested(33)))).toThrow(new MalformedError('it nests more than 32 deep'));
    const indefinite = `${'3080'.repeat(33)}0401aa${'0000'.repeat(33)}`;
    expect(() => Asn1.parse(hex(indefinite))).toThrow(new MalformedError('it nests more than 32 deep'));
  });

  test('a two-byte text of three bytes', () => {
    expect(() => decodeBmp(Buffer.alloc(3))).toThrow(new MalformedError('a two-byte text has an odd number of bytes'));
  });
});

describe('names', () => {
  const ca = makeCa();

  /** What OpenSSL makes of a subject, as Node.js hands it out. */
  function byOpenSsl(subject: Buffer): string {
    const made = makeLeaf({ ca });
    // The subject of a certificate is not checked when it is read, so that the signature may be of another.
    const at = made.certificate.indexOf(made.subject);
    expect(at).toBeGreaterThan(0);
    const [tbs, ...rest] = Asn1.parse(made.certificate).children;
    const parts = tbs.children.map(({ raw }) => (raw.equals(made.subject) ? subject : raw));
    return new X509Certificate(sequence(sequence(...parts), ...rest.map(({ raw }) => raw))).subject;
  }

  test.each([
    '2.5.4.3', '2.5.4.4', '2.5.4.5', '2.5.4.6', '2.5.4.7', '2.5.4.8', '2.5.4.9', '2.5.4.10', '2.5.4.11', '2.5.4.12', '2.5.4.13', '2.5.4.15',
    '2.5.4.17', '2.5.4.41', '2.5.4.42', '2.5.4.43', '2.5.4.44', '2.5.4.46', '2.5.4.65', '2.5.4.97', '1.2.840.113549.1.9.1',
    '1.2.840.113549.1.9.2', '0.9.2342.19200300.100.1.1', '0.9.2342.19200300.100.1.25',
  ])('%s has the short name that OpenSSL gives it', (id) => {
    const subject = sequence(set(sequence(oid(id), utf8('x'))));
    expect(new DistinguishedName(Asn1.parse(subject)).toString()).toBe(byOpenSsl(subject));
  });

  test.each<[string, Buffer, string]>([
    ['UTF8String', der(0x0c, Buffer.from('ä€')), 'CN=ä€'],
    ['PrintableString', der(0x13, Buffer.from('a b')), 'CN=a b'],
    ['T61String', der(0x14, Buffer.from([0xe4])), 'CN=ä'],
    ['IA5String', der(0x16, Buffer.from('a@b')), 'CN=a@b'],
    ['NumericString', der(0x12, Buffer.from('12 3')), 'CN=12 3'],
    ['VisibleString', der(0x1a, Buffer.from('a')), 'CN=a'],
    ['BMPString', der(0x1e, Buffer.from('00e4', 'hex')), 'CN=ä'],
    ['UniversalString', der(0x1c, Buffer.from('0001f600000000e4', 'hex')), 'CN=😀ä'],
    ['UniversalString with the last of Unicode', der(0x1c, Buffer.from('0010ffff', 'hex')), 'CN=\u{10ffff}'],
    ['no string', octets(Buffer.from('a')), 'CN=#040161'],
    ['what has to be escaped', utf8('#a,b+c"d\\e<f>g;h '), 'CN=\\#a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h\\ '],
    ['control characters', utf8('a\x00\x1b\x7f\x9f'), 'CN=a\\00\\1B\\7F\\9F'],
  ])('%s', (_, value, expected) => {
    expect(new DistinguishedName(Asn1.parse(sequence(set(sequence(oid('2.5.4.3'), value))))).toString()).toBe(expected);
  });

  test.each<[string, string, string]>([
    ['a four-byte text of five bytes', '1c05 0000006100', 'a four-byte text has a broken length'],
    ['beyond Unicode', '1c04 00110000', 'a text holds no Unicode'],
  ])('%s', (_, value, message) => {
    expect(() => new DistinguishedName(Asn1.parse(sequence(set(sequence(oid('2.5.4.3'), hex(value)))))))
      .toThrow(new MalformedError(message));
  });

  const name = (...attributes: [string, Buffer][][]) => new DistinguishedName(Asn1.parse(
    sequence(...attributes.map((rdn) => set(...rdn.map(([id, value]) => sequence(oid(id), value))))),
  ));
  const [cn, o] = ['2.5.4.3', '2.5.4.10'];

  test('letter case, spaces and the type of a string do not tell names apart', () => {
    const one = name([[cn, utf8('Example  CA ')], [o, utf8('X')]]);
    expect(one.key).toBe(name([[o, der(0x13, Buffer.from('x'))], [cn, der(0x13, Buffer.from(' example ca'))]]).key);
  });

  test.each<[string, DistinguishedName, DistinguishedName]>([
    ['another value', name([[cn, utf8('a')]]), name([[cn, utf8('b')]])],
    ['another attribute', name([[cn, utf8('a')]]), name([[o, utf8('a')]])],
    ['another order', name([[cn, utf8('a')]], [[o, utf8('b')]]), name([[o, utf8('b')]], [[cn, utf8('a')]])],
    ['one part of two, or two of one', name([[cn, utf8('a')], [o, utf8('b')]]), name([[cn, utf8('a')]], [[o, utf8('b')]])],
    ['words apart or together', name([[cn, utf8('a b')]]), name([[cn, utf8('ab')]])],
    ['other bytes of what is no text', name([[cn, octets(Buffer.from('a'))]]), name([[cn, octets(Buffer.from('b'))]])],
  ])('%s does', (_, one, other) => {
    expect(one.key).not.toBe(other.key);
  });

  test('a certificate whose key no one knows has a type of its own', () => {
    const made = makeLeaf({ ca });
    const [tbs, ...rest] = Asn1.parse(made.certificate).children;
    const key = sequence(sequence(oid('1.2.3.4')), der(0x03, Buffer.from([0, 1])));
    const parts = tbs.children.map((part, i) => (i === 6 ? key : part.raw));
    const certificate = Certificate.parse(sequence(sequence(...parts), ...rest.map(({ raw }) => raw)));
    expect([certificate.keyType, certificate.keyBits, certificate.isSelfSigned]).toEqual(['unknown', undefined, false]);
  });
});

test.each<[string, Buffer | string]>([
  ['pem', '-----BEGIN CERTIFICATE-----'],
  ['pkcs12', fixture('openssl3.p12')],
  ['pkcs12', makePkcs12({ identity: makeLeaf({ ca: makeCa() }) })],
  ['java keystore', fixture('java.jks')],
  ['java keystore', hex('cececece 00000002')],
  ['binary', hex('00 feedfeed')],
  ['certificate', makeCa().certificate],
  ['private key', pkcs8(makeCa().key)],
  ['private key', makeCa().key.export({ format: 'der', type: 'pkcs1' })],
  ['private key', makeCa({ keyKind: 'ec', cn: 'EC' }).key.export({ format: 'der', type: 'sec1' })],
  ['pkcs7', fixture('ca.p7b')],
  ['binary', sequence(oid('1.2.840.113549.1.7.1'))],
  ['binary', sequence(integer(3), octets(Buffer.alloc(1)))],
  ['binary', sequence(integer(2), sequence())],
  ['binary', sequence(sequence(), sequence())],
  ['binary', hex('61 00')],
  ['binary', hex('ff')],
  ['text', 'secret\n'],
  ['text', ''],
])('a file is taken for what it is: %s', (kind, content) => {
  expect(kindOf(Buffer.from(content))).toBe(kind);
});
