import * as fc from 'fast-check';
import { fixture, passwordOf } from './fixture';
import { CaBundle, InputError, Pkcs12Bundle } from '../../src';
import { bundleProblems } from '../../src/certificate/bundle-problems';
import { Certificate } from '../../src/certificate/certificate';
import { Asn1, MalformedError } from '../../src/certificate/der';
import { decodePem, readPem } from '../../src/certificate/pem';
import { openPkcs12 } from '../../src/certificate/pkcs12';
import { Pkcs12Refusal } from '../../src/certificate/pkcs12-refusal';
import { bag, makeCa, makeLeaf, makePkcs12, pkcs8 } from '../pki';

/** Whatever comes in, a reader either reads it or refuses it with its own error, and soon. */
function refusesOrReads(read: () => unknown, ...expected: (new (...parameters: never[]) => Error)[]): void {
  const start = process.hrtime.bigint();
  try {
    read();
  } catch (error) {
    if (!expected.some((type) => error instanceof type)) throw error;
  }
  expect(Number(process.hrtime.bigint() - start) / 1e9).toBeLessThan(60);
}

const leaf = makeLeaf({ ca: makeCa(), dnsNames: ['a'], keyUsage: [0], extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] });

/** Bytes with bits flipped, a piece cut out or doubled, or a byte that may be a length set to an extreme. */
function mutationsOf(original: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat(original.length - 1);
  const edit: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
    fc
      .tuple(place, fc.oneof(fc.nat(255), fc.constantFrom(0x80, 0x81, 0x82, 0x84, 0x86, 0xff, 0x00)))
      .map(([at, value]) => (bytes: Buffer) => {
        bytes[at % bytes.length] = value;
        return bytes;
      }),
    place.map((at) => (bytes: Buffer) => bytes.subarray(0, at + 1)),
    fc.tuple(place, fc.nat(40)).map(([at, count]) => (bytes: Buffer) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)])),
    fc.tuple(place, fc.nat(40)).map(([at, count]) => (bytes: Buffer) => Buffer.concat([bytes.subarray(0, at + count), bytes.subarray(at)])),
  );
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => edits.reduce<Buffer>((bytes, change) => {
    const changed = change(bytes);
    return changed.length > 0 ? changed : bytes;
  }, Buffer.from(original)));
}

const anyBytes = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));

test('no byte string upsets the reader of PKCS#12', () => {
  fc.assert(fc.property(anyBytes, (bytes) => refusesOrReads(() => Pkcs12Bundle._fromBytes(bytes, 'x'), InputError)), { numRuns: 500 });
});

test('no byte string upsets the readers of DER and certificates', () => {
  const walk = (value: Asn1): unknown => value.children.forEach(walk);
  fc.assert(fc.property(anyBytes, (bytes) => {
    refusesOrReads(() => walk(Asn1.parse(bytes)), MalformedError);
    refusesOrReads(() => Certificate.parse(bytes), MalformedError);
  }), { numRuns: 1000 });
});

test('no text upsets the reader of PEM', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '-----BEGIN CERTIFICATE-----',
      '-----END CERTIFICATE-----',
      '-----BEGIN ',
      '-----BEGIN PRIVATE KEY-----',
      '-----',
      ...leaf.pem.split('\n'),
    ), fc.string(),
  );
  fc.assert(fc.property(fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n', '\r', ''), (lines, end) => {
    refusesOrReads(() => CaBundle.fromPem(lines.join(end)), InputError);
    refusesOrReads(() => readPem(lines.join(end)).blocks.map(decodePem), MalformedError);
    refusesOrReads(() => Pkcs12Bundle.fromBase64(lines.join(end)), InputError);
  }), { numRuns: 500 });
});

test.each(['openssl3', 'legacy', 'cert-manager-modern2026', 'key-in-clear'])('no change to %s upsets the reader', (name) => {
  fc.assert(fc.property(mutationsOf(fixture(`${name}.p12`)), (bytes) => {
    refusesOrReads(() => Pkcs12Bundle._fromBytes(bytes, 'x', passwordOf(name)), InputError);
  }), { numRuns: 150 });
});

