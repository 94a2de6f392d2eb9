/** Bytes that are not the ASN.1 they should be. The message is a phrase that finishes "cannot be read: …". */
export class MalformedError extends Error {}

/** Identifier octets that certificates and PKCS#12 files use. */
export enum Tag {
  BOOLEAN = 0x01,
  INTEGER = 0x02,
  BIT_STRING = 0x03,
  OCTET_STRING = 0x04,
  OID = 0x06,
  UTF8_STRING = 0x0c,
  NUMERIC_STRING = 0x12,
  PRINTABLE_STRING = 0x13,
  T61_STRING = 0x14,
  IA5_STRING = 0x16,
  UTC_TIME = 0x17,
  GENERALIZED_TIME = 0x18,
  VISIBLE_STRING = 0x1a,
  UNIVERSAL_STRING = 0x1c,
  BMP_STRING = 0x1e,
  SEQUENCE = 0x30,
  SET = 0x31,
  CONTEXT_0 = 0xa0,
  CONTEXT_3 = 0xa3,
}

/** Real files nest about 12 deep; the cap keeps crafted ones from exhausting the stack. */
const MAX_DEPTH = 32;
const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;

/**
 * One ASN.1 value in BER: what DER allows, and indefinite lengths and strings in pieces, which NSS writes.
 *
 * Children are read when asked for, and every slice shares the bytes of the file, so nothing is ever re-encoded.
 */
export class Asn1 {
  /** The single value that `bytes` are. */
  public static parse(bytes: Buffer, depth = 0): Asn1 {
    const { value, end } = readValue(bytes, 0, depth);
    if (end !== bytes.length) throw new MalformedError(`${bytes.length - end} bytes follow the end of its data`);
    return value;
  }

  constructor(
    /** The identifier octet: class, constructed bit and number. */
    public readonly tag: number,
    /** Identifier, length and content. */
    public readonly raw: Buffer,
    public readonly content: Buffer,
    private readonly depth: number,
  ) {}

  public get children(): Asn1[] {
    if (!isConstructed(this.tag)) throw new MalformedError('a plain value stands where a structure belongs');
    const children: Asn1[] = [];
    for (let offset = 0; offset < this.content.length;) {
      const { value, end } = readValue(this.content, offset, this.depth + 1);
      children.push(value);
      offset = end;
    }
    return children;
  }

  /** The children of a value that must have this tag. */
  public childrenOf(tag: number): Asn1[] {
    this.expect(tag);
    return this.children;
  }

  /** The bytes of a string, put together where the file has it in pieces. */
  public get octets(): Buffer {
    return isConstructed(this.tag) ? Buffer.concat(this.children.map((piece) => piece.octets)) : this.content;
  }

  public get oid(): string {
    const bytes = this.expect(Tag.OID).content;
    if (bytes.length === 0 || bytes.length > 64 || bytes[bytes.length - 1] >= 0x80) {
      throw new MalformedError('an object identifier is broken');
    }
    const arcs: bigint[] = [];
    let arc = 0n;
    for (const byte of bytes) {
      arc = arc * 128n + BigInt(byte % 128);
      if (byte < 0x80) {
        arcs.push(arc);
        arc = 0n;
      }
    }
    const top = arcs[0] < 40n ? 0n : arcs[0] < 80n ? 1n : 2n;
    return [top, arcs[0] - top * 40n, ...arcs.slice(1)].join('.');
  }

  /** A number that cannot be negative: a version, a length, a count. */
  public get integer(): bigint {
    const bytes = this.expect(Tag.INTEGER).content;
    if (bytes.length === 0 || bytes.length > 64 || bytes[0] >= 0x80) throw new MalformedError('a number is negative, empty or too long');
    return BigInt(`0x${bytes.toString('hex')}`);
  }

  public expect(tag: number): this {
    if (this.tag !== tag) throw new MalformedError(`a value of type 0x${hexByte(this.tag)} stands where 0x${hexByte(tag)} belongs`);
    return this;
  }
}

/** The child at an index that must be there. */
export function at(children: Asn1[], index: number): Asn1 {
  const child = children[index];
  if (!child) throw new MalformedError('a structure ends too early');
  return child;
}

/** The text of a BMPString, and with it of every name that Windows, Java and OpenSSL give to a key. */
export function decodeBmp(bytes: Buffer): string {
  if (bytes.length % 2 !== 0) throw new MalformedError('a two-byte text has an odd number of bytes');
  return Buffer.from(bytes).swap16().toString('utf16le');
}

function isConstructed(tag: number): boolean {
  return tag % (2 * CONSTRUCTED) >= CONSTRUCTED;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function readValue(bytes: Buffer, start: number, depth: number): { value: Asn1; end: number } {
  if (depth > MAX_DEPTH) throw new MalformedError(`it nests more than ${MAX_DEPTH} deep`);
  const { tag, contentStart, length } = readHeader(bytes, start);
  if (length === undefined) {
    const contentEnd = endOfContents(bytes, contentStart, depth);
    return {
      value: new Asn1(tag, bytes.subarray(start, contentEnd + 2), bytes.subarray(contentStart, contentEnd), depth),
      end: contentEnd + 2,
    };
  }
  const end = contentStart + length;
  return { value: new Asn1(tag, bytes.subarray(start, end), bytes.subarray(contentStart, end), depth), end };
}

/** Where the two zero octets stand that close a value of indefinite length. */
function endOfContents(bytes: Buffer, start: number, depth: number): number {
  for (let offset = start; ;) {
    if (offset + 2 > bytes.length) throw new MalformedError('it is cut off');
    if (bytes[offset] === 0 && bytes[offset + 1] === 0) return offset;
    offset = readValue(bytes, offset, depth + 1).end;
  }
}

function readHeader(bytes: Buffer, start: number): { tag: number; contentStart: number; length?: number } {
  if (start + 2 > bytes.length) throw new MalformedError('it is cut off');
  const tag = bytes[start];
  if (tag % CONSTRUCTED === 0x1f || tag === 0) throw new MalformedError(`type 0x${hexByte(tag)} has no place in it`);
  const first = bytes[start + 1];
  if (first === INDEFINITE) {
    if (!isConstructed(tag)) throw new MalformedError('a plain value has no length');
    return { tag, contentStart: start + 2 };
  }
  const lengthBytes = first > INDEFINITE ? first - INDEFINITE : 0;
  const contentStart = start + 2 + lengthBytes;
  if (lengthBytes > 6 || contentStart > bytes.length) throw new MalformedError('a length is broken');
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(start + 2, lengthBytes);
  if (length > bytes.length - contentStart) throw new MalformedError('it is cut off');
  return { tag, contentStart, length };
}
