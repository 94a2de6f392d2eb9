import { KeyObject, createPrivateKey } from 'crypto';
import { Certificate } from './certificate';
import { MalformedError } from './der';
import { FileKind, kindOf } from './file-kind';
import { RoundTotal } from './key-derivation';
import { Bag, openPkcs12 } from './pkcs12';
import { Pkcs12Refusal } from './pkcs12-refusal';
import { InputError } from '../core/input-error';

/** What is known of a bundle. */
export interface Seen {
  readonly certificate?: Certificate;
  readonly chain: readonly Certificate[];
  readonly friendlyName?: string;
  readonly opensWithoutPassword: boolean;
  readonly hasPassword: boolean;
  readonly legacyCiphers: readonly string[];
}

/** A bundle that only the hub has. */
export const UNSEEN: Seen = { chain: [], opensWithoutPassword: false, hasPassword: false, legacyCiphers: [] };

/**
 * What a node would get of the bundle.
 *
 * @throws InputError, which says in one sentence about the file why a node could not use it
 */
export function look(
  content: Buffer, source: string, password: Buffer, passwordSource: string | undefined, total?: RoundTotal, advice = BY_OPTION,
): Seen {
  const explain = () => explainPassword(content, password, passwordSource, advice);
  const { keys, certificates } = refuse(source, () => openPkcs12(content, password, total), explain, content);
  if (keys.length !== 1) throw new InputError(`${source} ${keys.length === 0 ? NO_KEY : manyKeys(keys.length)}`);
  const [key] = keys;
  const found = certificates.map((bag) => ({ bag, certificate: refuse(source, () => Certificate.parse(bag.der)) }));
  const own = ownCertificate(source, key, found);
  const ciphers = [...keys, ...certificates].flatMap((bag) => bag.ciphers);
  return {
    certificate: own.certificate,
    chain: found.filter((other) => other !== own).map(({ certificate }) => certificate),
    // NSS looks at the certificate's name first.
    friendlyName: (own.bag.friendlyName ?? '') || key.friendlyName || undefined,
    opensWithoutPassword: password.length === 0,
    hasPassword: password.length > 0 && key.ciphers.length > 0,
    legacyCiphers: [...new Set(ciphers.filter(({ legacy }) => legacy).map(({ cipher }) => cipher))],
  };
}

/** How whoever reads a bundle is told its password. */
export interface PasswordAdvice {
  readonly give: string;
  readonly leaveOut: string;
  /** Which characters count, where it is not in a file. */
  readonly counted?: string;
}

const IN_FILE = 'one line end after the password is dropped, every other character counts';

export const BY_OPTION: PasswordAdvice = { give: "name the file that holds it as 'passwordFile'", leaveOut: "leave out 'passwordFile'" };

/** The bundle is sound, but the password is not its own: a caller may try another. */
export class WrongPasswordError extends InputError {}

const EXPORT = 'openssl pkcs12 -export -name left_server -inkey key.pem -in cert.pem -certfile ca.pem -out left_server.p12';
const NO_KEY = 'holds no private key, without which a node cannot prove who it is: '
  + `export the certificate together with its key (${EXPORT})`;

function manyKeys(count: number): string {
  return `holds ${count} private keys, and a node's bundle holds one: export one certificate and its key (${EXPORT})`;
}

function unreadable(why: string): string {
  return `cannot be read as PKCS#12: ${why}; the file is damaged or something else: copy it again as binary, or export it again with ${EXPORT}`;
}

/** What a file is, when it is no PKCS#12, and what to do about it. */
export const NOT_PKCS12: Readonly<Record<Exclude<FileKind, 'pkcs12'>, string>> = {
  'pem': `is a PEM file, not PKCS#12: make a bundle of it with ${EXPORT}`,
  'text': 'is a text file, not PKCS#12: name the .p12 file itself, and decode it first where it is in Base64 (base64 -d)',
  'certificate': `is a certificate without its private key, not PKCS#12: make a bundle of both with ${EXPORT}`,
  'private key': `is a private key without its certificate, not PKCS#12: make a bundle of both with ${EXPORT}`,
  'pkcs7': `is PKCS#7, which holds certificates without a key, not PKCS#12: make a bundle with ${EXPORT}`,
  'java keystore': 'is a Java keystore, not PKCS#12: convert it with keytool -importkeystore -deststoretype pkcs12',
  'binary': 'is not PKCS#12',
};

/** Turns what the readers throw into one sentence about the file. */
function refuse<T>(source: string, read: () => T, explain?: () => string, content?: Buffer): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Pkcs12Refusal) {
      if (error.reason === 'password') throw new WrongPasswordError(`${source} ${explain?.() ?? error.message}`);
      throw new InputError(`${source} ${error.message}`);
    }
    if (error instanceof MalformedError) {
      const kind = content ? kindOf(content) : 'pkcs12';
      throw new InputError(
        `${source} ${kind === 'pkcs12' || kind === 'binary' ? unreadable(error.message) : NOT_PKCS12[kind]}`,
      );
    }
    throw error;
  }
}

function explainPassword(
  content: Buffer, password: Buffer, passwordSource: string | undefined, { give, leaveOut, counted = IN_FILE }: PasswordAdvice,
): string {
  if (passwordSource === undefined) return `does not open without a password: ${give}`;
  if (password.length > 0 && opensWithout(content)) {
    return `does not open with the password in ${passwordSource}, but without one: ${leaveOut}, or export the bundle with that password`;
  }
  const what = password.length === 0 ? `the empty password (${passwordSource} holds none)` : `the password in ${passwordSource}`;
  return `does not open with ${what}: it is the wrong one, or the bundle is damaged (${counted})`;
}

function opensWithout(content: Buffer): boolean {
  try {
    openPkcs12(content, Buffer.alloc(0));
    return true;
  } catch {
    return false;
  }
}

interface FoundCertificate {
  readonly bag: Bag;
  readonly certificate: Certificate;
}

/**
 * The certificate that the key belongs to.
 *
 * NSS pairs them by their localKeyID alone: without one it refuses the file, and with two certificates under one id it
 * imports both, which leaves libreswan to choose.
 */
function ownCertificate(source: string, key: Bag, certificates: readonly FoundCertificate[]): FoundCertificate {
  if (certificates.length === 0) throw new InputError(`${source} holds a private key and no certificate: export both together (${EXPORT})`);
  const privateKey = parseKey(source, key);
  const fitting = certificates.filter(({ certificate }) => certificate.fits(privateKey));
  if (fitting.length === 0) {
    throw new InputError(
      `${source} holds a private key that fits none of its certificates `
        + `(${certificates.map(({ certificate }) => `'${certificate.subject}'`).join(', ')}): `
        + 'export the key with the certificate that was issued for it',
    );
  }
  const tied = fitting.filter(({ bag }) => key.localKeyId !== undefined && bag.localKeyId === key.localKeyId);
  if (tied.length === 0) {
    throw new InputError(
      `${source} does not tie its private key to the certificate (they share no localKeyID), and NSS on the nodes imports no such key: `
        + 'export it again with openssl pkcs12 -export',
    );
  }
  if (tied.length > 1) {
    throw new InputError(
      `${source} holds ${tied.length} certificates for its one private key, and NSS would import all of them under one name: `
        + `export it with the newest alone (${EXPORT})`,
    );
  }
  return tied[0];
}

function parseKey(source: string, { der }: Bag): KeyObject {
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } catch {
    throw new InputError(`${source} holds a private key that OpenSSL cannot read: it is damaged, or of a kind that IPsec does not use`);
  }
}
