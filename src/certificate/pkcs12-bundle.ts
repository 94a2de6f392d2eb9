import { KeyObject, createPrivateKey } from 'crypto';
import { GivenPassword, givenPassword } from './bundle-password';
import { Certificate } from './certificate';
import { MalformedError } from './der';
import { FileKind, kindOf } from './file-kind';
import { CERTIFICATE_FILE, checkSize } from './input-file';
import { RoundTotal } from './key-derivation';
import { Bag, openPkcs12 } from './pkcs12';
import { Pkcs12Refusal } from './pkcs12-refusal';
import { InputError } from '../core/input-error';
import { KindsOf, optional, TEXT } from '../core/kinds';
import { fileSource, readNamedFile } from '../core/local-file';
import { requireProps } from '../core/props';
import { isObjectName } from '../openshift/kubernetes-names';

/** How a PKCS#12 bundle is opened. */
export interface Pkcs12BundleOptions {
  /**
   * The file that holds the bundle's password, relative to the working directory.
   *
   * It is read at synthesis, to look into the bundle, and never written anywhere. One line end (`\n` or `\r\n`) at its
   * end is dropped; every other character counts. An empty file is the empty password.
   *
   * @default - `passwordVariable` or `password`; without them the bundle opens without a password
   */
  readonly passwordFile?: string;

  /**
   * The environment variable that holds the bundle's password, as build servers and secret stores hand it out: its name, without a
   * dollar sign.
   *
   * It is read at synthesis, to look into the bundle, and never written anywhere. Every character counts, and an empty one is the
   * empty password.
   *
   * @default - `passwordFile` or `password`; without them the bundle opens without a password
   */
  readonly passwordVariable?: string;

  /**
   * The bundle's password itself, for programs that have it from elsewhere. It has no place in source code.
   *
   * It opens the bundle at synthesis, and is never written anywhere. Every character counts, and an empty text is the empty password.
   *
   * @default - `passwordFile` or `passwordVariable`; without them the bundle opens without a password
   */
  readonly password?: string;
}

/** Where a bundle is on the hub of Red Hat Advanced Cluster Management. */
export interface HubSecret {
  /** The namespace of the Secret: that of the policy, or one that the policy's `hubTemplateOptions` give it the right to read. */
  readonly namespace: string;

  /** The name of the Secret. */
  readonly name: string;

  /** The key with the bundle. */
  readonly key: string;
}

const HUB_SECRET: KindsOf<HubSecret> = { namespace: TEXT, name: TEXT, key: TEXT };

/** What is no path, name or text is refused where it is read, and never shown: it may be the password itself. */
const KINDS: KindsOf<Pkcs12BundleOptions> = {
  passwordFile: optional({ what: 'the path of a file', is: () => true }),
  passwordVariable: optional({ what: 'the name of an environment variable', is: () => true }),
  password: optional({ what: 'a text', is: () => true }),
};

/**
 * A PKCS#12 bundle: a node's certificate, its private key, and the CAs above it.
 *
 * The bundle is opened and understood when it is read, so that a mistake in it shows here and not as a node without a
 * tunnel. Its bytes go to the nodes as they are.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/networking/network-security#configuring-ipsec-ovn
 */
export class Pkcs12Bundle {
  /**
   * Reads a bundle from a file.
   *
   * @param path the file, relative to the working directory
   * @param options how it is opened
   * @throws when the file or its password file can't be read, or the bundle does not open or is none; the message says why
   */
  public static fromFile(path: string, options: Pkcs12BundleOptions = {}): Pkcs12Bundle {
    const source = fileSource('PKCS#12 file', path);
    return Pkcs12Bundle.open(readNamedFile(path, source, CERTIFICATE_FILE), source, options);
  }

  /**
   * Reads a bundle from Base64, as secret stores hand it out.
   *
   * @param content the bundle's bytes in Base64; spaces and line ends do not count
   * @param options how it is opened
   * @throws when the text is no Base64, or the bundle does not open or is none; the message says why
   */
  public static fromBase64(content: string, options: Pkcs12BundleOptions = {}): Pkcs12Bundle {
    const source = 'PKCS#12 content';
    const compact = content.replace(/\s+/g, '');
    if (content.includes('-----BEGIN ')) throw new InputError(`${source} ${NOT_PKCS12.pem}`);
    if (compact.length % 4 === 1 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
      throw new InputError(`${source} is not Base64: pass what \`base64 left_server.p12\` prints`);
    }
    return Pkcs12Bundle.open(Buffer.from(compact, 'base64'), source, options);
  }

  /**
   * Opens a bundle that stands somewhere else, such as in a MachineConfig.
   *
   * @throws WrongPasswordError when only the password is wrong, and InputError for all else
   * @internal
   */
  public static _fromBytes(
    content: Buffer, source: string, password?: Buffer, passwordSource?: string, total?: RoundTotal, advice?: PasswordAdvice,
  ): Pkcs12Bundle {
    return new Pkcs12Bundle(
      content,
      source,
      look(checkSize(content, source), source, password ?? Buffer.alloc(0), passwordSource, total, advice),
    );
  }

