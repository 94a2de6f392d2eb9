import { createPublicKey, constants, KeyObject, sign, X509Certificate } from 'crypto';
import { Asn1 } from '../../src/certificate/der';
import { signatureHash } from '../../src/certificate/signature-hash';
import { bits, context, integer, nothing, oid, sequence } from '../der-writer';
import { makeCa, testKey } from '../pki';

/** A certificate that is signed by this hash under this algorithm; OpenSSL says whether the two belong together. */
function verifies(algorithm: Buffer, key: KeyObject, hash: string, salt?: number): boolean {
  const made = makeCa({ key });
  const [tbs] = Asn1.parse(made.certificate).children;
  const unsigned = sequence(...tbs.children.map(({ raw }, i) => (i === 2 ? algorithm : raw)));
  const padding = salt === undefined ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt };
  const signature = sign(hash === 'none' ? undefined : hash, unsigned, { key, ...padding });
  return new X509Certificate(sequence(unsigned, algorithm, bits(signature))).verify(createPublicKey(key));
}

const [rsa, ec, ed25519] = (['rsa-2048', 'ec', 'ed25519'] as const).map((kind) => testKey(kind, 'signature-hash'));

test.each<[string, KeyObject]>([
  ['1.2.840.113549.1.1.4', rsa], ['1.2.840.113549.1.1.5', rsa], ['1.3.14.3.2.29', rsa], ['1.2.840.113549.1.1.14', rsa],
  ['1.2.840.113549.1.1.11', rsa], ['1.2.840.113549.1.1.12', rsa], ['1.2.840.113549.1.1.13', rsa],
  ['1.2.840.10045.4.1', ec], ['1.2.840.10045.4.3.1', ec], ['1.2.840.10045.4.3.2', ec], ['1.2.840.10045.4.3.3', ec], ['1.2.840.10045.4.3.4', ec],
  ['1.3.101.112', ed25519],
])('%s: OpenSSL verifies with the hash that is named', (id, key) => {
  const algorithm = key === rsa ? sequence(oid(id), nothing) : sequence(oid(id));
  const hash = signatureHash(Asn1.parse(algorithm));
  expect(verifies(algorithm, key, hash)).toBe(true);
  if (hash !== 'none') expect(verifies(algorithm, key, hash === 'sha256' ? 'sha384' : 'sha256')).toBe(false);
});

test.each([
  ['sha224', '2.16.840.1.101.3.4.2.4'], ['sha256', '2.16.840.1.101.3.4.2.1'], ['sha384', '2.16.840.1.101.3.4.2.2'],
  ['sha512', '2.16.840.1.101.3.4.2.3'],
])('RSASSA-PSS with %s', (name, id) => {
  const hash = sequence(oid(id), nothing);
  const algorithm = sequence(oid('1.2.840.113549.1.1.10'), sequence(
    context(0, hash), context(1, sequence(oid('1.2.840.113549.1.1.8'), hash)), context(2, integer(32)),
  ));
  expect(signatureHash(Asn1.parse(algorithm))).toBe(name);
  expect(verifies(algorithm, rsa, name, 32)).toBe(true);
});

test('RSASSA-PSS without parameters means SHA-1, as OpenSSL takes it', () => {
  const algorithm = sequence(oid('1.2.840.113549.1.1.10'), sequence());
  expect(signatureHash(Asn1.parse(algorithm))).toBe('sha1');
  expect(verifies(algorithm, rsa, 'sha1', 20)).toBe(true);
});

test.each([
  ['md2', '1.2.840.113549.1.1.2'], ['sha1', '1.2.840.10040.4.3'], ['sha256', '2.16.840.1.101.3.4.3.2'], ['none', '1.3.101.113'],
  ['1.2.3', '1.2.3'],
])('what OpenSSL does not sign with any more, or nobody has: %s', (name, id) => {
  expect(signatureHash(Asn1.parse(sequence(oid(id))))).toBe(name);
});

test('an unknown hash of RSASSA-PSS is named by its id', () => {
  const parameters = sequence(context(0, sequence(oid('1.2.3'))));
  expect(signatureHash(Asn1.parse(sequence(oid('1.2.840.113549.1.1.10'), parameters)))).toBe('1.2.3');
});
