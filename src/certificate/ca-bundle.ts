import { readCaFile } from './ca-file';
import { Certificate } from './certificate';
import { CERTIFICATE_FILE, checkSize } from './input-file';
import { problemOfCa } from './judgements';
import { InputError } from '../core/input-error';
import { fileSource, readNamedFile } from '../core/local-file';
import { sentence } from '../core/sentence';

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
    if (typeof pem !== 'string') {
      throw new InputError('CA PEM text is not given: pass the text of the CA certificates, or use CaBundle.fromFile');
    }
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
    const { certificates, problems: [problem] } = readCaFile(_content);
    if (problem) throw new InputError(`${_source} ${problem.message}`);
    this._certificates = certificates.map(({ certificate }) => certificate);
    for (const certificate of this._certificates) {
      const unfit = problemOfCa(certificate);
      if (unfit?.severity === 'error') throw new InputError(`${_source}: ${sentence(unfit)}`);
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
