import { Command, callsOf, commandsOf, hasOption, literalOf } from './commands';
import { bytesOf, ConfigFile, ConfigUnit, MachineConfigObject } from './machine-configs';
import { MAX_TEXT_BYTES } from './payloads';
import { pathsIn } from './unit-lines';

/** A text of a MachineConfig that works on an NSS database: a script, or a unit that does it by itself. */
export interface NssText {
  /** JSON pointer from the MachineConfig to what holds the text. */
  readonly pointer: string;
  /** The path of the script; undefined for a unit. */
  readonly path?: string;
  readonly name: string;
  readonly text: string;
  /** All of its commands. */
  readonly commands: readonly Command[];
  readonly pk12util: readonly Command[];
  readonly certutil: readonly Command[];
}

/** One that imports a bundle. */
export type ImportText = NssText;

const known = new WeakMap<MachineConfigObject, NssText[]>();

/** The scripts and units of a MachineConfig that call certutil or pk12util; worked out once. */
export function nssTexts(machineConfig: MachineConfigObject): readonly NssText[] {
  let texts = known.get(machineConfig);
  if (!texts) known.set(machineConfig, texts = [...machineConfig.files.flatMap(ofFile), ...machineConfig.units.flatMap(ofUnit)]);
  return texts;
}

/** Those that import certificates with their keys. */
export function importTexts(machineConfig: MachineConfigObject): readonly ImportText[] {
  return nssTexts(machineConfig).filter(({ pk12util }) => pk12util.some((command) => hasOption(command, '-i')));
}

/** The units that run an import: those that name its script, and those that import by themselves. */
export function importUnits(machineConfig: MachineConfigObject): ConfigUnit[] {
  const texts = importTexts(machineConfig);
  if (texts.length === 0) return [];
  const [paths, pointers] = [new Set(texts.map(({ path }) => path)), new Set(texts.map(({ pointer }) => pointer))];
  return machineConfig.units.filter(({ pointer, text }) => pointers.has(pointer) || pathsIn(text).some((path) => paths.has(path)));
}

/** Whether a renewed certificate replaces the old one: an import that never removes or renames anything leaves it. */
export function replacesOld({ commands }: NssText): boolean {
  // Not by the calls of certutil: a script may well have wrapped it in a function.
  return commands.some((command) => {
    const at = command.findIndex(({ text }) => text === '-F' || text === '-D' || text === '--rename');
    return at >= 0 && command.slice(at).some(({ text }) => text === '-n' || text === '-k');
  });
}

/** The nickname that a script is written for: the one whose trust it sets, beside the bundle that it imports. */
export function scriptNickname({ certutil }: NssText): string | undefined {
  const named = certutil.filter((command) => hasOption(command, '-M')).map((command) => literalOf(command, '-n'));
  return named.find((name) => name !== undefined);
}

/** What of a MachineConfig was not read because of its size, as the ends of sentences. */
export function unreadOf({ files, units }: MachineConfigObject): string[] {
  return [
    ...files.filter((file) => file.unread)
      .map(({ path }) => `'${path}' was not read: the files of all MachineConfigs together unpack to more than 64 MiB`),
    ...files.filter((file) => isTooLarge(bytesOf(file)))
      .map((file) => `'${file.path}' has ${bytesOf(file)!.length} bytes, and a script above ${MAX_TEXT_BYTES} is not read`),
    ...units.filter(({ unread }) => unread)
      .map(({ name }) => `unit '${name}' has more than ${MAX_TEXT_BYTES} characters, and was not read`),
  ];
}

/** Only for what calls the tools: other large files are nobody's business here. */
function isTooLarge(bytes: Buffer | undefined): boolean {
  if (bytes === undefined || bytes.length <= MAX_TEXT_BYTES || bytes.includes(0)) return false;
  return bytes.includes('pk12util') || bytes.includes('certutil');
}

type Parsed = Pick<NssText, 'text' | 'commands' | 'pk12util' | 'certutil'>;

/** Equal scripts of a set are one and the same buffer, and are taken apart once. */
const parsed = new WeakMap<Buffer, Parsed | null>();

function ofFile(file: ConfigFile): NssText[] {
  const bytes = bytesOf(file);
  if (!bytes || bytes.length > MAX_TEXT_BYTES) return [];
  let script = parsed.get(bytes);
  if (script === undefined) parsed.set(bytes, script = bytes.includes(0) ? null : parse(bytes.toString('utf8')));
  return script ? [{ pointer: file.pointer, path: file.path, name: file.path, ...script }] : [];
}

function ofUnit({ pointer, name, text }: ConfigUnit): NssText[] {
  const unit = parse(text.replace(/^Exec\w{1,32}[ \t]*=[ \t]*[-@:+!]*/gm, ''));
  return unit ? [{ pointer, name, ...unit }] : [];
}

function parse(text: string): Parsed | null {
  if (!text.includes('pk12util') && !text.includes('certutil')) return null;
  const commands = commandsOf(text);
  const [pk12util, certutil] = [callsOf('pk12util', commands), callsOf('certutil', commands)];
  return pk12util.length + certutil.length === 0 ? null : { text, commands, pk12util, certutil };
}
