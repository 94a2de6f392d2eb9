import { createDecipheriv } from 'crypto';
import { Asn1, MalformedError, Tag, at } from './der';
import { HASHES, Purpose, RoundBudget, pbkdf2, pkcs12Kdf } from './key-derivation';
import { EncodedPassword } from './password';
import { Pkcs12Refusal } from './pkcs12-refusal';

interface Cipher {
  /** As a person calls it. */
  readonly name: string;
  /** As OpenSSL calls it; RC2 is no longer in OpenSSL 3's default provider. */
  readonly algorithm: string | 'rc2';
  readonly keyLength: number;
  readonly ivLength: number;
  /** Refused where NSS runs in FIPS mode. */
  readonly legacy?: boolean;
}

/** Ciphers that PKCS#12 names with their own derivation (RFC 7292, appendix C). */
const PKCS12_CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  ['1.2.840.113549.1.12.1.3', { name: '3DES', algorithm: 'des-ede3-cbc', keyLength: 24, ivLength: 8, legacy: true }],
  ['1.2.840.113549.1.12.1.4', { name: 'two-key 3DES', algorithm: 'des-ede-cbc', keyLength: 16, ivLength: 8, legacy: true }],
  ['1.2.840.113549.1.12.1.5', { name: 'RC2-128', algorithm: 'rc2', keyLength: 16, ivLength: 8, legacy: true }],
  ['1.2.840.113549.1.12.1.6', { name: 'RC2-40', algorithm: 'rc2', keyLength: 5, ivLength: 8, legacy: true }],
]);

/** Ciphers that PBES2 names (RFC 8018, appendix B.2); Camellia because NSS writes it on request. */
const PBES2_CIPHERS: ReadonlyMap<string, Cipher> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'AES-128', algorithm: 'aes-128-cbc', keyLength: 16, ivLength: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'AES-192', algorithm: 'aes-192-cbc', keyLength: 24, ivLength: 16 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'AES-256', algorithm: 'aes-256-cbc', keyLength: 32, ivLength: 16 }],
  ['1.2.392.200011.61.1.1.1.2', { name: 'Camellia-128', algorithm: 'camellia-128-cbc', keyLength: 16, ivLength: 16 }],
  ['1.2.392.200011.61.1.1.1.3', { name: 'Camellia-192', algorithm: 'camellia-192-cbc', keyLength: 24, ivLength: 16 }],
  ['1.2.392.200011.61.1.1.1.4', { name: 'Camellia-256', algorithm: 'camellia-256-cbc', keyLength: 32, ivLength: 16 }],
  ['1.2.840.113549.3.7', { name: '3DES', algorithm: 'des-ede3-cbc', keyLength: 24, ivLength: 8, legacy: true }],
]);

/** Algorithms that are recognised only to be named in the refusal. */
const UNREAD: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.12.1.1', 'RC4-128'],
  ['1.2.840.113549.1.12.1.2', 'RC4-40'],
  ['1.2.840.113549.1.5.3', 'DES with MD5'],
  ['1.2.840.113549.1.5.10', 'DES with SHA-1'],
  ['1.2.840.113549.3.2', 'RC2 in PBES2'],
  ['1.3.14.3.2.7', 'DES'],
]);

const PBES2 = '1.2.840.113549.1.5.13';

/** What an encrypted part of a PKCS#12 file holds, and how it was encrypted. */
export interface Decrypted {
  readonly plaintext: Buffer;
  readonly cipher: string;
  readonly legacy: boolean;
}

/**
 * Decrypts a part of a PKCS#12 file.
 *
 * @param algorithm the AlgorithmIdentifier, which says cipher and derivation
 */
export function decrypt(algorithm: Asn1, ciphertext: Buffer, password: EncodedPassword, budget: RoundBudget): Decrypted {
  const [identifier, parameters] = algorithm.childrenOf(Tag.SEQUENCE);
  const oid = at([identifier], 0).oid;
  const { cipher, key, iv } = oid === PBES2 ? pbes2(parameters, password, budget) : pkcs12Pbe(oid, parameters, password, budget);
  if (ciphertext.length === 0 || ciphertext.length % cipher.ivLength !== 0) throw new MalformedError('an encrypted part has a broken length');
  const plaintext = cipher.algorithm === 'rc2' ? decryptRc2(key, iv, ciphertext) : decryptCbc(cipher.algorithm, key, iv, ciphertext);
  return { plaintext: unpad(plaintext, cipher.ivLength), cipher: cipher.name, legacy: cipher.legacy === true };
}

