import { looksLikePkcs12 } from '../../certificate/pkcs12';
import { optionOf } from '../machine-config/commands';
import { bytesOf, ConfigFile, ConfigUnit, MachineConfigObject } from '../machine-config/machine-configs';
import { importTexts, ImportText, scriptNickname } from '../machine-config/scripts';

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
    return texts.map((script) => ({ script, nickname: scriptNickname(script), caFiles: files.filter(({ path }) => caPaths(script).includes(path)) }));
  }
  return bundles.map((bundle) => {
    const unit = machineConfig.units.find((candidate) => environmentOf(candidate).some(([, value]) => value === bundle.path));
    const environment = unit ? environmentOf(unit) : [];
    const script = texts.find((text) => bundlePaths(text).includes(bundle.path))
      ?? texts.find((text) => unit && text.path && unit.text.includes(text.path))
      ?? texts.find((text) => bundles.length === 1 && bundlePaths(text).length === 0);
    const named = [...environment.map(([, value]) => value), ...script ? caPaths(script) : []];
    const directory = bundle.path.replace(/[^/]*$/, '');
    const referenced = files.filter((file) => file !== bundle && named.includes(file.path) && isPem(file));
    const beside = files.filter(({ path }) => path.startsWith(directory) && /^[^/]*ca[^/]*\.(?:pem|crt|cer)$/i.test(path.slice(directory.length)));
    return {
      bundle,
      script,
      nickname: environment.find(([name]) => /NICK/.test(name))?.[1] ?? (script && scriptNickname(script)),
      caFiles: referenced.length > 0 || script && caPaths(script).length > 0 ? referenced : beside,
    };
  });
}

/** The assignments of `Environment=` in a unit. */
export function environmentOf({ text }: ConfigUnit): [name: string, value: string][] {
  return [...text.matchAll(/^\s*Environment\s*=(.*)$/gm)]
    .flatMap(([, line]) => [...line.matchAll(/"([A-Za-z_]\w*)=([^"]*)"|'([A-Za-z_]\w*)=([^']*)'|([A-Za-z_]\w*)=(\S*)/g)])
    .map(([, a, b, c, d, e, f]): [string, string] => [a ?? c ?? e, b ?? d ?? f]);
}

function isPkcs12(file: ConfigFile): boolean {
  if (/\.(?:p12|pfx|pkcs12)$/i.test(file.path)) return file.decoded !== undefined;
  const bytes = bytesOf(file);
  return bytes !== undefined && bytes[0] === 0x30 && looksLikePkcs12(bytes);
}

function isPem(file: ConfigFile): boolean {
  return bytesOf(file)?.includes('-----BEGIN ') ?? false;
}

function bundlePaths({ pk12util }: ImportText): string[] {
  return pk12util.map((command) => optionOf(command, '-i')).flatMap((word) => word?.literal ? [word.text] : []);
}

function caPaths({ certutil }: ImportText): string[] {
  return certutil.filter((command) => command.some(({ text }) => text === '-A')).map((command) => optionOf(command, '-i')).flatMap((word) => word?.literal ? [word.text] : []);
}
