import { createCipheriv, createHash, getCipherInfo, pbkdf2Sync } from 'crypto';
import { fixture } from './fixture';
import { Asn1 } from '../../src/certificate/der';
import { HASHES, HMACS, pkcs12Kdf, RoundBudget } from '../../src/certificate/key-derivation';
import { encodings } from '../../src/certificate/password';
import { decrypt } from '../../src/certificate/pbe';
import { integer, nothing, octets, oid, sequence } from '../der-writer';

const PASSWORD = 'größe';
const SALT = Buffer.from('pepper and salt');
const TEXT = Buffer.from('a private key of forty-one bytes, or so..');
const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const AES_256 = '2.16.840.1.101.3.4.1.42';

/** RFC 8018, appendix B.1.2, and RFC 9231 for what OpenSSL has beside it. */
const PRFS = [
  ['1.2.840.113549.2.7', 'sha1'], ['1.2.840.113549.2.8', 'sha224'], ['1.2.840.113549.2.9', 'sha256'], ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'], ['1.2.840.113549.2.12', 'sha512-224'], ['1.2.840.113549.2.13', 'sha512-256'],
] as const;

/** What OpenSSL calls by these ids is asked of OpenSSL; the names are ours. */
const CIPHERS: readonly (readonly [id: string, name: string, isLegacy: boolean])[] = [
  ['2.16.840.1.101.3.4.1.2', 'AES-128', false], ['2.16.840.1.101.3.4.1.22', 'AES-192', false], [AES_256, 'AES-256', false],
  ['1.2.392.200011.61.1.1.1.2', 'Camellia-128', false], ['1.2.392.200011.61.1.1.1.3', 'Camellia-192', false],
  ['1.2.392.200011.61.1.1.1.4', 'Camellia-256', false], ['1.2.840.113549.3.7', '3DES', true],
];

interface Encrypted {
  readonly cipher?: string;
  readonly prf?: string;
  /** No PRF is written: it is HMAC with SHA-1 then. */
  readonly withoutPrf?: boolean;
  readonly keyLength?: number;
  readonly derivation?: string;
  readonly rounds?: number;
  readonly iv?: Buffer;
  readonly ciphertext?: Buffer;
}

/** What PBES2 makes of the text, encrypted by OpenSSL. */
function encrypted(props: Encrypted): { readonly algorithm: Asn1; readonly ciphertext: Buffer } {
  const { cipher = AES_256, prf = '1.2.840.113549.2.9', derivation = PBKDF2, rounds = 3 } = props;
  // What is refused by its id alone may hold anything.
  const info = getCipherInfo(CIPHERS.some(([id]) => id === cipher) ? cipher : AES_256)!;
  const digest = props.withoutPrf ? 'sha1' : PRFS.find(([id]) => id === prf)?.[1] ?? 'sha256';
  const iv = props.iv ?? createHash('sha256').update(cipher).digest().subarray(0, info.ivLength);
  const made = createCipheriv(info.name, pbkdf2Sync(PASSWORD, SALT, rounds, info.keyLength, digest), iv.subarray(0, info.ivLength));
  const parameters = sequence(
    octets(SALT), integer(rounds), ...props.keyLength === undefined ? [] : [integer(props.keyLength)],
    ...props.withoutPrf ? [] : [sequence(oid(prf), nothing)],
  );
  return {
    algorithm: Asn1.parse(sequence(oid(PBES2), sequence(sequence(oid(derivation), parameters), sequence(oid(cipher), octets(iv))))),
    ciphertext: props.ciphertext ?? Buffer.concat([made.update(TEXT), made.final()]),
  };
}

function open(props: Encrypted, password = PASSWORD): ReturnType<typeof decrypt> {
  const { algorithm, ciphertext } = encrypted(props);
  return decrypt(algorithm, ciphertext, encodings(Buffer.from(password))[0], new RoundBudget());
}

describe('what OpenSSL encrypts with PBES2 is decrypted', () => {
  test.each(CIPHERS)('%s: %s', (cipher, name, legacy) => {
    expect(open({ cipher })).toEqual({ plaintext: TEXT, cipher: name, legacy });
    const { keyLength } = getCipherInfo(cipher)!;
    expect(open({ cipher, keyLength }).plaintext).toEqual(TEXT);
    expect(() => open({ cipher, keyLength: keyLength + 1 })).toThrow('the length of a key does not fit its cipher');
  });

  test.each(PRFS)('%s: keys by HMAC with %s', (prf, name) => {
    expect(open({ prf }).plaintext).toEqual(TEXT);
    expect(HMACS.get(prf)).toBe(name);
  });

  test('a file that names no function means SHA-1', () => {
    expect(open({ withoutPrf: true }).plaintext).toEqual(TEXT);
  });
});

