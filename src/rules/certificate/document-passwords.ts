import { environmentOf } from './described-import';
import { optionOf } from '../machine-config/commands';
import { bytesOf, MachineConfigObject } from '../machine-config/machine-configs';
import { importTexts } from '../machine-config/scripts';

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

const known = new WeakMap<MachineConfigObject, DocumentPassword[]>();

/** What a MachineConfig holds that may be a password: arguments of pk12util, files and variables that are named like one. */
export function passwordsOf(machineConfig: MachineConfigObject): readonly DocumentPassword[] {
  let passwords = known.get(machineConfig);
  if (!passwords) known.set(machineConfig, passwords = [...inScripts(machineConfig), ...inFiles(machineConfig), ...inUnits(machineConfig)]);
  return passwords;
}

function inScripts(machineConfig: MachineConfigObject): DocumentPassword[] {
  return importTexts(machineConfig).flatMap(({ pk12util, pointer, name, text }) => {
    const argument = pk12util.flatMap((command) => optionOf(command, '-W') ?? []).filter((word) => word.literal).map((word) => word.text);
    const variables = [...text.matchAll(/^\s*(?:export\s+|readonly\s+|local\s+)?\w*(?:PASS|PASSWORD|PWD|SECRET)\w*=("[^"$`]*"|'[^']*'|[^\s$`"';]+)/gim)].map(([, value]) => value.replace(/^["']|["']$/g, ''));
    return [...argument, ...variables].filter((value) => value !== '').map((value) => ({ machineConfig, value: Buffer.from(value), pointer, holder: name }));
  });
}

function inFiles(machineConfig: MachineConfigObject): DocumentPassword[] {
  const named = [
    ...importTexts(machineConfig).flatMap(({ pk12util }) => pk12util.flatMap((command) => optionOf(command, '-w')?.text ?? [])),
    ...machineConfig.units.flatMap((unit) => environmentOf(unit).filter(([name]) => /pass|pwd|secret/i.test(name)).map(([, value]) => value)),
  ];
  return machineConfig.files.flatMap((file) => {
    if (!named.includes(file.path) && !/pass|pwd|secret/i.test(file.path.replace(/.*\//, ''))) return [];
    const bytes = bytesOf(file);
    if (!bytes || bytes.length > MAX_PASSWORD_BYTES) return [];
    const value = bytes.subarray(0, bytes.length - (/\r?\n$/.exec(bytes.toString('latin1'))?.[0].length ?? 0));
    return value.length === 0 ? [] : [{ machineConfig, value, pointer: file.pointer, holder: file.path }];
  });
}

function inUnits(machineConfig: MachineConfigObject): DocumentPassword[] {
  return machineConfig.units.flatMap((unit) => environmentOf(unit)
    .filter(([name, value]) => /pass|pwd|secret/i.test(name) && value !== '' && !value.startsWith('/'))
    .map(([, value]) => ({ machineConfig, value: Buffer.from(value), pointer: unit.pointer, holder: unit.name })));
}
