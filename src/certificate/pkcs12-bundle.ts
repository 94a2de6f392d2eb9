import { GivenPassword, givenPassword } from './bundle-password';
import { Certificate } from './certificate';
import { CERTIFICATE_FILE, checkSize } from './input-file';
import { RoundTotal } from './key-derivation';
import { BY_OPTION, look, NOT_PKCS12, PasswordAdvice, Seen, UNSEEN } from './pkcs12-contents';
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
  /**
   * The namespace of the Secret (`fromSecret`): that of the policy, or one that the policy's `hubTemplateOptions` give it the right to
   * read.
   *
   * @see https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance/template-functions
   */
  readonly namespace: string;

  /**
   * The name of the Secret (`fromSecret`).
   *
   * @see https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance/template-functions
   */
  readonly name: string;

  /**
   * The key with the bundle (`fromSecret`).
   *
   * @see https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance/template-functions
   */
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

/** Options of a construct that finds the password file by itself. */
export interface AdvisedOptions extends Pkcs12BundleOptions {
  readonly advice?: PasswordAdvice;
}

function adviceFor(password: GivenPassword | undefined, options: Pkcs12BundleOptions): PasswordAdvice {
  if (password === undefined || options.passwordFile !== undefined) return BY_OPTION;
  const option = options.password === undefined ? 'passwordVariable' : 'password';
  return { ...BY_OPTION, leaveOut: `leave out '${option}'`, counted: 'every character counts' };
}
