import { Certificate } from './certificate';
import { MalformedError } from './der';
import { FileKind, kindOf } from './file-kind';
import { CERTIFICATE_FILE, checkSize } from './input-file';
import { problemOfCa } from './judgements';
import { LINE_END, PemBlock, decodePem, readPem } from './pem';
import { InputError } from '../synthesis/input-error';
import { fileSource, readNamedFile } from '../synthesis/local-file';

/**
 * The certificates of the CAs that a node trusts for IPsec, in PEM.
 *
 * Text around the certificates, as `openssl x509 -text` writes it, is kept. The bytes go to the nodes as they are.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
 */
export class CaBundle {
  /**
   * Reads CA certificates from a PEM file.
   *
   * @param path the file, relative to the working directory
   * @throws when the file can't be read, holds no certificate, one that is not a CA, or a private key; the message says why
   */
  public static fromFile(path: string): CaBundle {
    const source = fileSource('CA file', path);
    return CaBundle._fromBytes(readNamedFile(path, source, CERTIFICATE_FILE), source);
  }

  /**
   * Takes CA certificates as PEM text.
   *
   * @param pem one certificate or several
   * @throws when the text holds no certificate, one that is not a CA, or a private key; the message says why
   */
  public static fromPem(pem: string): CaBundle {
    if (typeof pem !== 'string') throw new InputError('CA PEM text is not given: pass the text of the CA certificates, or use CaBundle.fromFile');
    return CaBundle._fromBytes(Buffer.from(pem, 'utf8'), 'CA PEM text');
  }

  /** @internal */
  public static _fromBytes(content: Buffer, source: string): CaBundle {
    return new CaBundle(checkSize(content, source), source);
  }

  /** @internal */
  public readonly _certificates: readonly Certificate[];

  private constructor(
    /** @internal */ public readonly _content: Buffer,
    /** @internal */ public readonly _source: string,
  ) {
    this._certificates = readCertificates(_content, _source);
    for (const certificate of this._certificates) {
      const problem = problemOfCa(certificate);
      if (problem?.severity === 'error') throw new InputError(`${_source}: ${problem.message}`);
    }
  }

  /** The subjects of the certificates, last part first, in the order of the file. */
  public get subjects(): string[] {
    return this._certificates.map(({ subject }) => subject.toString());
  }

  /** SHA-256 of each certificate, as `openssl x509 -fingerprint` prints it, in the order of the file. */
  public get fingerprintsSha256(): string[] {
    return this._certificates.map(({ fingerprintSha256 }) => fingerprintSha256);
  }
}

/** What a file is, when it holds no PEM, and what to do about it. */
const NOT_PEM: Readonly<Record<Exclude<FileKind, 'pem'>, string>> = {
  'text': 'holds no certificate: a PEM certificate begins with -----BEGIN CERTIFICATE-----',
  'certificate': 'is a certificate in DER, not PEM: convert it with openssl x509 -inform DER -in ca.der -out ca.pem',
  'private key': 'is a private key, which has no place among CA certificates: name the file with the CA certificate',
  'pkcs12': 'is PKCS#12, not PEM: write its CA certificates to a file with openssl pkcs12 -in left_server.p12 -cacerts -nokeys -out ca.pem',
  'pkcs7': 'is PKCS#7, not PEM certificates: convert it with openssl pkcs7 -inform DER -print_certs -in ca.p7b -out ca.pem',
  'java keystore': 'is a Java keystore, not PEM: export the CA with keytool -exportcert -rfc',
  'binary': 'holds no certificate: a PEM certificate begins with -----BEGIN CERTIFICATE-----',
};

function readCertificates(content: Buffer, source: string): Certificate[] {
  const kind = kindOf(content);
  if (kind !== 'pem') throw new InputError(`${source} ${NOT_PEM[kind]}`);
  const text = content.toString('latin1');
  // Looked for in the text and not in the blocks: a key that is indented or cut off is as secret as any.
  const key = text.search(/-----BEGIN [A-Z0-9 ]*PRIVATE KEY/);
  if (key >= 0) {
    const line = text.slice(0, key).split(LINE_END).length;
    throw new InputError(`${source} holds a private key in line ${line}, which would be written into a manifest: take it out, and see who else may have read it`);
  }
  try {
    const blocks = readPem(text);
    const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE').map(parseBlock);
    if (certificates.length > 0) return certificates;
    throw new InputError(`${source} holds no certificate, only ${blocks.map(({ label }) => label).join(', ') || 'text'}: ${adviceFor(blocks)}`);
  } catch (error) {
    if (error instanceof MalformedError) throw new InputError(`${source} cannot be read: ${error.message}; copy the certificate again`);
    throw error;
  }
}

function parseBlock(block: PemBlock): Certificate {
  try {
    return Certificate.parse(decodePem(block));
  } catch (error) {
    if (error instanceof MalformedError && !error.message.startsWith('the block')) throw new MalformedError(`the certificate in line ${block.line} is broken: ${error.message}`);
    throw error;
  }
}

function adviceFor(blocks: readonly PemBlock[]): string {
  const labels = new Set(blocks.map(({ label }) => label));
  if (labels.has('TRUSTED CERTIFICATE') || labels.has('X509 CERTIFICATE')) return 'NSS reads CERTIFICATE alone; convert it with openssl x509 -in ca.pem -out ca.pem.new';
  if (labels.has('PKCS7')) return 'convert it with openssl pkcs7 -print_certs -in ca.p7b -out ca.pem';
  return 'name the file with the certificates of the CA';
}
