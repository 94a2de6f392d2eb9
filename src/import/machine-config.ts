import type { Candidate } from './candidate';
import { call, Code, listOf, literal, member, property, recordOf, variable } from './code';
import type { KeptFiles } from './kept-files';
import { acknowledged } from './policy';
import { valueCode } from './values';
import { Compression } from '../butane/compression';
import { CaBundle } from '../certificate/ca-bundle';
import { Pkcs12Bundle } from '../certificate/pkcs12-bundle';
import { WrongPasswordError } from '../certificate/pkcs12-contents';
import { CertImportMachineConfig } from '../constructs/certificates/cert-import-machine-config';
import { DEFAULT_NICKNAME, importNames } from '../constructs/certificates/import-names';
import { ImportScript, SCRIPT_PATH, scriptBytes } from '../constructs/certificates/import-script';
import type { IpsecClusterConfig } from '../constructs/cluster/ipsec-cluster-config';
import { FileContents } from '../constructs/machine-config/file-contents';
import { FileMode } from '../constructs/machine-config/file-mode';
import { MachineConfig } from '../constructs/machine-config/machine-config';
import { KernelType } from '../constructs/machine-config/machine-config-props';
import { ACKNOWLEDGE_ANNOTATION } from '../core/acknowledgements';
import { InputError } from '../core/input-error';
import type { Payloads } from '../documents/machine-config/payloads';
import { at, list, PlainObject, record, text } from '../documents/values';
import { MACHINE_CONFIG_ROLE_LABEL } from '../openshift/labels';

/** The file that holds a bundle's password, as the program names it, and the password. */
export interface BundlePassword {
  readonly file: string;
  readonly password: Buffer;
}

/** A MachineConfig as far as constructs can write it. */
export interface Parts {
  readonly object: PlainObject;
  readonly name: string;
  readonly role: string;
  readonly files: readonly FilePart[];
  readonly config: unknown;
}

export interface FilePart { readonly file: PlainObject; readonly path: string; readonly bytes: Buffer }

const CLUSTER = variable('cluster');

/** What unpacks to more is no MachineConfig that a cluster takes (1.5 MB, packed), and stays as it is. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The constructs that may write a MachineConfig, the best one first.
 *
 * @throws when it is an import of a certificate that can't be opened
 */
export function* machineConfigCandidates(
  object: PlainObject, files: KeptFiles, passwords: readonly BundlePassword[], payloads: Payloads,
): Iterable<Candidate> {
  const parts = partsOf(object, payloads);
  if (!parts) return;
  for (const compression of [Compression.AUTO, Compression.NONE]) {
    const candidate = importCandidate(parts, files, passwords, compression);
    if (candidate) yield candidate;
  }
  for (const compression of [Compression.AUTO, Compression.NONE]) yield plainCandidate(parts, files, compression);
}

/** What constructs can write of a MachineConfig; undefined where it holds what they can't read. */
export function partsOf(object: PlainObject, payloads: Payloads): Parts | undefined {
  if (object.kind !== 'MachineConfig' || object.apiVersion !== 'machineconfiguration.openshift.io/v1') return undefined;
  const [name, role] = [at(object.metadata, 'name'), at(object.metadata, 'labels', MACHINE_CONFIG_ROLE_LABEL)].map(text);
  const config = at(object.spec, 'config');
  const files = list(at(config, 'storage', 'files')).map((file): FilePart | undefined => {
    const [path, source] = [text(at(file, 'path')), text(at(file, 'contents', 'source'))];
    const decoded = source === undefined ? undefined : payloads.decode(source, at(file, 'contents', 'compression'));
    return path !== undefined && decoded && 'bytes' in decoded ? { file: record(file)!, path, bytes: decoded.bytes } : undefined;
  });
  if (name === undefined || role === undefined || files.includes(undefined)) return undefined;
  if (files.reduce((bytes, file) => bytes + file!.bytes.length, 0) > MAX_BYTES) return undefined;
  return { object, name, role, files: files as FilePart[], config };
}

