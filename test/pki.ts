import {
  KeyObject,
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  pbkdf2Sync,
  sign,
} from 'crypto';
import { bits, bmp, context, der, integer, nothing, octets, oid, sequence, set, time, utf8 } from './der-writer';
import { now } from '../src/certificate/clock';
import { HASHES, Purpose, pkcs12Kdf } from '../src/certificate/key-derivation';

/** Certificates and bundles for tests, made in milliseconds: any date, any usage, and mistakes that real tools refuse to make. */
export type KeyKind = 'rsa-2048' | 'rsa-1024' | 'ec' | 'ed25519';
export type SignatureHash = 'sha1' | 'sha256' | 'md5';

/** A certificate with its private key. */
export interface Identity {
  readonly certificate: Buffer;
  readonly pem: string;
  readonly key: KeyObject;
  readonly subject: Buffer;
}

export interface CertificateProps {
  readonly cn?: string;
  /** Days from now to the end; negative is in the past. */
  readonly days?: number;
  /** Days from now to the beginning. */
  readonly startsIn?: number;
  readonly key?: KeyObject;
  readonly keyKind?: KeyKind;
  readonly hash?: SignatureHash;
  /** Numbers of the bits of key usage; none: the extension is left out. */
  readonly keyUsage?: number[];
  /** Object identifiers; none: the extension is left out. */
  readonly extendedKeyUsage?: string[];
  readonly dnsNames?: string[];
  /** Another one for each certificate, where none is given. */
  readonly serial?: number;
}

export interface LeafProps extends CertificateProps {
  readonly ca: Identity;
}

/** A CA; self-signed where no issuer is given. */
export function makeCa(props: CertificateProps & { readonly issuer?: Identity; readonly basicConstraints?: boolean } = {}): Identity {
  const constraints = sequence(der(0x01, Buffer.from([0xff])));
  const extensions = props.basicConstraints === false ? [] : [extension('2.5.29.19', constraints)];
  return make({ cn: 'Test CA', keyUsage: [5, 6], ...props }, props.issuer, extensions);
}

/** A node's certificate: `node1.example.com`, valid for a year, unless said otherwise. */
export function makeLeaf(props: LeafProps): Identity {
  return make({ cn: 'node1.example.com', ...props }, props.ca, []);
}

const keys = new Map<string, KeyObject>();

/** A new key, or the same one again for the same name: making an RSA key takes a while. */
export function testKey(kind: KeyKind, name: string): KeyObject {
  const id = `${kind} ${name}`;
  let key = keys.get(id);
  if (!key) keys.set(id, key = newKey(kind));
  return key;
}

export interface Pkcs12Props {
  readonly identity?: Identity;
  readonly chain?: Identity[];
  readonly password?: string;
  readonly friendlyName?: string;
  /** Rounds of each derivation. */
  readonly iterations?: number;
  /** What else to change, for bundles that no tool makes. */
  readonly keys?: Buffer[];
  readonly certificates?: Buffer[];
  readonly withMac?: boolean;
  /** Whether the first key and the first certificate carry a common id, without which NSS imports neither; true by default. */
  readonly withLocalKeyId?: boolean;
  /** Names the key's bag; the certificate's is `friendlyName`. */
  readonly keyFriendlyName?: string;
  /** The bags as they are, in place of all of the above. */
  readonly bags?: Buffer[];
}

/** A PKCS#12 bundle as OpenSSL 3 writes it (AES-256, HMAC with SHA-256), with fewer rounds. */
export function makePkcs12(props: Pkcs12Props): Buffer {
  const { identity, password = '', iterations = 2, withMac = true, friendlyName } = props;
  const privateKeys = props.keys ?? (identity ? [pkcs8(identity.key)] : []);
  const identities = [...identity ? [identity] : [], ...props.chain ?? []];
  const certificates = props.certificates ?? identities.map(({ certificate }) => certificate);
  const idOf = (i: number) => i === 0 && props.withLocalKeyId !== false ? Buffer.from([1]) : undefined;
  const bags = props.bags ?? [
    ...privateKeys.map((key, i) => bag('2', sequence(...encrypt(key, password, iterations)), props.keyFriendlyName ?? friendlyName, idOf(i))),
    ...certificates.map((certificate, i) => certificateBag(certificate, i === 0 ? friendlyName : undefined, idOf(i))),
  ];
  const content = sequence(sequence(oid('1.2.840.113549.1.7.1'), context(0, octets(sequence(...bags)))));
  return pfx(content, withMac ? [macData(content, password, iterations)] : []);
}

/** The outermost shell of a PKCS#12 file. */
export function pfx(content: Buffer, mac: Buffer[]): Buffer {
  return sequence(integer(3), sequence(oid('1.2.840.113549.1.7.1'), context(0, octets(content))), ...mac);
}

export function macData(content: Buffer, password: string, iterations: number | bigint): Buffer {
  const salt = Buffer.from('saltsalt');
  const sha256 = HASHES.get('2.16.840.1.101.3.4.2.1')!;
  // A bundle that asks for more is made to be refused before its MAC is looked at.
  const rounds = iterations > 1_000_000 ? 1 : Number(iterations);
  const key = pkcs12Kdf(sha256, Buffer.from(`${password}\0`, 'utf16le').swap16(), salt, rounds, Purpose.MAC, 32);
  const digest = createHmac('sha256', key).update(content).digest();
  return sequence(sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), nothing), octets(digest)), octets(salt), integer(iterations));
}

