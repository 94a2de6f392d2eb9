import { CaBundle } from '../../certificate/ca-bundle';
import { Certificate } from '../../certificate/certificate';
import { kindOf } from '../../certificate/file-kind';
import { InputError } from '../../core/input-error';
import { bytesOf, ConfigFile } from '../machine-config/machine-configs';

/** What a CA file holds, or why it can't be read; neither where nobody can say. */
export interface ReadCa {
  readonly bundle?: CaBundle;
  readonly problem?: string;
}

/** Many bundles stand beside the same few files, which are read once. */
const known = new WeakMap<ConfigFile, ReadCa>();
const combined = new WeakMap<ConfigFile, Map<string, CaBundle>>();

/** @param byCertutil whether certutil itself reads the file, which takes DER as well as PEM */
export function readCa(file: ConfigFile, byCertutil: boolean): ReadCa {
  let read = known.get(file);
  if (!read) known.set(file, read = parse(file, byCertutil));
  return read;
}

function parse(file: ConfigFile, byCertutil: boolean): ReadCa {
  const bytes = bytesOf(file);
  if (!bytes) return {};
  // A private key beside it is another rule's matter.
  if (/-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----/.test(bytes.toString('latin1'))) return {};
  try {
    return { bundle: CaBundle._fromBytes(byCertutil && isDer(bytes) ? toPem(bytes) : bytes, `CA file '${file.path}'`) };
  } catch (error) {
    if (error instanceof InputError) return { problem: error.message };
    throw error;
  }
}

/** What files hold all in all: a root may stand in one, and an intermediate CA in another. */
export function together(cas: readonly (ReadCa & { readonly file: ConfigFile })[]): CaBundle {
  if (cas.length === 1) return cas[0].bundle!;
  const source = `CA files ${cas.map(({ file }) => `'${file.path}'`).join(' and ')}`;
  const others = combined.get(cas[0].file) ?? new Map<string, CaBundle>();
  combined.set(cas[0].file, others);
  let bundle = others.get(source);
  if (!bundle) {
    const content = Buffer.concat(cas.flatMap((ca) => [ca.bundle!._content, Buffer.from('\n')]));
    others.set(source, bundle = CaBundle._fromBytes(content, source));
  }
  return bundle;
}

/** The root CA in a file, where there is one. */
export function rootIn(file: ConfigFile): Certificate | undefined {
  return readCa(file, true).bundle?._certificates.find(({ isSelfSigned }) => isSelfSigned);
}

function isDer(bytes: Buffer): boolean {
  return bytes[0] === 0x30 && kindOf(bytes) === 'certificate';
}

function toPem(der: Buffer): Buffer {
  return Buffer.from(`-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`);
}
