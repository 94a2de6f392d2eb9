import { Asn1, MalformedError, Tag, at } from './der';

export interface BasicConstraints {
  /** Whether the certificate has the extension at all. */
  readonly stated: boolean;
  readonly isCa: boolean;
}

const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALT_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';

/** Bit 0 first (RFC 5280, section 4.2.1.3). */
const KEY_USAGE_BITS = [
  'digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly',
  'decipherOnly',
];

/** The extensions of a certificate that IPsec looks at. */
export class Extensions {
  private readonly values = new Map<string, Asn1>();

  /** @param wrapped the [3] of the certificate, where it has one */
  constructor(wrapped: Asn1 | undefined) {
    if (!wrapped) return;
    for (const extension of at(wrapped.children, 0).childrenOf(Tag.SEQUENCE)) {
      const fields = extension.childrenOf(Tag.SEQUENCE);
      // A critical flag may stand between the identifier and the value.
      const value = fields[fields.length - 1];
      const oid = at(fields, 0).oid;
      if (READ.has(oid)) this.values.set(oid, Asn1.parse(value.expect(Tag.OCTET_STRING).content));
    }
  }

  public get basicConstraints(): BasicConstraints {
    const value = this.values.get(BASIC_CONSTRAINTS);
    const [isCa] = value?.childrenOf(Tag.SEQUENCE) ?? [];
    return { stated: value !== undefined, isCa: isCa?.tag === Tag.BOOLEAN && isCa.content[0] !== 0 };
  }

  public get keyUsage(): string[] | undefined {
    const bits = this.values.get(KEY_USAGE)?.expect(Tag.BIT_STRING).content.subarray(1);
    return bits && KEY_USAGE_BITS.filter((_, bit) => Math.floor((bits[Math.floor(bit / 8)] ?? 0) / 2 ** (7 - bit % 8)) % 2 === 1);
  }

  public get extendedKeyUsage(): string[] | undefined {
    return this.values.get(EXTENDED_KEY_USAGE)?.childrenOf(Tag.SEQUENCE).map(({ oid }) => oid);
  }

  public get subjectAltNames(): { dnsNames: string[]; ipAddresses: string[] } {
    const names = this.values.get(SUBJECT_ALT_NAME)?.childrenOf(Tag.SEQUENCE) ?? [];
    return {
      dnsNames: names.filter(({ tag }) => tag === 0x82).map(({ content }) => content.toString('latin1')),
      ipAddresses: names.filter(({ tag }) => tag === 0x87).map(({ content }) => printAddress(content)),
    };
  }
}

const READ: ReadonlySet<string> = new Set([KEY_USAGE, SUBJECT_ALT_NAME, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE]);

function printAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new MalformedError('an address in its subject alternative names is neither IPv4 nor IPv6');
  return Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16)).join(':');
}
