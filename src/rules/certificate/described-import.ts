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
  const unitOf = new Map(machineConfig.units.flatMap((unit) => environmentOf(unit).map(([, value]) => [value, unit])).reverse() as [string, ConfigUnit][]);
  const scriptOf = new Map(texts.flatMap((text) => bundlePaths(text).map((path) => [path, text])).reverse() as [string, ImportText][]);
  const besideOf = new Map<string, ConfigFile[]>();
  for (const file of files) {
    const [, directory, name] = /^(.*\/)?([^/]*)$/s.exec(file.path)!;
    if (/ca[^/]*\.(?:pem|crt|cer)$/i.test(name)) besideOf.set(directory ?? '', [...besideOf.get(directory ?? '') ?? [], file]);
  }
  return bundles.map((bundle) => {
    const unit = unitOf.get(bundle.path);
    const environment = unit ? environmentOf(unit) : [];
    const script = scriptOf.get(bundle.path) ?? textRunBy(unit, texts) ?? texts.find((text) => bundles.length === 1 && bundlePaths(text).length === 0);
    const imported = new Set(script ? caPaths(script) : []);
    const settings = new Set(environment.filter(([name]) => CA_SETTING.test(name)).map(([, value]) => value));
    const others = new Set(environment.map(([, value]) => value));
    const referenced = files.filter((file) => file !== bundle && (imported.has(file.path) || settings.has(file.path) || others.has(file.path) && isPem(file)));
    return {
      bundle,
      script,
      nickname: environment.find(([name]) => /NICK/.test(name))?.[1] ?? (script && scriptNickname(script)),
      caFiles: referenced.length > 0 || imported.size > 0 ? referenced : besideOf.get(bundle.path.replace(/[^/]*$/, '')) ?? [],
    };
  });
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
