import { createHmac, timingSafeEqual } from 'crypto';
import { Asn1, MalformedError, Tag, at } from './der';
import { HASHES, HMACS, Purpose, RoundBudget, pbkdf2, pkcs12Kdf } from './key-derivation';
import { EncodedPassword } from './password';
import { Pkcs12Refusal } from './pkcs12-refusal';

const PBMAC1 = '1.2.840.113549.1.5.14';

/** A MAC key shorter than an HMAC-SHA-1 output proves nothing: an empty one fits every password (RFC 9579, section 5). */
const MIN_PBMAC1_KEY = 20;
const MAX_PBMAC1_KEY = 128;

/** Finds the encoding of the password that a file's MAC was made with. */
export function verifyMac(
  macData: Asn1, content: Buffer, candidates: readonly EncodedPassword[], budget: RoundBudget,
): EncodedPassword | undefined {
  const [digestInfo, salt, rounds] = macData.childrenOf(Tag.SEQUENCE);
  const [algorithm, digest] = at([digestInfo], 0).childrenOf(Tag.SEQUENCE);
  const [identifier, parameters] = at([algorithm], 0).childrenOf(Tag.SEQUENCE);
  const expected = at([digest], 0).expect(Tag.OCTET_STRING).content;
  const oid = at([identifier], 0).oid;
  const fits = (mac: Buffer) => mac.length === expected.length && timingSafeEqual(mac, expected);
  if (oid === PBMAC1) {
    // The encodings differ for the derivation of PKCS#12 only.
    const [password] = candidates;
    return fits(pbmac1(at([parameters], 0), content, password, budget)) ? password : undefined;
  }
  const compute = hmacOverKdf(oid, at([salt], 0).expect(Tag.OCTET_STRING).content, rounds?.integer ?? 1n, content, budget);
  return candidates.find((password) => fits(compute(password)));
}

function hmacOverKdf(
  oid: string,
  salt: Buffer,
  declaredRounds: bigint,
  content: Buffer,
  budget: RoundBudget,
): (password: EncodedPassword) => Buffer {
  const digest = HASHES.get(oid);
  if (!digest) {
    throw new Pkcs12Refusal(
      'content',
      `protects its integrity with the hash ${oid}, which is not read here: export it again with openssl pkcs12 -export`,
    );
  }
  const rounds = budget.take(declaredRounds);
  return ({ bmp }) => {
    const length = createHmac(digest.name, '').digest().length;
    return createHmac(digest.name, pkcs12Kdf(digest, bmp, salt, rounds, Purpose.MAC, length))
      .update(content)
      .digest();
  };
}

/** PBKDF2 in place of the PKCS#12 derivation, which FIPS 140-3 does not know (RFC 9579). */
function pbmac1(parameters: Asn1, content: Buffer, password: EncodedPassword, budget: RoundBudget): Buffer {
  const [derivation, scheme] = parameters.childrenOf(Tag.SEQUENCE);
  const prf = at(at([scheme], 0).childrenOf(Tag.SEQUENCE), 0).oid;
  const digest = HMACS.get(prf);
  if (!digest) {
    throw new Pkcs12Refusal(
      'content',
      `protects its integrity with the function ${prf}, which is not read here: export it again with openssl pkcs12 -export`,
    );
  }
  const options = at(at([derivation], 0).childrenOf(Tag.SEQUENCE), 1).childrenOf(Tag.SEQUENCE);
  const keyLength = options.slice(2).find(({ tag }) => tag === Tag.INTEGER)?.integer;
  if (keyLength === undefined || keyLength < MIN_PBMAC1_KEY || keyLength > MAX_PBMAC1_KEY) {
    throw new MalformedError(`its PBMAC1 key has no length between ${MIN_PBMAC1_KEY} and ${MAX_PBMAC1_KEY} bytes`);
  }
  return createHmac(digest, pbkdf2(derivation, password, Number(keyLength), budget)).update(content).digest();
}
