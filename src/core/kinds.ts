import { InputError } from './input-error';

/** What the value of a prop must be: types say it, but JavaScript checks none. */
export interface Kind {
  /** As the end of a sentence: `a text`, `one of Disabled, External, Full`. */
  readonly what: string;
  readonly is: (value: unknown) => boolean;
}

/** The kind of a prop that may be left out. */
export interface OptionalKind extends Kind {
  readonly optional: true;
}

/**
 * The kinds of all props of an interface. The compiler refuses a list that lacks a prop, has one too many, or takes a required
 * one for optional.
 */
export type KindsOf<T> = {
  readonly [prop in keyof Required<T>]: undefined extends T[prop & keyof T] ? OptionalKind : Kind & { readonly optional?: never };
};

export const TEXT: Kind = { what: 'a text', is: (value) => typeof value === 'string' };
export const FLAG: Kind = { what: 'true or false', is: (value) => typeof value === 'boolean' };
export const NUMBER: Kind = { what: 'a number', is: (value) => typeof value === 'number' };

/** A value of an enumeration. */
export function member(enumeration: { readonly [name: string]: string }): Kind {
  const values = Object.values(enumeration);
  return { what: `one of ${values.join(', ')}`, is: (value) => values.includes(value as string) };
}

/** An object of a class; `example` shows how to get one. */
export function instance(type: { readonly name: string; [Symbol.hasInstance](value: unknown): boolean }, example?: string): Kind {
  const what = article(type.name);
  return { what: example === undefined ? what : `${what}, such as ${example}`, is: (value) => type[Symbol.hasInstance](value) };
}

/** A list; `what` names its elements in the plural. */
export function listOf({ is }: Kind, what: string, example?: string): Kind {
  return {
    what: `a list of ${what}${example === undefined ? '' : `, such as ${example}`}`,
    is: (value) => Array.isArray(value) && value.every(is),
  };
}

/** A map from texts; `what` names its values in the plural. */
export function mapOf({ is }: Kind, what: string): Kind {
  return { what: `a map of ${what}`, is: (value) => isPlain(value) && Object.values(value as object).every(is) };
}

/** Either of two kinds. */
export function either(one: Kind, other: Kind): Kind {
  return { what: `${one.what} or ${other.what}`, is: (value) => one.is(value) || other.is(value) };
}

/** A prop that may be left out. */
export function optional(kind: Kind): OptionalKind {
  return { ...kind, optional: true };
}

/** `acknowledge`, which every construct that can warn has. */
export const ACKNOWLEDGE: OptionalKind = optional({ what: 'a map from rule ids to reasons', is: isPlain });

/** @throws when a value is of another kind than it must be */
export function requireKind(prop: string, value: unknown, { what, is }: Kind): void {
  if (is(value)) return;
  const given = shown(value);
  const written = typeof value === 'number' && what.startsWith('a text') ? `: write it as a text, '${value}'` : '';
  throw new InputError(`'${prop}' (${given}) ${typeof value === 'number' && written ? 'is a number, and ' : ''}must be ${what}${written}`);
}

/** What was passed, as an error names it; never more of an object than what it is. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'not given';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) {
    const texts = value.filter((item) => typeof item === 'string');
    return value.length > 0 && value.length <= 5 && texts.length === value.length
      ? `the list ${texts.map((item) => `'${item}'`).join(', ')}`
      : 'a list';
  }
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object') return String(value);
  const name = value.constructor?.name ?? 'Object';
  return name === 'Object' ? 'an object' : article(name);
}

function article(name: string): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
