import { Certificate } from './certificate';
import { MalformedError } from './der';
import { FileKind, kindOf } from './file-kind';
import { PemBlock, PemProblem, decodePem, readPem } from './pem';

/** What a PEM file of CA certificates holds, as OpenSSL, NSS and the import script on the nodes all read it. */
export interface CaFile {
  readonly certificates: readonly { readonly certificate: Certificate; readonly line: number }[];
  /**
   * What at least one of them reads otherwise, or not at all; in the order of the file. Each is what follows the name of the
   * file: "has blanks before …".
   */
  readonly problems: readonly PemProblem[];
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

/** Looked for in the text and not in the blocks: a key that is indented or cut off is as secret as any. */
const PRIVATE_KEY = /BEGIN [A-Z0-9 ]{0,64}PRIVATE KEY/i;

/** The blocks that are often found in place of a certificate, and the way to one. */
const OTHER_BLOCKS: ReadonlyMap<string, string> = new Map([
  ['TRUSTED CERTIFICATE', 'which NSS does not read: convert it with openssl x509 -in ca.pem -out ca.pem.new'],
  ['X509 CERTIFICATE', 'which NSS does not read: convert it with openssl x509 -in ca.pem -out ca.pem.new'],
  ['PKCS7', 'which is not read: convert it with openssl pkcs7 -print_certs -in ca.p7b -out ca.pem'],
]);

export function readCaFile(content: Buffer): CaFile {
  const kind = kindOf(content);
  const text = content.toString('utf8');
  const only = (line: number, message: string): CaFile => ({ certificates: [], problems: [{ line, message }] });
  const key = text.search(PRIVATE_KEY);
  if (key >= 0) {
    const line = text.slice(0, key).split(/\r\n|\r|\n/).length;
    return only(
      line,
      `holds a private key in line ${line}, which would be written into a manifest: take it out, and see who else may have read it`,
    );
  }
  if (isUtf16(content)) return only(1, 'is text in UTF-16, of which OpenSSL and NSS read nothing: save it as UTF-8');
  if (kind !== 'pem' && kind !== 'text') return only(1, NOT_PEM[kind]);
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const line = text.slice(0, nul).split('\n').length;
    return only(line, `has a NUL in line ${line}, where some programs stop reading: take it out`);
  }
  const { blocks, problems } = readPem(text);
  const certificates: { certificate: Certificate; line: number }[] = [];
  const found = [...problems];
  for (const block of blocks) {
    const result = block.label === 'CERTIFICATE' ? parse(block) : otherBlock(block);
    if (result instanceof Certificate) certificates.push({ certificate: result, line: block.line });
    else found.push({ line: block.line, message: result });
  }
  if (certificates.length === 0 && found.length === 0) return only(1, NOT_PEM.text);
  return { certificates, problems: found.sort((a, b) => a.line - b.line) };
}

function parse(block: PemBlock): Certificate | string {
  try {
    return Certificate.parse(decodePem(block));
  } catch (error) {
    if (error instanceof MalformedError) {
      return `cannot be read: the certificate in line ${block.line} is broken: ${error.message}; copy the certificate again`;
    }
    throw error;
  }
}

function otherBlock({ label, line }: PemBlock): string {
  return `holds ${label} in line ${line}, ${OTHER_BLOCKS.get(label) ?? 'which is no certificate of a CA: take it out'}`;
}

function isUtf16(content: Buffer): boolean {
  return content.length % 2 === 0 && /^(?:fffe|feff|2d00|002d)/.test(content.toString('hex', 0, 2));
}