  /**
   * A bundle in a Secret on the hub of Red Hat Advanced Cluster Management, which a policy brings to the managed clusters.
   *
   * The manifest holds a template in place of the bundle, so that no key is in Git; nobody looks inside before it is on a node. The
   * MachineConfig with it must be in a policy, as `RhacmPolicies` writes it: anywhere else the template itself would be written to
   * the nodes.
   *
   * @param secret where it is on the hub
   * @throws when Kubernetes refuses a name
   * @see https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance/template-functions
   */
  public static fromHubSecret(secret: HubSecret): Pkcs12Bundle {
    requireProps('HubSecret', secret, HUB_SECRET);
    const { namespace, name, key } = secret;
    for (const [prop, value] of Object.entries({ namespace, name })) {
      if (!isObjectName(value)) {
        throw new InputError(
          `'${prop}' ('${value}') must be a name in Kubernetes: lower-case letters, digits, '-' and '.', `
            + 'beginning and ending with a letter or digit',
        );
      }
    }
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key)) {
      throw new InputError(`'key' ('${key}') can't be the key of a Secret: letters, digits, '-', '_' and '.', at most 253`);
    }
    // The names that were let through have no character that a template, JSON or a URL reads as anything else.
    return new Pkcs12Bundle(
      Buffer.alloc(0),
      `the bundle of the hub's Secret ${namespace}/${name}`,
      UNSEEN,
      `{{hub fromSecret "${namespace}" "${name}" "${key}" hub}}`,
    );
  }

  private static open(content: Buffer, source: string, options: Pkcs12BundleOptions): Pkcs12Bundle {
    const { advice, ...given } = options as AdvisedOptions;
    requireProps('Pkcs12Bundle', given, KINDS);
    const password = givenPassword(given);
    return Pkcs12Bundle._fromBytes(content, source, password?.bytes, password?.source, undefined, advice ?? adviceFor(password, given));
  }

  /**
   * The name that NSS gives the certificate on import.
   *
   * @default - the bundle names none, and NSS makes one up
   */
  public readonly friendlyName: string | undefined;

  /** @internal */
  public readonly _friendlyName: string | undefined;
  /** Whether a password stands between a reader of the bytes and the private key. @internal */
  public readonly _hasPassword: boolean;
  /** Whether the bundle opens with the empty password. It can need one and have its key in the clear. @internal */
  public readonly _opensWithoutPassword: boolean;
  /** Ciphers in it that FIPS mode refuses: `RC2-40`, `3DES`. @internal */
  public readonly _legacyCiphers: readonly string[];

  private constructor(
    /** @internal */ public readonly _content: Buffer,
    /** @internal */ public readonly _source: string,
    private readonly seen: Seen | typeof UNSEEN,
    /** What the hub fills in with the bundle in Base64. @internal */ public readonly _hubTemplate?: string,
  ) {
    this._friendlyName = seen.friendlyName;
    this.friendlyName = seen.friendlyName;
    this._opensWithoutPassword = seen.opensWithoutPassword;
    this._hasPassword = seen.hasPassword;
    this._legacyCiphers = seen.legacyCiphers;
  }

  /** @throws for a bundle that is on the hub @internal */
  public get _certificate(): Certificate {
    if (this.seen !== UNSEEN) return this.seen.certificate!;
    throw new InputError(
      `${this._source} is not there at synthesis, and nothing can be said of its certificate: ask the hub, or read the bundle from a file`,
    );
  }

  /** The other certificates, in the order of the file. @internal */
  public get _chain(): readonly Certificate[] {
    return this.seen.chain;
  }

  /** The subject of the node's certificate, last part first: `CN=node1.example.com,O=Example`. */
  public get subject(): string {
    return this._certificate.subject.toString();
  }

  /** The issuer of the node's certificate, last part first: `CN=Example CA,O=Example`. */
  public get issuer(): string {
    return this._certificate.issuer.toString();
  }

  /** The time up to which the node's certificate is valid, in ISO 8601 and UTC: `2027-01-31T12:00:00.000Z`. */
  public get notAfter(): string {
    return this._certificate.notAfter.toISOString();
  }

  /** The time up to which the node's certificate is valid, as a date of the language. */
  public get notAfterDate(): Date {
    return new Date(this._certificate.notAfter);
  }

  /** SHA-256 of the node's certificate, in upper-case hexadecimal with colons, as `openssl x509 -fingerprint` prints it. */
  public get fingerprintSha256(): string {
    return this._certificate.fingerprintSha256;
  }
}

/** What is known of a bundle. */
interface Seen {
  readonly certificate?: Certificate;
  readonly chain: readonly Certificate[];
  readonly friendlyName?: string;
  readonly opensWithoutPassword: boolean;
  readonly hasPassword: boolean;
  readonly legacyCiphers: readonly string[];
}

/** A bundle that only the hub has. */
const UNSEEN: Seen = { chain: [], opensWithoutPassword: false, hasPassword: false, legacyCiphers: [] };

function look(
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

/** Options of a construct that finds the password file by itself. */
export interface AdvisedOptions extends Pkcs12BundleOptions {
  readonly advice?: PasswordAdvice;
}

const BY_OPTION: PasswordAdvice = { give: "name the file that holds it as 'passwordFile'", leaveOut: "leave out 'passwordFile'" };

function adviceFor(password: GivenPassword | undefined, options: Pkcs12BundleOptions): PasswordAdvice {
  if (password === undefined || options.passwordFile !== undefined) return BY_OPTION;
  const option = options.password === undefined ? 'passwordVariable' : 'password';
  return { ...BY_OPTION, leaveOut: `leave out '${option}'`, counted: 'every character counts' };
}

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
const NOT_PKCS12: Readonly<Record<Exclude<FileKind, 'pkcs12'>, string>> = {
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