interface Keyed {
  readonly cipher: Cipher;
  readonly key: Buffer;
  readonly iv: Buffer;
}

function pbes2(parameters: Asn1 | undefined, password: EncodedPassword, budget: RoundBudget): Keyed {
  const [derivation, scheme] = at([parameters!], 0).childrenOf(Tag.SEQUENCE);
  const [identifier, iv] = at([scheme], 0).childrenOf(Tag.SEQUENCE);
  const cipher = knownCipher(PBES2_CIPHERS, at([identifier], 0).oid);
  const ivBytes = at([iv], 0).expect(Tag.OCTET_STRING).content;
  if (ivBytes.length !== cipher.ivLength) throw new MalformedError('an initialization vector has the wrong length');
  return { cipher, key: pbkdf2(at([derivation], 0), password, cipher.keyLength, budget), iv: ivBytes };
}

function pkcs12Pbe(oid: string, parameters: Asn1 | undefined, password: EncodedPassword, budget: RoundBudget): Keyed {
  const cipher = knownCipher(PKCS12_CIPHERS, oid);
  const [salt, count] = at([parameters!], 0).childrenOf(Tag.SEQUENCE);
  const saltBytes = at([salt], 0).expect(Tag.OCTET_STRING).content;
  const rounds = budget.take(at([count], 0).integer);
  const sha1 = HASHES.get('1.3.14.3.2.26')!;
  return {
    cipher,
    key: pkcs12Kdf(sha1, password.bmp, saltBytes, rounds, Purpose.KEY, cipher.keyLength),
    iv: pkcs12Kdf(sha1, password.bmp, saltBytes, rounds, Purpose.IV, cipher.ivLength),
  };
}

function knownCipher(ciphers: ReadonlyMap<string, Cipher>, oid: string): Cipher {
  const cipher = ciphers.get(oid);
  if (cipher) return cipher;
  throw new Pkcs12Refusal(
    'content',
    `is encrypted with ${UNREAD.get(oid) ?? `the algorithm ${oid}`}, which is not read here: `
      + 'export it again with OpenSSL 3 (openssl pkcs12 -export)',
  );
}

function decryptCbc(algorithm: string, key: Buffer, iv: Buffer, ciphertext: Buffer): Buffer {
  // Padding is judged in one place, below, so that no cipher tells more about a failure than another.
  const decipher = createDecipheriv(algorithm, key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

interface ForgeBuffer {
  getBytes(): string;
}

interface ForgeRc2 {
  createDecryptionCipher(key: string, effectiveBits: number): {
    readonly output: ForgeBuffer;
    start(iv: string): void;
    update(input: ForgeBuffer): void;
    finish(unpad: () => boolean): boolean;
  };
}

function decryptRc2(key: Buffer, iv: Buffer, ciphertext: Buffer): Buffer {
  // Loaded when a file needs it: few do, and every program that imports this library would pay.
  /* eslint-disable @typescript-eslint/no-require-imports */
  const rc2 = require('node-forge/lib/rc2') as ForgeRc2;
  const util = require('node-forge/lib/util') as { createBuffer(bytes: string): ForgeBuffer };
  /* eslint-enable @typescript-eslint/no-require-imports */
  const cipher = rc2.createDecryptionCipher(key.toString('latin1'), key.length * 8);
  cipher.start(iv.toString('latin1'));
  cipher.update(util.createBuffer(ciphertext.toString('latin1')));
  cipher.finish(() => true);
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}

function unpad(padded: Buffer, block: number): Buffer {
  const count = padded[padded.length - 1];
  if (count < 1 || count > block || !padded.subarray(-count).every((byte) => byte === count)) {
    throw new Pkcs12Refusal(
      'content',
      'opens with the password, but a part in it does not: it was encrypted with another password or is damaged; export it again',
    );
  }
  return padded.subarray(0, -count);
}
