import { Command, callsOf, hasOption, optionOf } from './commands';
import { bytesOf, ConfigFile, ConfigUnit, MachineConfigObject } from './machine-configs';

/** A text of a MachineConfig that imports certificates into an NSS database: a script, or a unit that does it by itself. */
export interface ImportText {
  /** JSON pointer from the MachineConfig to what holds the text. */
  readonly pointer: string;
  /** The path of the script; undefined for a unit. */
  readonly path?: string;
  readonly name: string;
  readonly text: string;
  readonly pk12util: readonly Command[];
  readonly certutil: readonly Command[];
}

/** Scripts are small; what is larger is something else. */
const MAX_SCRIPT_BYTES = 128 * 1024;

const known = new WeakMap<MachineConfigObject, ImportText[]>();

/** The scripts and units of a MachineConfig that import certificates; worked out once. */
export function importTexts(machineConfig: MachineConfigObject): readonly ImportText[] {
  let texts = known.get(machineConfig);
  if (!texts) known.set(machineConfig, texts = [...machineConfig.files.flatMap(ofFile), ...machineConfig.units.flatMap(ofUnit)]);
  return texts;
}

/** The units that run an import: those that name its script, and those that import by themselves. */
export function importUnits(machineConfig: MachineConfigObject): ConfigUnit[] {
  const texts = importTexts(machineConfig);
  const runs = ({ pointer, text }: ConfigUnit) => texts.some((script) => script.path ? text.includes(script.path) : script.pointer === pointer);
  return machineConfig.units.filter(runs);
}

/** Whether a renewed certificate replaces the old one: an import that never removes or renames anything leaves it. */
export function replacesOld({ text }: ImportText): boolean {
  // Not by the calls of certutil: a script may well have wrapped it in a function.
  return /^[^#\n]*\s(?:-F|-D|--rename)\s[^#\n]*-[nk]\s/m.test(text);
}

/** The nickname that a script is written for: the one whose trust it sets, beside the bundle that it imports. */
export function scriptNickname({ certutil }: ImportText): string | undefined {
  const nickname = certutil.filter((command) => hasOption(command, '-M')).map((command) => optionOf(command, '-n')).find((word) => word?.literal);
  return nickname?.text;
}

function ofFile(file: ConfigFile): ImportText[] {
  const bytes = bytesOf(file);
  if (!bytes || bytes.length > MAX_SCRIPT_BYTES || bytes.includes(0)) return [];
  return importText({ pointer: file.pointer, path: file.path, name: file.path, text: bytes.toString('utf8') });
}

function ofUnit({ pointer, name, text }: ConfigUnit): ImportText[] {
  return importText({ pointer, name, text: text.replace(/^Exec\w+\s*=\s*[-@:+!]*/gm, '') });
}

function importText(script: Pick<ImportText, 'pointer' | 'path' | 'name' | 'text'>): ImportText[] {
  const [pk12util, certutil] = [callsOf('pk12util', script.text), callsOf('certutil', script.text)];
  return pk12util.some((command) => hasOption(command, '-i')) ? [{ ...script, pk12util, certutil }] : [];
}
