import { Struct } from './schema';

/** A struct whose fields are looked up by name. */
export interface Values { [name: string]: unknown }

/** Whether a value is what Go calls zero: absent, empty text, 0, or a struct of such. Pointers are undefined or count as set. */
export function isZero(value: unknown): boolean {
  if (value === undefined || value === '' || value === 0) return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((inner) => inner === undefined || typeof inner === 'object' && isZero(inner));
}

interface ListRules {
  /** Lists of a struct in which the same entry may stand twice. */
  readonly ignoreDuplicates: readonly string[];
  /** Lists of a struct whose entries share one space of keys. */
  readonly sharedKeys: readonly string[];
}

/** `IgnoreDuplicates` and `MergedKeys` of Ignition's types. */
const LIST_RULES: { readonly [struct: string]: Partial<ListRules> } = {
  File: { ignoreDuplicates: ['append'] },
  Filesystem: { ignoreDuplicates: ['options', 'mountOptions'] },
  Luks: { ignoreDuplicates: ['options'] },
  Raid: { ignoreDuplicates: ['options'] },
  KernelArguments: { sharedKeys: ['shouldExist', 'shouldNotExist'] },
  Storage: { sharedKeys: ['directories', 'files', 'links'] },
};

export function listRules(struct: string): ListRules {
  return { ignoreDuplicates: [], sharedKeys: [], ...LIST_RULES[struct] };
}

/** `Key` of Ignition's types: the field that names an entry of a list. */
const KEYS: { readonly [struct: string]: string } = {
  Directory: 'path',
  File: 'path',
  Link: 'path',
  Disk: 'device',
  Filesystem: 'device',
  Raid: 'name',
  Luks: 'name',
  Unit: 'name',
  Dropin: 'name',
  PasswdUser: 'name',
  PasswdGroup: 'name',
  Resource: 'source',
  HTTPHeader: 'name',
  Tang: 'url',
};

/** By what an entry of a struct's list is known among the others. */
export function keyOf(struct: Struct, list: string, item: unknown): string {
  if (typeof item === 'string') return item;
  const type = struct.fields.find(({ name }) => name === list)!.type as { item: { struct: Struct } };
  const values = item as Values;
  if (type.item.struct.name === 'Partition') {
    return values.number ? `number:${String(values.number)}` : values.label === undefined ? '' : `label:${String(values.label)}`;
  }
  return (values[KEYS[type.item.struct.name]] ?? '') as string;
}