describe('what is refused of an encrypted part, by name', () => {
  const again = 'export it again with openssl pkcs12 -export';
  const unread = (what: string) => `is encrypted with ${what}, which is not read here: export it again with OpenSSL 3 (openssl pkcs12 -export)`;

  test.each<[string, Encrypted, string]>([
    ['scrypt', { derivation: '1.3.6.1.4.1.11591.4.11' }, `derives its keys with scrypt, which NSS on the nodes does not read: ${again}`],
    ['a derivation', { derivation: '1.2.3.4' }, `derives its keys with 1.2.3.4, which NSS on the nodes does not read: ${again}`],
    ['a function', { prf: '1.2.3.5' }, `derives its keys with the function 1.2.3.5, which is not known: ${again}`],
    ['RC2 in PBES2', { cipher: '1.2.840.113549.3.2' }, unread('RC2 in PBES2')],
    ['DES', { cipher: '1.3.14.3.2.7' }, unread('DES')],
    ['a cipher', { cipher: '1.2.3.6' }, unread('the algorithm 1.2.3.6')],
    ['a long vector', { iv: Buffer.alloc(17) }, 'an initialization vector has the wrong length'],
    ['nothing encrypted', { ciphertext: Buffer.alloc(0) }, 'an encrypted part has a broken length'],
    ['a part of a block', { ciphertext: Buffer.alloc(17) }, 'an encrypted part has a broken length'],
  ])('%s', (_, props, message) => {
    expect(() => open(props)).toThrow(expect.objectContaining({ message }));
  });

  test.each<[string, string]>([
    ['1.2.840.113549.1.12.1.1', 'RC4-128'], ['1.2.840.113549.1.12.1.2', 'RC4-40'],
    ['1.2.840.113549.1.5.3', 'DES with MD5'], ['1.2.840.113549.1.5.10', 'DES with SHA-1'],
  ])('%s: %s', (id, name) => {
    const algorithm = Asn1.parse(sequence(oid(id), sequence(octets(SALT), integer(1))));
    expect(() => decrypt(algorithm, Buffer.alloc(8), encodings(Buffer.from('x'))[0], new RoundBudget()))
      .toThrow(expect.objectContaining({ message: unread(name) }));
  });

  test('another password, told by the padding', () => {
    const wrong = Array.from({ length: 8 }, (_, i) => () => open({}, `wrong ${i}`));
    const message = 'opens with the password, but a part in it does not: it was encrypted with another password or is damaged; export it again';
    for (const attempt of wrong) expect(attempt).toThrow(expect.objectContaining({ message }));
  });

  test.each([['none', 0], ['more than a block', 17]])('padding of %s', (_, count) => {
    const info = getCipherInfo(AES_256)!;
    const iv = Buffer.alloc(16);
    const made = createCipheriv(info.name, pbkdf2Sync(PASSWORD, SALT, 3, 32, 'sha256'), iv).setAutoPadding(false);
    const ciphertext = Buffer.concat([made.update(Buffer.alloc(32, count)), made.final()]);
    expect(() => open({ iv, ciphertext })).toThrow('opens with the password, but a part in it does not');
  });

  test('padding of a whole block is right', () => {
    const made = createCipheriv('aes-256-cbc', pbkdf2Sync(PASSWORD, SALT, 3, 32, 'sha256'), Buffer.alloc(16));
    const ciphertext = Buffer.concat([made.update(Buffer.alloc(16, 7)), made.final()]);
    expect(open({ iv: Buffer.alloc(16), ciphertext }).plaintext).toEqual(Buffer.alloc(16, 7));
  });
});

describe('the key derivation of PKCS#12', () => {
  const recorded = fixture('pkcs12-kdf.txt').toString().trimEnd().split('\n');

  test.each(recorded.map((line) => line.split(' ')))('%s, purpose %s, as openssl kdf says', (digest, purpose, key) => {
    const hash = [...HASHES.values()].find(({ name }) => name === digest.toLowerCase())!;
    const password = Buffer.from('0073006500630072006500740000', 'hex');
    expect(pkcs12Kdf(hash, password, Buffer.from('0102030405060708ff', 'hex'), 3, Number(purpose), 70).toString('hex')).toBe(key);
  });

  test('each id is the hash that OpenSSL has under it', () => {
    const digestOf = (algorithm: string) => createHash(algorithm).update('a').digest('hex');
    for (const [id, { name }] of HASHES) expect([id, digestOf(id)]).toEqual([id, digestOf(name)]);
    expect(HASHES.size).toBe(7);
  });
});
