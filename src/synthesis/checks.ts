import { InputError } from './input-error';

/** What was passed, as an error names it. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'not given';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : `a ${value.constructor?.name ?? 'object'}`;
  return String(value);
}

/** @throws when a required prop is missing, or of another kind than its type says: JavaScript checks no types */
export function requireKind(prop: string, value: unknown, isOne: boolean, what: string): void {
  if (!isOne) throw new InputError(`'${prop}' (${shown(value)}) must be ${what}`);
}

/** @throws when a value is given and is not one of the enumeration */
export function requireMember(prop: string, value: unknown, members: { readonly [name: string]: string }): void {
  if (value === undefined) return;
  const values = Object.values(members);
  requireKind(prop, value, values.includes(value as string), `one of ${values.join(', ')}`);
}

/** @throws when a value is given and is neither true nor false */
export function requireBoolean(prop: string, value: unknown): void {
  if (value !== undefined) requireKind(prop, value, typeof value === 'boolean', 'true or false');
}

/** @throws when a value is not a text */
export function requireText(prop: string, value: unknown): void {
  requireKind(prop, value, typeof value === 'string', 'a text');
}
