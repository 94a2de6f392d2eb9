import { looksLikePkcs12 } from '../../certificate/pkcs12';
import { hasOption, literalOf } from '../machine-config/commands';
import { bytesOf, ConfigFile, ConfigUnit, MachineConfigObject } from '../machine-config/machine-configs';
import { importTexts, ImportText, NssText, scriptNickname } from '../machine-config/scripts';
import { environmentOf, pathsIn } from '../machine-config/unit-lines';

/** What a MachineConfig says about a certificate that it imports. */
export interface DescribedImport {
  /** The PKCS#12 file; undefined where the MachineConfig holds the script alone. */
  readonly bundle?: ConfigFile;
  /** The nickname that the import is written for; undefined where nothing says it. */
  readonly nickname?: string;
  readonly caFiles: readonly ConfigFile[];
  readonly script?: ImportText;
}

/** The imports of a MachineConfig: one for each bundle, and one for a script without any. */
export function importsOf(machineConfig: MachineConfigObject): DescribedImport[] {
  const { files } = machineConfig;
  const texts = importTexts(machineConfig);
  const bundles = files.filter(isPkcs12);
  if (bundles.length === 0) {
    const filesAt = inOrder(files);
    return texts.map((script) => ({ script, nickname: scriptNickname(script), caFiles: filesAt(caPaths(script)) }));
  }
  const textsAt = inOrder(texts);
  const unitOf = firstOf(machineConfig.units.map(environmentIn).flatMap((unit) => [...unit.settings.keys()].map((value) => [value, unit])));
  const scriptOf = firstOf(texts.flatMap((text) => bundlePaths(text).map((path) => [path, text])));
  const besideOf = caFilesByFolder(files);
  // A script that finds the one bundle by itself, as ours does.
  const only = bundles.length === 1 ? texts.find((text) => bundlePaths(text).length === 0) : undefined;
  const isBundle = new Set(bundles);
  const caFilesOf = caFilesNamed(inOrder(files.filter((file) => !isBundle.has(file))));
  return bundles.map((bundle) => {
    const unit = unitOf.get(bundle.path);
    const script = scriptOf.get(bundle.path) ?? (unit && textsAt(unit.paths)[0]) ?? only;
    return {
      bundle,
      script,
      nickname: unit?.nickname ?? (script && scriptNickname(script)),
      caFiles: caFilesOf(unit, script) ?? besideOf.get(folderOf(bundle)) ?? NONE,
    };
  });
}

const NONE: readonly ConfigFile[] = [];

/** What a unit says by its variables. */
interface UnitEnvironment {
  /** The last variable of each value. */
  readonly settings: ReadonlyMap<string, string>;
  readonly nickname?: string;
  /** The paths in its text. */
  readonly paths: readonly string[];
}

function environmentIn(unit: ConfigUnit): UnitEnvironment {
  const environment = environmentOf(unit);
  return {
    settings: new Map(environment.map(([name, value]) => [value, name])),
    nickname: environment.find(([name]) => /NICK/.test(name))?.[1],
    paths: pathsIn(unit.text),
  };
}

type CaFilesOf = (unit?: UnitEnvironment, script?: ImportText) => readonly ConfigFile[] | undefined;

/** The CA files that a unit and a script name, undefined where they name none; worked out once for all their bundles. */
function caFilesNamed(filesAt: (paths: readonly string[]) => ConfigFile[]): CaFilesOf {
  const known = new Map<UnitEnvironment | undefined, Map<ImportText | undefined, readonly ConfigFile[] | undefined>>();
  const find = (unit: UnitEnvironment | undefined, script: ImportText | undefined) => {
    const imported = new Set(script ? caPaths(script) : []);
    const named = filesAt([...imported, ...unit?.settings.keys() ?? []]).filter((file) => {
      const setting = unit?.settings.get(file.path);
      return imported.has(file.path) || setting !== undefined && (CA_SETTING.test(setting) || isPem(file));
    });
    return named.length > 0 || imported.size > 0 ? named : undefined;
  };
  return (unit, script) => {
    const ofUnit = known.get(unit) ?? new Map<ImportText | undefined, readonly ConfigFile[] | undefined>();
    known.set(unit, ofUnit);
    if (!ofUnit.has(script)) ofUnit.set(script, find(unit, script));
    return ofUnit.get(script);
  };
}

/** The first value of each key. */
function firstOf<Value>(entries: readonly (readonly (string | Value)[])[]): ReadonlyMap<string, Value> {
  return new Map([...entries].reverse() as [string, Value][]);
}

/** Files that their names call CAs, where nothing else says which they are. */
function caFilesByFolder(files: readonly ConfigFile[]): ReadonlyMap<string, readonly ConfigFile[]> {
  const byFolder = new Map<string, ConfigFile[]>();
  for (const file of files) {
    const folder = folderOf(file);
    if (!/ca[^/]*\.(?:pem|crt|cer)$/i.test(file.path.slice(folder.length))) continue;
    if (!byFolder.get(folder)?.push(file)) byFolder.set(folder, [file]);
  }
  return byFolder;
}

function folderOf({ path }: ConfigFile): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** A variable that names the CA file, such as `IPSEC_CA` and `CA_FILE`. */
const CA_SETTING = /(?:^|_)CA(?:_|$)/;

/** Finds those at some paths, in the order in which they stand, without a walk through all of them for each question. */
function inOrder<Item extends { readonly path?: string }>(items: readonly Item[]): (paths: readonly string[]) => Item[] {
  const placesAt = new Map<string, number[]>();
  items.forEach(({ path }, place) => {
    if (path !== undefined && !placesAt.get(path)?.push(place)) placesAt.set(path, [place]);
  });
  return (paths) => [...new Set(paths)].flatMap((path) => placesAt.get(path) ?? []).sort((a, b) => a - b).map((place) => items[place]);
}

/** Whether a file is a PKCS#12 bundle, by its name or its bytes. */
export function isPkcs12(file: ConfigFile): boolean {
  if (/\.(?:p12|pfx|pkcs12)$/i.test(file.path)) return file.decoded !== undefined;
  const bytes = bytesOf(file);
  return bytes !== undefined && bytes[0] === 0x30 && looksLikePkcs12(bytes);
}

function isPem(file: ConfigFile): boolean {
  return bytesOf(file)?.includes('-----BEGIN ') ?? false;
}

function bundlePaths({ pk12util }: ImportText): string[] {
  return pk12util.map((command) => literalOf(command, '-i')).filter((path) => path !== undefined);
}

/** What a script imports as CAs: not what it trusts as a peer's own certificate (`P`). */
function caPaths({ certutil }: NssText): string[] {
  return certutil.filter((command) => hasOption(command, '-A') && !isPeerTrust(literalOf(command, '-t')))
    .map((command) => literalOf(command, '-i')).filter((path) => path !== undefined);
}

/** `P,,` and the like: trusted as it is, and for nothing that it signs. */
function isPeerTrust(trust: string | undefined): boolean {
  return trust !== undefined && /P/i.test(trust) && !/[CT]/.test(trust);
}
