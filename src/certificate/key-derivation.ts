import { hash, pbkdf2Sync } from 'crypto';
import { Asn1, MalformedError, Tag, at } from './der';
import { EncodedPassword } from './password';
import { Pkcs12Refusal } from './pkcs12-refusal';

/**
 * Rounds that one file may ask for, all its derivations together. NSS writes 3 times 600,000; `openssl pkcs12 -iter 1000000`
 * 3 times a million. At a quarter of a microsecond a round
 * (three times that for 3DES, which derives three values) this is the most that a file can make a synthesis wait.
 */
const MAX_ROUNDS = 3_000_000n;

/** Counts the rounds of several files. */
export class RoundTotal {
  private spent = 0n;

  public constructor(private readonly most: bigint) {}

  public get isSpent(): boolean {
    return this.spent >= this.most;
  }

  public add(rounds: bigint): void {
    this.spent += rounds;
  }
}

/** Counts the rounds that a file asks for, before they are spent. */
export class RoundBudget {
  private asked = 0n;

  /** @param total where they are counted too */
  public constructor(private readonly total?: RoundTotal) {}

  public take(rounds: bigint): number {
    if (rounds < 1n) throw new MalformedError('it asks for no round of key derivation');
    this.asked += rounds;
    if (this.asked > MAX_ROUNDS) {
      const number = this.asked < 10n ** 18n ? `${this.asked} rounds` : 'more than 10^18 rounds';
      throw new Pkcs12Refusal(
        'content',
        `asks for ${number} of key derivation, and ${MAX_ROUNDS} are the most that are worth waiting for: `
          + 'export it again with fewer (openssl pkcs12 -export -iter 100000)',
      );
    }
    this.total?.add(rounds);
    return Number(rounds);
  }
}

/** Hashes by object identifier, with the length of the block that they work on. */
export const HASHES: ReadonlyMap<string, { readonly name: string; readonly block: number }> = new Map([
  ['1.3.14.3.2.26', { name: 'sha1', block: 64 }],
  ['2.16.840.1.101.3.4.2.4', { name: 'sha224', block: 64 }],
  ['2.16.840.1.101.3.4.2.1', { name: 'sha256', block: 64 }],
  ['2.16.840.1.101.3.4.2.2', { name: 'sha384', block: 128 }],
  ['2.16.840.1.101.3.4.2.3', { name: 'sha512', block: 128 }],
  ['2.16.840.1.101.3.4.2.5', { name: 'sha512-224', block: 128 }],
  ['2.16.840.1.101.3.4.2.6', { name: 'sha512-256', block: 128 }],
]);

/** HMACs that PBKDF2 and PBMAC1 name. */
export const HMACS: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
  ['1.2.840.113549.2.12', 'sha512-224'],
  ['1.2.840.113549.2.13', 'sha512-256'],
]);

export enum Purpose { KEY = 1, IV = 2, MAC = 3 }

/** The key derivation of PKCS#12 (RFC 7292, appendix B.2). */
export function pkcs12Kdf(
  algorithm: { readonly name: string; readonly block: number }, password: Buffer, salt: Buffer, rounds: number,
  purpose: Purpose, length: number,
): Buffer {
  const { name, block } = algorithm;
  const diversifier = Buffer.alloc(block, purpose);
  const input = Buffer.concat([fillBlocks(salt, block), fillBlocks(password, block)]);
  const output: Buffer[] = [];
  for (let have = 0; have < length;) {
    const digest = hash(name, Buffer.concat([diversifier, input]), 'buffer');
    // A text as result, written back into one buffer, takes less than half the time of a new buffer each round.
    for (let round = 1; round < rounds; round++) digest.write(hash(name, digest, 'binary'), 'binary');
    output.push(digest);
    have += digest.length;
    if (have < length) addToBlocks(input, fillBlocks(digest, block).subarray(0, block), block);
  }
  return Buffer.concat(output).subarray(0, length);
}

/** What PBKDF2 was told (RFC 8018, appendix A.2), applied to a password. */
export function pbkdf2(algorithm: Asn1, password: EncodedPassword, length: number, budget: RoundBudget): Buffer {
  const [identifier, parameters] = algorithm.childrenOf(Tag.SEQUENCE);
  const oid = at([identifier], 0).oid;
  if (oid !== '1.2.840.113549.1.5.12') {
    throw new Pkcs12Refusal(
      'content',
      `derives its keys with ${oid === '1.3.6.1.4.1.11591.4.11' ? 'scrypt' : oid}, which NSS on the nodes does not read: `
        + 'export it again with openssl pkcs12 -export',
    );
  }
  const [salt, count, ...options] = at([parameters], 0).childrenOf(Tag.SEQUENCE);
  const keyLength = options.find(({ tag }) => tag === Tag.INTEGER);
  if (keyLength && keyLength.integer !== BigInt(length)) throw new MalformedError('the length of a key does not fit its cipher');
  const prf = options.find(({ tag }) => tag === Tag.SEQUENCE);
  const prfOid = prf ? at(prf.children, 0).oid : '1.2.840.113549.2.7';
  const digest = HMACS.get(prfOid);
  if (!digest) {
    throw new Pkcs12Refusal(
      'content',
      `derives its keys with the function ${prfOid}, which is not known: export it again with openssl pkcs12 -export`,
    );
  }
  return pbkdf2Sync(password.utf8, at([salt], 0).expect(Tag.OCTET_STRING).content, budget.take(at([count], 0).integer), length, digest);
}

/** The bytes repeated until they fill whole blocks. */
function fillBlocks(bytes: Buffer, block: number): Buffer {
  return bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Adds a number and 1 to each block, as numbers of that many bytes; what overflows is dropped. */
function addToBlocks(blocks: Buffer, addend: Buffer, block: number): void {
  for (let start = 0; start < blocks.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      const sum = blocks[start + i] + addend[i] + carry;
      blocks[start + i] = sum % 256;
      carry = sum > 255 ? 1 : 0;
    }
  }
}