/** A bag of kind `1` (key), `2` (encrypted key), `3` (certificate), `6` (bags), with its name and the id that ties key and certificate. */
export function bag(kind: string, value: Buffer, friendlyName?: string, localKeyId?: Buffer): Buffer {
  const attributes = [
    ...friendlyName === undefined ? [] : [sequence(oid('1.2.840.113549.1.9.20'), set(bmp(friendlyName)))],
    ...localKeyId ? [sequence(oid('1.2.840.113549.1.9.21'), set(octets(localKeyId)))] : [],
  ];
  return sequence(oid(`1.2.840.113549.1.12.10.1.${kind}`), context(0, value), ...attributes.length > 0 ? [set(...attributes)] : []);
}

export function certificateBag(certificate: Buffer, friendlyName?: string, localKeyId?: Buffer): Buffer {
  return bag('3', sequence(oid('1.2.840.113549.1.9.22.1'), context(0, octets(certificate))), friendlyName, localKeyId);
}

export function pkcs8(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'pkcs8' });
}

/** AlgorithmIdentifier and octets of PBES2 with AES-256. */
function encrypt(plaintext: Buffer, password: string, iterations: number): Buffer[] {
  const salt = Buffer.from('pepper..');
  const iv = createHash('md5').update(plaintext).digest();
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(password, salt, iterations, 32, 'sha256'), iv);
  const derivation = sequence(
    oid('1.2.840.113549.1.5.12'),
    sequence(octets(salt), integer(iterations), sequence(oid('1.2.840.113549.2.9'), nothing)),
  );
  const scheme = sequence(oid('2.16.840.1.101.3.4.1.42'), octets(iv));
  return [
    sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, scheme)),
    octets(Buffer.concat([cipher.update(plaintext), cipher.final()])),
  ];
}

let serial = 1;
const DAY = 24 * 60 * 60 * 1000;

function make(props: CertificateProps, issuer: Identity | undefined, constraints: Buffer[]): Identity {
  const { cn = '', days = 365, startsIn = -1, keyKind = 'rsa-2048', hash = 'sha256', keyUsage, extendedKeyUsage, dnsNames } = props;
  const key = props.key ?? testKey(keyKind, cn);
  const subject = sequence(set(sequence(oid('2.5.4.10'), utf8('Test'))), set(sequence(oid('2.5.4.3'), utf8(cn))));
  const extensions = [
    ...constraints,
    ...keyUsage ? [extension('2.5.29.15', usageBits(keyUsage))] : [],
    ...extendedKeyUsage ? [extension('2.5.29.37', sequence(...extendedKeyUsage.map(oid)))] : [],
    ...dnsNames ? [extension('2.5.29.17', sequence(...dnsNames.map((name) => der(0x82, Buffer.from(name)))))] : [],
  ];
  const signer = issuer?.key ?? key;
  const algorithm = signatureAlgorithm(signer, hash);
  const from = new Date(now().getTime() + Math.min(startsIn, days - 1) * DAY);
  const tbs = sequence(
    context(0, integer(2)), integer(props.serial ?? serial++), algorithm, issuer?.subject ?? subject,
    sequence(time(from), time(new Date(now().getTime() + days * DAY))), subject,
    createPublicKey(key).export({ format: 'der', type: 'spki' }),
    ...extensions.length > 0 ? [context(3, sequence(...extensions))] : [],
  );
  const signature = sign(signer.asymmetricKeyType === 'ed25519' ? undefined : hash, tbs, signer);
  const certificate = sequence(tbs, algorithm, bits(signature));
  return { certificate, key, subject, pem: toPem('CERTIFICATE', certificate) };
}

export function toPem(label: string, bytes: Buffer): string {
  return `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END ${label}-----\n`;
}

const RSA_SIGNATURES = { md5: '1.2.840.113549.1.1.4', sha1: '1.2.840.113549.1.1.5', sha256: '1.2.840.113549.1.1.11' };
const EC_SIGNATURES = { md5: '', sha1: '1.2.840.10045.4.1', sha256: '1.2.840.10045.4.3.2' };

function signatureAlgorithm(signer: KeyObject, hash: SignatureHash): Buffer {
  if (signer.asymmetricKeyType === 'rsa') return sequence(oid(RSA_SIGNATURES[hash]), nothing);
  return sequence(oid(signer.asymmetricKeyType === 'ec' ? EC_SIGNATURES[hash] : '1.3.101.112'));
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), octets(value));
}

/** A bit string of named bits, bit 0 first. */
function usageBits(numbers: number[]): Buffer {
  const last = Math.max(...numbers, -1);
  const text = Array.from({ length: last + 1 }, (_, bit) => numbers.includes(bit) ? '1' : '0').join('');
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8, '0');
  return bits(Buffer.from((padded.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2))), padded.length - text.length);
}

function newKey(kind: KeyKind): KeyObject {
  const pair = kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    : kind === 'ed25519' ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('rsa', { modulusLength: kind === 'rsa-1024' ? 1024 : 2048 });
  return createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
}
