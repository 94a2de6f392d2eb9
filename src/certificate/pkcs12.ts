import { Asn1, MalformedError, Tag, at, decodeBmp } from './der';
import { RoundBudget, RoundTotal } from './key-derivation';
import { EncodedPassword, encodings } from './password';
import { decrypt } from './pbe';
import { verifyMac } from './pkcs12-mac';
import { Pkcs12Refusal } from './pkcs12-refusal';

/** What a PKCS#12 file holds, as bytes (RFC 7292). */
export interface Pkcs12Contents {
  readonly keys: readonly Bag[];
  readonly certificates: readonly Bag[];
}

/** A private key (PKCS#8) or a certificate, and how it is called. */
export interface Bag {
  readonly der: Buffer;
  readonly friendlyName?: string;
  /** Ties a key and its certificate together; hexadecimal. */
  readonly localKeyId?: string;
  /** The ciphers around it, outermost first; none means that anyone reads it. */
  readonly ciphers: readonly { readonly cipher: string; readonly legacy: boolean }[];
}

const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const ENVELOPED_DATA = '1.2.840.113549.1.7.3';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const BAGS = '1.2.840.113549.1.12.10.1.';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const FRIENDLY_NAME = '1.2.840.113549.1.9.20';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';

/** Bags in bags: real files have one level. */
const MAX_NESTED_BAGS = 4;

/** Whether bytes are built like a PKCS#12 file, as far as it takes to name them. */
export function looksLikePkcs12(bytes: Buffer): boolean {
  try {
    const [version, safe] = Asn1.parse(bytes).childrenOf(Tag.SEQUENCE);
    return version?.tag === Tag.INTEGER && version.integer === 3n && safe?.tag === Tag.SEQUENCE;
  } catch (error) {
    if (error instanceof MalformedError) return false;
    throw error;
  }
}

/** Whether a PKCS#12 file holds a private key that nothing encrypts: whoever has the bytes has it, though the MAC asks for a password. */
export function holdsKeyInClear(bytes: Buffer): boolean {
  try {
    const [, safe] = Asn1.parse(bytes).childrenOf(Tag.SEQUENCE);
    return Asn1.parse(safeContent(at([safe], 0))).childrenOf(Tag.SEQUENCE).some((info) => {
      const [type, wrapped] = info.childrenOf(Tag.SEQUENCE);
      return at([type], 0).oid === DATA && hasBareKey(Asn1.parse(octetsIn(wrapped)), 0);
    });
  } catch (error) {
    if (error instanceof MalformedError || error instanceof Pkcs12Refusal) return false;
    throw error;
  }
}

function hasBareKey(bags: Asn1, nesting: number): boolean {
  return nesting <= MAX_NESTED_BAGS && bags.childrenOf(Tag.SEQUENCE).some((bag) => {
    const [type, wrapped] = bag.childrenOf(Tag.SEQUENCE);
    const oid = at([type], 0).oid;
    return oid === `${BAGS}1` || oid === `${BAGS}6` && hasBareKey(at(at([wrapped], 0).childrenOf(Tag.CONTEXT_0), 0), nesting + 1);
  });
}

/**
 * Opens a PKCS#12 file. The MAC is checked before anything is decrypted: it alone decides whether the password is right.
 *
 * @throws Pkcs12Refusal for a wrong password or a file that NSS on the nodes could not import either
 * @throws MalformedError for bytes that are no PKCS#12
 */
export function openPkcs12(bytes: Buffer, password: Buffer, total?: RoundTotal): Pkcs12Contents {
  const [version, safe, macData] = Asn1.parse(bytes).childrenOf(Tag.SEQUENCE);
  if (at([version], 0).integer !== 3n) throw new MalformedError('its version is not 3');
  const content = safeContent(at([safe], 0));
  if (!macData) {
    throw new Pkcs12Refusal('content', 'has no MAC, without which NSS on the nodes refuses it: export it again without -nomac');
  }
  const budget = new RoundBudget(total);
  const opened = verifyMac(macData, content, encodings(password), budget);
  if (!opened) throw new Pkcs12Refusal('password', 'does not open with this password');
  const reader = new SafeReader(opened, budget);
  for (const info of Asn1.parse(content).childrenOf(Tag.SEQUENCE)) reader.readSafe(info);
  return reader;
}

/** The bytes that the MAC is over. */
function safeContent(safe: Asn1): Buffer {
  const [type, wrapped] = safe.childrenOf(Tag.SEQUENCE);
  const oid = at([type], 0).oid;
  if (oid === SIGNED_DATA) {
    throw new Pkcs12Refusal(
      'content',
      'is sealed with a signature instead of a password, which NSS on the nodes does not read: export it again with openssl pkcs12 -export',
    );
  }
  if (oid !== DATA) throw new MalformedError('it does not begin with data');
  return octetsIn(wrapped);
}

