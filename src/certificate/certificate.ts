import { KeyObject, X509Certificate, createHash } from 'crypto';
import { Asn1, MalformedError, Tag, at } from './der';
import { DistinguishedName } from './distinguished-name';
import { BasicConstraints, Extensions } from './extensions';
import { signatureHash } from './signature-hash';

/** An X.509 certificate: its bytes as they came, and what they say. */
export class Certificate {
  /** @throws MalformedError for bytes that are no certificate */
  public static parse(der: Buffer): Certificate {
    return new Certificate(der);
  }

  public readonly subject: DistinguishedName;
  public readonly issuer: DistinguishedName;
  /** Upper-case hexadecimal, as `openssl x509 -serial` prints it. */
  public readonly serialNumber: string;
  public readonly notBefore: Date;
  public readonly notAfter: Date;
  /** The hash under the signature: `sha256`; `none` where the scheme has none of its own, such as Ed25519. */
  public readonly signatureHash: string;
  /** `rsa`, `rsa-pss`, `ec`, `ed25519`, or whatever else the key is; `unknown` where OpenSSL can't say. */
  public readonly keyType: string;
  /** The size of the key in bits, where that says something about its strength. */
  public readonly keyBits: number | undefined;
  public readonly dnsNames: readonly string[];
  public readonly ipAddresses: readonly string[];
  /** Undefined where the certificate does not restrict it, which allows everything. */
  public readonly keyUsage: readonly string[] | undefined;
  /** Object identifiers; undefined where the certificate does not restrict it. */
  public readonly extendedKeyUsage: readonly string[] | undefined;
  private readonly basicConstraints: BasicConstraints;
  private readonly isVersion1: boolean;
  private readonly x509: X509Certificate;

  private constructor(public readonly der: Buffer) {
    const [tbs, algorithm] = Asn1.parse(der).childrenOf(Tag.SEQUENCE);
    const fields = at([tbs], 0).childrenOf(Tag.SEQUENCE);
    // The version, [0], is left out in certificates of version 1.
    this.isVersion1 = fields[0]?.tag !== Tag.CONTEXT_0;
    const [serial, , issuer, validity, subject] = this.isVersion1 ? fields : fields.slice(1);
    this.serialNumber = printSerial(at([serial], 0).expect(Tag.INTEGER).content);
    this.issuer = new DistinguishedName(at([issuer], 0));
    this.subject = new DistinguishedName(at([subject], 0));
    const [notBefore, notAfter] = at([validity], 0).childrenOf(Tag.SEQUENCE);
    this.notBefore = parseTime(at([notBefore], 0));
    this.notAfter = parseTime(at([notAfter], 0));
    this.signatureHash = signatureHash(at([algorithm], 0));
    const extensions = new Extensions(fields.find(({ tag }) => tag === Tag.CONTEXT_3));
    ({ dnsNames: this.dnsNames, ipAddresses: this.ipAddresses } = extensions.subjectAltNames);
    this.keyUsage = extensions.keyUsage;
    this.extendedKeyUsage = extensions.extendedKeyUsage;
    this.basicConstraints = extensions.basicConstraints;
    try {
      this.x509 = new X509Certificate(der);
    } catch {
      throw new MalformedError('OpenSSL does not take it as a certificate');
    }
    const key = publicKeyOf(this.x509);
    this.keyType = key?.asymmetricKeyType ?? 'unknown';
    this.keyBits = key?.asymmetricKeyDetails?.modulusLength ?? CURVE_BITS.get(key?.asymmetricKeyDetails?.namedCurve ?? '');
  }

  /** The common name; the last and most specific one, should there be several. */
  public get commonName(): string | undefined {
    return this.subject.commonNames.at(-1);
  }

  /** Whether the certificate says that it may sign others. */
  public get isCa(): boolean {
    return this.basicConstraints.isCa && this.maySignCertificates;
  }

  /**
   * Whether it signed itself and does not say whether it is a CA, as certificates of version 1 can't. NSS and libreswan take
   * it as one where the database trusts it (`CT`), and only there.
   */
  public get isRootByTrust(): boolean {
    return !this.basicConstraints.stated && this.maySignCertificates && this.isSelfSigned;
  }

  /** Whether OpenSSL, which asks for basic constraints or keyCertSign from version 3 on, takes it as a CA too. */
  public get isCaForOpenSsl(): boolean {
    if (this.basicConstraints.stated) return this.isCa;
    return this.isVersion1 && this.isSelfSigned || (this.keyUsage?.includes('keyCertSign') ?? false);
  }

  private get maySignCertificates(): boolean {
    return this.keyUsage === undefined || this.keyUsage.includes('keyCertSign');
  }

  public get isSelfSigned(): boolean {
    return this.issuedBy(this);
  }

  /** SHA-256 of the certificate, upper-case hexadecimal with colons, as `openssl x509 -fingerprint` prints it. */
  public get fingerprintSha256(): string {
    return createHash('sha256').update(this.der).digest('hex').toUpperCase().match(/../g)!.join(':');
  }

  /** Whether `issuer` signed this certificate: the names fit, it may sign, and the signature is right. */
  public issuedBy(issuer: Certificate): boolean {
    const key = publicKeyOf(issuer.x509);
    try {
      return key !== undefined && this.x509.checkIssued(issuer.x509) && this.x509.verify(key);
    } catch {
      return false; // a key of a kind that could not have made the signature
    }
  }

  /** Whether the private key is the one of this certificate. */
  public fits(key: KeyObject): boolean {
    try {
      return this.x509.checkPrivateKey(key);
    } catch {
      return false;
    }
  }

  public isSameAs(other: Certificate): boolean {
    return this.der.equals(other.der);
  }
}

const CURVE_BITS: ReadonlyMap<string, number> = new Map([
  ['prime256v1', 256], ['secp256k1', 256], ['secp384r1', 384], ['secp521r1', 521],
]);

function publicKeyOf(x509: X509Certificate): KeyObject | undefined {
  try {
    return x509.publicKey;
  } catch {
    return undefined; // an algorithm that OpenSSL does not have
  }
}

function printSerial(content: Buffer): string {
  const hex = content.toString('hex').toUpperCase();
  return hex.length > 2 && hex.startsWith('00') ? hex.slice(2) : hex;
}

/** UTCTime and GeneralizedTime as certificates write them: to the second, in UTC (RFC 5280, section 4.1.2.5). */
function parseTime(value: Asn1): Date {
  const text = value.content.toString('latin1');
  const generalized = value.tag === Tag.GENERALIZED_TIME;
  if (!generalized) value.expect(Tag.UTC_TIME);
  const match = (generalized ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(text);
  if (!match) throw new MalformedError('its validity is no time');
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  const fullYear = generalized ? year : year + (year < 50 ? 2000 : 1900);
  const date = new Date(0);
  date.setUTCFullYear(fullYear, month - 1, day);
  date.setUTCHours(hour, minute, second);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date.getUTCMinutes() !== minute) {
    throw new MalformedError('its validity is no time');
  }
  return date;
}