function importCandidate(
  { object, name, role, files, config }: Parts, kept: KeptFiles, passwords: readonly BundlePassword[], compression: Compression,
): Candidate | undefined {
  const bundle = files.find(({ path }) => /^\/etc\/pki\/certs\/[\w.-]+\.p12$/.test(path));
  const script = files.find(({ path }) => path === SCRIPT_PATH);
  const how = Object.values(ImportScript).find((one) => script?.bytes.equals(scriptBytes(one)));
  if (!bundle || how === undefined || files.length !== 3) return undefined;
  const nickname = bundle.path.slice('/etc/pki/certs/'.length, -'.p12'.length);
  const names = importNames(nickname);
  const ca = files.find(({ path }) => path === names.caPath);
  if (!ca || names.machineConfig(role) !== name) return undefined;
  const password = nodePassword(config, nickname);
  const own = opensWithoutPassword(bundle.bytes);
  const accepted = Object.hasOwn(record(at(object.metadata, 'annotations')) ?? {}, `${ACKNOWLEDGE_ANNOTATION}private-key-exposed`);
  const rest: readonly (readonly [string, Code | undefined])[] = [
    ['caCertificates', caCode(ca.bytes, kept)],
    ['bundle', bundleCode(bundle.bytes, kept, nickname, own ? [] : passwords)],
    ['nodePasswordFile', password && literal(password.file)],
    ['nodePasswordEncrypted', password?.encrypted ? literal(true) : undefined],
    ['nickname', nickname === DEFAULT_NICKNAME ? undefined : literal(nickname)],
    ['importScript', how === ImportScript.ROTATION_SAFE ? undefined : member('ImportScript', ImportScript, how)],
    ['acceptPrivateKeyInManifest', accepted || own && how === ImportScript.DOCUMENTED ? literal(true) : undefined],
    ['compression', compressionCode(compression)],
    ['acknowledge', acknowledged(withoutOwn(object))],
  ];
  const key = recordOf(rest).text;
  const of = (roles: readonly string[]): Candidate => ({
    name: 'CertImportMachineConfig',
    make: CertImportMachineConfig,
    props: recordOf([['cluster', CLUSTER], ['roles', literal(roles)], ...rest]),
    path: (construct, index) => `${construct}.machineConfigs[${index}]`,
    objectsOf: ({ machineConfigs }: CertImportMachineConfig) => machineConfigs,
    roles: { key, own: roles, of },
  });
  return of([role]);
}

/** What the construct says by itself of a key that may be read. */
function withoutOwn(object: PlainObject): PlainObject {
  const annotations = Object.entries(record(at(object.metadata, 'annotations')) ?? {})
    .filter(([name]) => name !== `${ACKNOWLEDGE_ANNOTATION}private-key-exposed`);
  return { ...object, metadata: { ...record(object.metadata), annotations: Object.fromEntries(annotations) } };
}

function nodePassword(config: unknown, nickname: string): { readonly file: string; readonly encrypted: boolean } | undefined {
  for (const unit of list(at(config, 'systemd', 'units'))) {
    const contents = text(at(unit, 'contents')) ?? '';
    const plain = /^Environment=IPSEC_PASSWORD_FILE=(\S+)$/m.exec(contents)?.[1];
    if (plain !== undefined) return { file: plain, encrypted: false };
    const encrypted = /^LoadCredentialEncrypted=([^:\s]+)\.password:(\S+)$/m.exec(contents);
    if (encrypted?.[1] === nickname) return { file: encrypted[2], encrypted: true };
  }
  return undefined;
}

function caCode(bytes: Buffer, kept: KeptFiles): Code {
  const file = kept.keep('ca.pem', bytes);
  return call('CaBundle.fromFile', ['CaBundle'], [literal(file)], () => CaBundle._fromBytes(bytes, `CA file '${file}'`));
}

function opensWithoutPassword(bytes: Buffer): boolean {
  try {
    return Pkcs12Bundle._fromBytes(bytes, 'bundle')._opensWithoutPassword;
  } catch (error) {
    if (error instanceof WrongPasswordError) return false;
    throw error;
  }
}