// Few runs: each may spend the 600,000 rounds of the MAC. The structure in front of it is what indefinite lengths are about.
test('no change to a file by NSS upsets the reader', () => {
  const start = fixture('nss.p12').subarray(0, 200);
  fc.assert(fc.property(mutationsOf(start), (changed) => {
    refusesOrReads(
      () => Pkcs12Bundle._fromBytes(Buffer.concat([changed, fixture('nss.p12').subarray(200)]), 'x', Buffer.from('wrong')),
      InputError,
    );
  }), { numRuns: 8 });
});

test('no change beneath a right MAC upsets what comes after it', () => {
  const bags = Buffer.concat([bag('1', pkcs8(leaf.key), 'left_server'), makePkcs12({ identity: leaf }).subarray(60, 400)]);
  fc.assert(fc.property(mutationsOf(bags), (changed) => {
    const file = makePkcs12({ bags: [changed] });
    refusesOrReads(() => openPkcs12(file, Buffer.alloc(0)), Pkcs12Refusal, MalformedError);
    refusesOrReads(() => Pkcs12Bundle._fromBytes(file, 'x'), InputError);
  }), { numRuns: 500 });
});

test('no change to a certificate upsets those who read or judge it', () => {
  const ca = CaBundle.fromPem(makeCa().pem);
  fc.assert(fc.property(mutationsOf(leaf.certificate), (changed) => {
    refusesOrReads(() => {
      const bundle = Pkcs12Bundle._fromBytes(makePkcs12({ keys: [pkcs8(leaf.key)], certificates: [changed] }), 'x');
      bundleProblems(bundle, { nickname: 'left_server', caBundle: ca });
    }, InputError);
    refusesOrReads(() => Certificate.parse(changed).subject.key, MalformedError);
  }), { numRuns: 500 });
});

describe('inputs made to exhaust a reader', () => {
  const megabyte = 1024 * 1024;
  test.each<[string, Buffer]>([
    ['nesting without end', Buffer.alloc(megabyte, Buffer.from([0x30, 0x80]))],
    [
      'indefinite lengths one after the other',
      Buffer.concat([Buffer.from([0x30, 0x80]), Buffer.alloc(megabyte - 4, Buffer.from([0x30, 0x80, 0, 0])), Buffer.alloc(2)]),
    ],
    ['a length of 2^47', Buffer.from([0x30, 0x86, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['zeros', Buffer.alloc(megabyte)],
    ['a megabyte of BEGIN', Buffer.from('-----BEGIN CERTIFICATE-----\n'.repeat(37_000))],
    ['a megabyte of blocks', Buffer.from('-----BEGIN X-----\n-----END X-----\n'.repeat(31_000))],
    ['a BEGIN of a megabyte', Buffer.from(`-----BEGIN ${'A '.repeat(500_000)}`)],
    ['spaces', Buffer.from(`-----BEGIN CERTIFICATE-----${' '.repeat(megabyte - 100)}x`)],
  ])('%s', (_, bytes) => {
    refusesOrReads(() => Pkcs12Bundle._fromBytes(bytes, 'x'), InputError);
    refusesOrReads(() => CaBundle._fromBytes(bytes, 'x'), InputError);
    refusesOrReads(() => Certificate.parse(bytes), MalformedError);
  });

  test('hundreds of CAs of one name that signed nothing', () => {
    const one = makeCa({ cn: 'Same', keyKind: 'ec' });
    const cas = Array.from({ length: 300 }, (_, i) => makeCa({ cn: 'Same', key: one.key, issuer: i % 2 ? one : undefined }));
    const bundle = Pkcs12Bundle._fromBytes(makePkcs12({ identity: leaf, chain: cas, friendlyName: 'x' }), 'x');
    refusesOrReads(() => bundleProblems(bundle, { nickname: 'x', caBundle: CaBundle.fromPem(makeCa({ cn: 'Other' }).pem) }));
  });
});
