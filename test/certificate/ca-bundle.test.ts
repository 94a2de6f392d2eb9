import { TemporaryFolder, fixture, fixturePath } from './fixture';
import { CaBundle } from '../../src';
import { makeCa, makeLeaf, toPem } from '../pki';

const folder = new TemporaryFolder();
afterAll(() => folder.remove());

const refusal = (message: string) => expect.objectContaining({ name: 'InputError', message });
const ca = makeCa();

describe('CaBundle', () => {
  test('keeps the file as it is, with the text around its certificates', () => {
    const bundle = CaBundle.fromFile(fixturePath('ca-with-text.pem'));
    expect(bundle._content.equals(fixture('ca-with-text.pem'))).toBe(true);
    expect(bundle.subjects).toEqual(['CN=Example CA,O=Example\\, Inc.,C=DE', 'CN=Example Intermediate,O=Example\\, Inc.,C=DE']);
    const fingerprints = fixture('openssl-facts.txt').toString().match(/(?<=Fingerprint=).*/g)!;
    expect(bundle.fingerprintsSha256).toEqual(fingerprints.slice(0, 2));
  });

  test.each([['\r\n', ca.pem.replace(/\n/g, '\r\n')], ['a byte order mark', `\ufeff\n${ca.pem}`], ['no line end', ca.pem.trimEnd()]])(
    'takes PEM with %p', (_, pem) => {
      expect(CaBundle.fromPem(pem).subjects).toEqual(['CN=Test CA,O=Test']);
    });

  test('files that are not there, or are something else', () => {
    expect(() => CaBundle.fromFile('certs/ca.pm')).toThrow(
      refusal(`CA file 'certs/ca.pm' does not exist (the path is relative to the working directory, ${process.cwd()})`),
    );
    expect(() => CaBundle.fromFile('/tmp')).toThrow(refusal("CA file '/tmp' is a directory: name a file in it"));
  });

  test.each<[string, string]>([
    ['ca.der', 'is a certificate in DER, not PEM: convert it with openssl x509 -inform DER -in ca.der -out ca.pem'],
    ['ca.p7b', 'is PKCS#7, not PEM certificates: convert it with openssl pkcs7 -inform DER -print_certs -in ca.p7b -out ca.pem'],
    [
      'openssl3.p12',
      'is PKCS#12, not PEM: write its CA certificates to a file with openssl pkcs12 -in left_server.p12 -cacerts -nokeys -out ca.pem',
    ],
    [
      'nss.p12',
      'is PKCS#12, not PEM: write its CA certificates to a file with openssl pkcs12 -in left_server.p12 -cacerts -nokeys -out ca.pem',
    ],
    ['java.jks', 'is a Java keystore, not PEM: export the CA with keytool -exportcert -rfc'],
    ['openssl-facts.txt', 'holds no certificate: a PEM certificate begins with -----BEGIN CERTIFICATE-----'],
    ['leaf.key', 'holds a private key in line 1, which would be written into a manifest: take it out, and see who else may have read it'],
    [
      'leaf.pem',
      ": certificate 'CN=node1.example.com,O=Example\\, Inc.,C=DE' is not a CA (its basic constraints or key usage do not let it sign "
        + 'others); give the certificate of the CA that issued it',
    ],
  ])('%s', (name, reason) => {
    const path = fixturePath(name);
    expect(() => CaBundle.fromFile(path)).toThrow(refusal(`CA file '${path}'${reason.startsWith(':') ? '' : ' '}${reason}`));
  });

  const key = makeLeaf({ ca }).key.export({ format: 'der', type: 'pkcs8' });
  test.each<[string, string, string]>([
    ['nothing', '', ' is empty'],
    [
      'a key behind the certificate',
      `${ca.pem}${toPem('PRIVATE KEY', key)}`,
      ` holds a private key in line ${ca.pem.split('\n').length}, which would be written into a manifest: take it out, `
        + 'and see who else may have read it',
    ],
    [
      'an encrypted key',
      `# mine\n${toPem('ENCRYPTED PRIVATE KEY', key)}`,
      ' holds a private key in line 2, which would be written into a manifest: take it out, and see who else may have read it',
    ],
    [
      'an old kind of key that is cut off',
      `${ca.pem}-----BEGIN RSA PRIVATE KEY-----\nMIIE`,
      ` holds a private key in line ${ca.pem.split('\n').length}, which would be written into a manifest: take it out, `
        + 'and see who else may have read it',
    ],
    ['a request', toPem('CERTIFICATE REQUEST', key), ' holds CERTIFICATE REQUEST in line 1, which is no certificate of a CA: take it out'],
    [
      'a trusted certificate',
      toPem('TRUSTED CERTIFICATE', key),
      ' holds TRUSTED CERTIFICATE in line 1, which NSS does not read: convert it with openssl x509 -in ca.pem -out ca.pem.new',
    ],
    [
      'PKCS#7 in PEM',
      toPem('PKCS7', key),
      ' holds PKCS7 in line 1, which is not read: convert it with openssl pkcs7 -print_certs -in ca.p7b -out ca.pem',
    ],
    [
      'an indented block',
      ca.pem.replace(/^/gm, '  '),
      ' has blanks before -----BEGIN CERTIFICATE----- in line 1, so that OpenSSL passes the certificate over: '
        + 'begin the line with its hyphens',
    ],
    [
      'a block without end',
      ca.pem.replace(/-----END.*\n/, ''),
      ' is cut off or damaged: the block that begins with -----BEGIN CERTIFICATE----- in line 1 does not end with a line -----END '
        + 'CERTIFICATE-----; copy it again',
    ],
    [
      'a block in a block',
      `-----BEGIN CERTIFICATE-----\n${ca.pem}`,
      ' is cut off or damaged: the block that begins with -----BEGIN CERTIFICATE----- in line 1 does not end with a line -----END '
        + 'CERTIFICATE-----; copy it again',
    ],
    [
      'broken Base64',
      ca.pem.replace(/\nM/, '\n*'),
      ' has line 2, which is not Base64, in the block that begins with -----BEGIN CERTIFICATE----- in line 1: copy it again',
    ],
    [
      'a lost line',
      `${ca.pem}${ca.pem.replace(/\n.{64}\n(?=.{1,63}\n-)/, '\n')}`,
      ` cannot be read: the certificate in line ${ca.pem.split('\n').length} is broken: it is cut off; copy the certificate again`,
    ],
    [
      "a node's certificate among CAs",
      `${ca.pem}${makeLeaf({ ca }).pem}`,
      ": certificate 'CN=node1.example.com,O=Test' is not a CA (its basic constraints or key usage do not let it sign others); "
        + 'give the certificate of the CA that issued it',
    ],
  ])('%s is refused', (_, pem, reason) => {
    expect(() => CaBundle.fromPem(pem)).toThrow(refusal(`CA PEM text${reason}`));
  });
});