function bundleCode(bytes: Buffer, kept: KeptFiles, nickname: string, passwords: readonly BundlePassword[]): Code {
  const file = kept.keep(`${nickname}.p12`, bytes);
  const source = `PKCS#12 file '${file}'`;
  const known = passwords.find(({ password }) => opens(bytes, password));
  const make = () => Pkcs12Bundle._fromBytes(bytes, source, known?.password, known && `'${known.file}'`);
  if (!known) return call('Pkcs12Bundle.fromFile', ['Pkcs12Bundle'], [literal(file)], make);
  return call('Pkcs12Bundle.fromFile', ['Pkcs12Bundle'], [literal(file), recordOf([['passwordFile', literal(known.file)]])], make);
}

function opens(bytes: Buffer, password: Buffer): boolean {
  try {
    Pkcs12Bundle._fromBytes(bytes, 'bundle', password);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** A MachineConfig by its files, units and what else Butane has a word for. */
function plainCandidate({ object, name, role, files, config }: Parts, kept: KeptFiles, compression: Compression): Candidate {
  const labels = Object.entries(record(at(object.metadata, 'labels')) ?? {}).filter(([key]) => key !== MACHINE_CONFIG_ROLE_LABEL);
  const annotations = Object.entries(record(at(object.metadata, 'annotations')) ?? {})
    .filter(([key]) => !key.startsWith(ACKNOWLEDGE_ANNOTATION));
  const units = list(at(config, 'systemd', 'units'));
  const [kernelArguments, extensions] = ['kernelArguments', 'extensions'].map((key) => list(at(object.spec, key)));
  const [kernelType, fips] = ['kernelType', 'fips'].map((key) => at(object.spec, key));
  return {
    name: 'MachineConfig',
    make: MachineConfig,
    props: recordOf([
      ['openshiftVersion', property(CLUSTER, '.openshiftVersion', ({ openshiftVersion }: IpsecClusterConfig) => openshiftVersion)],
      ['role', literal(role)],
      ['name', literal(name)],
      ['files', files.length === 0 ? undefined : listOf(files.map((file) => fileCode(file, kept)))],
      ['units', units.length === 0 ? undefined : valueCode(units, kept, 'unit')],
      ['kernelArguments', kernelArguments.length === 0 ? undefined : literal(kernelArguments)],
      ['extensions', extensions.length === 0 ? undefined : literal(extensions)],
      ['kernelType', kernelType === undefined ? undefined : member('KernelType', KernelType, kernelType)],
      ['fips', fips === undefined ? undefined : literal(fips)],
      ['compression', compressionCode(compression)],
      ['labels', labels.length === 0 ? undefined : literal(Object.fromEntries(labels))],
      ['annotations', annotations.length === 0 ? undefined : literal(Object.fromEntries(annotations))],
      ['acknowledge', acknowledged(object)],
    ]),
    path: (construct) => `${construct}.apiObject`,
    objectsOf: ({ apiObject }: MachineConfig) => [apiObject],
  };
}

function fileCode({ file, path, bytes }: FilePart, kept: KeptFiles): Code {
  const from = kept.keep(path, bytes);
  const contents = call('FileContents.fromFile', ['FileContents'], [literal(from)], () => FileContents.fromBase64(bytes.toString('base64')));
  const { mode, overwrite } = file;
  return recordOf([
    ['path', literal(path)],
    ['contents', contents],
    ['mode', mode === undefined ? undefined : modeCode(mode)],
    // Left out, the construct says true: what was not said before is taken out again.
    ['overwrite', overwrite === undefined || overwrite === true ? undefined : literal(overwrite)],
  ]);
}

function modeCode(mode: unknown): Code {
  const octal = typeof mode === 'number' ? `0${mode.toString(8).padStart(3, '0')}` : String(mode);
  return call('FileMode.of', ['FileMode'], [literal(octal)], (digits: string) => FileMode.of(digits));
}

function compressionCode(compression: Compression): Code | undefined {
  return compression === Compression.AUTO ? undefined : member('Compression', Compression, compression);
}
