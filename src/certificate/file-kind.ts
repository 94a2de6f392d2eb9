import { X509Certificate, createPrivateKey } from 'crypto';
import { Asn1, MalformedError, Tag } from './der';
import { looksLikePkcs12 } from './pkcs12';

/** What a file seems to be, for the sentence that says why it is not what was asked for. */
export type FileKind = 'pem' | 'text' | 'certificate' | 'private key' | 'pkcs12' | 'pkcs7' | 'java keystore' | 'binary';

const SIGNED_DATA = '1.2.840.113549.1.7.2';

export function kindOf(content: Buffer): FileKind {
  if (content.includes('-----BEGIN ')) return 'pem';
  if (looksLikePkcs12(content)) return 'pkcs12';
  // The first four bytes of a Java keystore, and of its older brother JCEKS.
  if (/^(?:feedfeed|cececece)/.test(content.toString('hex', 0, 4))) return 'java keystore';
  // All that follows is one SEQUENCE; to find out that nothing fits costs OpenSSL a millisecond.
  const isSequence = content[0] === Tag.SEQUENCE;
  if (isSequence && succeeds(() => new X509Certificate(content))) return 'certificate';
  if (isSequence && (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => succeeds(() => createPrivateKey({ key: content, format: 'der', type })))) {
    return 'private key';
  }
  if (isSequence && succeeds(() => Asn1.parse(content).childrenOf(Tag.SEQUENCE)[0].oid === SIGNED_DATA || fail())) return 'pkcs7';
  // eslint-disable-next-line no-control-regex -- control characters are what tells binary from text
  return /[\x00-\x08\x0e-\x1f\ufffd]/.test(content.toString('utf8')) ? 'binary' : 'text';
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}

function fail(): never {
  throw new MalformedError('');
}
