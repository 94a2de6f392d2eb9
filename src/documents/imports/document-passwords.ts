import { Command, literalOf, optionOf } from '../machine-config/commands';
import { bytesOf, MachineConfigObject } from '../machine-config/machine-configs';
import { importTexts } from '../machine-config/scripts';
import { environmentOf } from '../machine-config/unit-lines';

/** A text in a MachineConfig that may be the password of a bundle. Whether it is one, only a bundle that it opens shows. */
export interface DocumentPassword {
  readonly machineConfig: MachineConfigObject;
  readonly value: Buffer;
  /** JSON pointer from the MachineConfig to what holds it. */
  readonly pointer: string;
  /** What holds it: the path of a file or the name of a unit. */
  readonly holder: string;
}

const MAX_PASSWORD_BYTES = 1024;

/** How many passwords of one MachineConfig are tried: each try costs a key derivation. */
const MAX_OWN = 16;

/** What variables, settings and files with a password are called. */
const PASSWORD_NAME = /pass|pwd|secret|\bpin\b|_pin\b/i;

const known = new WeakMap<MachineConfigObject, DocumentPassword[]>();

/** What a MachineConfig holds that may be a password: arguments of commands, files and variables that are named like one. */
export function passwordsOf(machineConfig: MachineConfigObject): readonly DocumentPassword[] {
  let passwords = known.get(machineConfig);
  if (!passwords) {
    const all = [...inScripts(machineConfig), ...inFiles(machineConfig), ...inUnits(machineConfig)];
    const different = new Map(all.map((password) => [`${password.pointer} ${password.value.toString('latin1')}`, password]));
    known.set(machineConfig, passwords = [...different.values()].slice(0, MAX_OWN));
  }
  return passwords;
}

function inScripts(machineConfig: MachineConfigObject): DocumentPassword[] {
  return importTexts(machineConfig).flatMap(({ commands, pk12util, pointer, name }) => {
    const values = [...pk12util.map((command) => literalOf(command, '-W')), ...commands.flatMap(passwordsInCommand)];
    return values.filter((value) => value !== undefined).filter((value) => value !== '' && value.length <= MAX_PASSWORD_BYTES)
      .map((value) => ({ machineConfig, value: Buffer.from(value), pointer, holder: name }));
  });
}

/** `PASSWORD=x`, `-passin pass:x` of openssl, and what `echo` and `printf` write. */
function passwordsInCommand(command: Command): string[] {
  const echoes = command.some(({ text }) => text === 'echo' || text === 'printf');
  return command.filter(({ literal }) => literal).flatMap(({ text }) => {
    const [, variable, value] = /^(\w{1,64})=([^]*)$/.exec(text) ?? [];
    if (variable !== undefined && PASSWORD_NAME.test(variable)) return [value];
    if (text.startsWith('pass:')) return [text.slice('pass:'.length)];
    // The rest of a line of output is words for people.
    return echoes && !/\s/.test(text) && !text.startsWith('-') ? [text.replace(/\\n$/, '')] : [];
  });
}

function inFiles(machineConfig: MachineConfigObject): DocumentPassword[] {
  const named = new Set([
    ...importTexts(machineConfig).flatMap(({ pk12util }) => pk12util.flatMap((command) => optionOf(command, '-w')?.text ?? [])),
    ...machineConfig.units.flatMap((unit) => environmentOf(unit).filter(([name]) => PASSWORD_NAME.test(name)).map(([, value]) => value)),
  ]);
  return machineConfig.files.flatMap((file) => {
    if (!named.has(file.path) && !PASSWORD_NAME.test(file.path.slice(file.path.lastIndexOf('/')))) return [];
    const bytes = bytesOf(file);
    if (!bytes || bytes.length > MAX_PASSWORD_BYTES) return [];
    const value = bytes.subarray(0, bytes.length - (/\r?\n$/.exec(bytes.toString('latin1'))?.[0].length ?? 0));
    return value.length === 0 ? [] : [{ machineConfig, value, pointer: file.pointer, holder: file.path }];
  });
}

function inUnits(machineConfig: MachineConfigObject): DocumentPassword[] {
  return machineConfig.units.flatMap((unit) => environmentOf(unit)
    .filter(([name, value]) => PASSWORD_NAME.test(name) && value !== '' && value.length <= MAX_PASSWORD_BYTES && !value.startsWith('/'))
    .map(([, value]) => ({ machineConfig, value: Buffer.from(value), pointer: unit.pointer, holder: unit.name })));
}