/** The octet string in an explicit [0]. */
function octetsIn(wrapped: Asn1 | undefined): Buffer {
  const inner = at(at([wrapped!], 0).childrenOf(Tag.CONTEXT_0), 0);
  // 0x24: an octet string in pieces.
  if (inner.tag !== Tag.OCTET_STRING && inner.tag !== 0x24) throw new MalformedError('data is no octet string');
  return inner.octets;
}

class SafeReader implements Pkcs12Contents {
  public readonly keys: Bag[] = [];
  public readonly certificates: Bag[] = [];

  constructor(private readonly password: EncodedPassword, private readonly budget: RoundBudget) {}

  /** One ContentInfo: bags in the clear or encrypted together. */
  public readSafe(info: Asn1): void {
    const [type, wrapped] = info.childrenOf(Tag.SEQUENCE);
    const oid = at([type], 0).oid;
    if (oid === DATA) return this.readBags(Asn1.parse(octetsIn(wrapped)), [], 0);
    if (oid === ENVELOPED_DATA) {
      throw new Pkcs12Refusal(
        'content',
        'is encrypted to a certificate instead of a password, which NSS on the nodes does not read: '
          + 'export it again with openssl pkcs12 -export',
      );
    }
    if (oid !== ENCRYPTED_DATA) throw new MalformedError(`a part has the unknown type ${oid}`);
    const [, encrypted] = at(at([wrapped], 0).childrenOf(Tag.CONTEXT_0), 0).childrenOf(Tag.SEQUENCE);
    const [, algorithm, ciphertext] = at([encrypted], 0).childrenOf(Tag.SEQUENCE);
    // [0] IMPLICIT: 0x80 in one piece, 0xa0 in several.
    if (ciphertext?.tag !== 0x80 && ciphertext?.tag !== Tag.CONTEXT_0) throw new MalformedError('an encrypted part is empty');
    const { plaintext, ...cipher } = decrypt(algorithm, ciphertext.octets, this.password, this.budget);
    this.readBags(Asn1.parse(plaintext), [cipher], 0);
  }

  private readBags(bags: Asn1, ciphers: Bag['ciphers'], nesting: number): void {
    if (nesting > MAX_NESTED_BAGS) throw new MalformedError(`bags nest more than ${MAX_NESTED_BAGS} deep`);
    for (const bag of bags.childrenOf(Tag.SEQUENCE)) {
      const [type, wrapped, attributes] = bag.childrenOf(Tag.SEQUENCE);
      const oid = at([type], 0).oid;
      const value = () => at(at([wrapped], 0).childrenOf(Tag.CONTEXT_0), 0);
      if (oid === `${BAGS}1`) {
        this.keys.push({ der: value().raw, ciphers, ...namesIn(attributes) });
      } else if (oid === `${BAGS}2`) {
        const [algorithm, ciphertext] = value().childrenOf(Tag.SEQUENCE);
        const { plaintext, ...cipher } = decrypt(at([algorithm], 0), at([ciphertext], 0).octets, this.password, this.budget);
        this.keys.push({ der: plaintext, ciphers: [...ciphers, cipher], ...namesIn(attributes) });
      } else if (oid === `${BAGS}3`) {
        const [kind, certificate] = value().childrenOf(Tag.SEQUENCE);
        if (at([kind], 0).oid === X509_CERTIFICATE) this.certificates.push({ der: octetsIn(certificate), ciphers, ...namesIn(attributes) });
      } else if (oid === `${BAGS}6`) {
        this.readBags(value(), ciphers, nesting + 1);
      }
      // Lists of revoked certificates and other secrets (4, 5) are of no use to a node.
    }
  }
}

function namesIn(attributes: Asn1 | undefined): Pick<Bag, 'friendlyName' | 'localKeyId'> {
  const names: { friendlyName?: string; localKeyId?: string } = {};
  for (const attribute of attributes?.childrenOf(Tag.SET) ?? []) {
    const [type, values] = attribute.childrenOf(Tag.SEQUENCE);
    const [value] = at([values], 0).childrenOf(Tag.SET);
    if (!value) continue;
    const oid = at([type], 0).oid;
    if (oid === FRIENDLY_NAME && value.tag === Tag.BMP_STRING) names.friendlyName = decodeBmp(value.content);
    if (oid === LOCAL_KEY_ID && value.tag === Tag.OCTET_STRING) names.localKeyId = value.content.toString('hex');
  }
  return names;
}
