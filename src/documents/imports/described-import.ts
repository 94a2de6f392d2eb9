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
    return texts.map((script) => ({ script, nickname: scriptNickname(script), caFiles: namedIn(files, new Set(caPaths(script))) }));
  }
  const unitOf = firstOf(machineConfig.units.flatMap((unit) => environmentOf(unit).map(([, value]) => [value, unit])));
  const scriptOf = firstOf(texts.flatMap((text) => bundlePaths(text).map((path) => [path, text])));
  const besideOf = caFilesByFolder(files);
  // A script that finds the one bundle by itself, as ours does.
  const only = bundles.length === 1 ? texts.find((text) => bundlePaths(text).length === 0) : undefined;
  return bundles.map((bundle) => {
    const unit = unitOf.get(bundle.path);
    const environment = unit ? environmentOf(unit) : [];
    const script = scriptOf.get(bundle.path) ?? textRunBy(unit, texts) ?? only;
    const imported = new Set(script ? caPaths(script) : []);
    const settings = new Map(environment.map(([name, value]) => [value, name]));
    const isNamed = (file: ConfigFile) => {
      const setting = settings.get(file.path);
      return imported.has(file.path) || setting !== undefined && (CA_SETTING.test(setting) || isPem(file));
    };
    const named = files.filter((file) => file !== bundle && isNamed(file));
    return {
      bundle,
      script,
      nickname: environment.find(([name]) => /NICK/.test(name))?.[1] ?? (script && scriptNickname(script)),
      caFiles: named.length > 0 || imported.size > 0 ? named : besideOf.get(folderOf(bundle)) ?? [],
    };
  });
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

function textRunBy(unit: ConfigUnit | undefined, texts: readonly ImportText[]): ImportText | undefined {
  const paths = new Set(unit ? pathsIn(unit.text) : []);
  return texts.find(({ path }) => path !== undefined && paths.has(path));
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

function namedIn(files: readonly ConfigFile[], paths: ReadonlySet<string>): ConfigFile[] {
  return files.filter(({ path }) => paths.has(path));
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
