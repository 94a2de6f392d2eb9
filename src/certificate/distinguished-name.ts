import { Asn1, MalformedError, Tag, at, decodeBmp } from './der';

/** One attribute of a distinguished name. */
export interface NameAttribute {
  readonly oid: string;
  /** The text; undefined where the value is no text. */
  readonly text?: string;
  readonly raw: Buffer;
}

const COMMON_NAME = '2.5.4.3';

/** Short names as OpenSSL prints them. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  [COMMON_NAME, 'CN'], ['2.5.4.4', 'SN'], ['2.5.4.5', 'serialNumber'], ['2.5.4.6', 'C'], ['2.5.4.7', 'L'], ['2.5.4.8', 'ST'],
  ['2.5.4.9', 'street'], ['2.5.4.10', 'O'], ['2.5.4.11', 'OU'], ['2.5.4.12', 'title'], ['2.5.4.13', 'description'],
  ['2.5.4.15', 'businessCategory'], ['2.5.4.17', 'postalCode'], ['2.5.4.41', 'name'], ['2.5.4.42', 'GN'], ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'], ['2.5.4.46', 'dnQualifier'], ['2.5.4.65', 'pseudonym'], ['2.5.4.97', 'organizationIdentifier'],
  ['1.2.840.113549.1.9.1', 'emailAddress'], ['1.2.840.113549.1.9.2', 'unstructuredName'],
  ['0.9.2342.19200300.100.1.1', 'UID'], ['0.9.2342.19200300.100.1.25', 'DC'],
]);

/** The subject or issuer of a certificate (RFC 5280, section 4.1.2.4). */
export class DistinguishedName {
  private readonly rdns: NameAttribute[][];

  constructor(name: Asn1) {
    this.rdns = name.childrenOf(Tag.SEQUENCE).map((rdn) => rdn.childrenOf(Tag.SET).map((attribute) => {
      const [type, value] = attribute.childrenOf(Tag.SEQUENCE);
      return { oid: at([type], 0).oid, text: textOf(at([value], 0)), raw: value.raw };
    }));
  }

  /** The common names, in the order of the certificate. */
  public get commonNames(): string[] {
    return this.rdns.flat().filter(({ oid }) => oid === COMMON_NAME).map(({ text }) => text ?? '');
  }

  public get isEmpty(): boolean {
    return this.rdns.length === 0;
  }

  /** The name as `openssl x509 -nameopt RFC2253,-esc_msb,utf8` prints it: last part first, letters beyond ASCII as they are. */
  public toString(): string {
    return this.rdns.map((rdn) => rdn.map(printAttribute).reverse().join('+')).reverse().join(',');
  }

  /** The same for names that compare as equal (RFC 5280, section 7.1): letter case, spaces and string types do not count. */
  public get key(): string {
    return this.rdns
      .map((rdn) =>
        rdn
          .map(({ oid, text, raw }) => `${oid}=${text?.trim().replace(/\s+/g, ' ').toLowerCase() ?? raw.toString('hex')}`)
          .sort()
          .join('\0'),
      )
      .join('\x01');
  }
}

function textOf(value: Asn1): string | undefined {
  switch (value.tag) {
    case Tag.UTF8_STRING: return value.content.toString('utf8');
    case Tag.PRINTABLE_STRING: case Tag.IA5_STRING: case Tag.NUMERIC_STRING: case Tag.VISIBLE_STRING: case Tag.T61_STRING:
      return value.content.toString('latin1');
    case Tag.BMP_STRING: return decodeBmp(value.content);
    case Tag.UNIVERSAL_STRING: return decodeUniversal(value.content);
    default: return undefined;
  }
}

function decodeUniversal(bytes: Buffer): string {
  if (bytes.length % 4 !== 0) throw new MalformedError('a four-byte text has a broken length');
  let text = '';
  for (let i = 0; i < bytes.length; i += 4) {
    const point = bytes.readUInt32BE(i);
    if (point > 0x10ffff) throw new MalformedError('a text holds no Unicode');
    text += String.fromCodePoint(point);
  }
  return text;
}

function printAttribute({ oid, text, raw }: NameAttribute): string {
  const name = SHORT_NAMES.get(oid);
  if (name === undefined || text === undefined) return `${name ?? oid}=#${raw.toString('hex').toUpperCase()}`;
  return `${name}=${printable(text.replace(/[,+"\\<>;]/g, '\\$&').replace(/^[ #]| $/g, '\\$&'))}`;
}

/** A name out of a file, fit for one line of a terminal: control characters as `\1B`. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, (character) => `\\${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
