import { Asn1, Tag, at } from './der';
import { HASHES } from './key-derivation';

const RSASSA_PSS = '1.2.840.113549.1.1.10';

/** Signature algorithms by object identifier, and the hash that each signs. */
const SIGNATURES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'md2'],
  ['1.2.840.113549.1.1.4', 'md5'],
  ['1.2.840.113549.1.1.5', 'sha1'],
  ['1.3.14.3.2.29', 'sha1'],
  ['1.2.840.113549.1.1.14', 'sha224'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10040.4.3', 'sha1'],
  ['2.16.840.1.101.3.4.3.2', 'sha256'],
  ['1.2.840.10045.4.1', 'sha1'],
  ['1.2.840.10045.4.3.1', 'sha224'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.3.101.112', 'none'],
  ['1.3.101.113', 'none'],
]);

/** The hash that a signature algorithm signs; the bare identifier where it is not known. */
export function signatureHash(algorithm: Asn1): string {
  const [identifier, parameters] = algorithm.childrenOf(Tag.SEQUENCE);
  const oid = at([identifier], 0).oid;
  if (oid !== RSASSA_PSS) return SIGNATURES.get(oid) ?? oid;
  // The hash is [0] of the parameters; left out, it is SHA-1 (RFC 8017, appendix A.2.3).
  const hash = parameters?.childrenOf(Tag.SEQUENCE).find(({ tag }) => tag === Tag.CONTEXT_0);
  if (!hash) return 'sha1';
  const hashOid = at(at(hash.children, 0).childrenOf(Tag.SEQUENCE), 0).oid;
  return HASHES.get(hashOid)?.name ?? hashOid;
}
