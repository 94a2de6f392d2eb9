import { Construct } from 'constructs';
import { InputError } from './input-error';
import { Kind, KindsOf, requireKind } from './kinds';
import { nearest } from './nearest';

/**
 * Runs the body of a constructor, after `super`: props that the construct does not know, or of another kind than they must
 * be, are refused, and whatever is refused names the construct by its path.
 */
export function build<T extends object, R>(construct: Construct, props: T, kinds: KindsOf<T>, body: () => R): R {
  return named(construct, () => {
    requireProps(construct.constructor.name, props, kinds);
    return body();
  });
}

/** Runs what belongs to a construct: whatever is refused names the construct by its path. */
export function named<R>(construct: Construct, body: () => R): R {
  try {
    return body();
  } catch (error) {
    throw error instanceof InputError ? error._at(construct.node.path) : error;
  }
}

/**
 * Holds an object against its interface, as a compiler would for those who write TypeScript.
 *
 * @throws when a prop is given that is none, a required one is missing, or one is of another kind
 */
export function requireProps<T extends object>(what: string, props: T, kinds: KindsOf<T>): void {
  if (typeof props !== 'object' || props === null || Array.isArray(props)) {
    throw new InputError(
      `the props of ${what} `
        + `(${props === null || props === undefined ? 'not given' : Array.isArray(props) ? 'a list' : typeof props}) must be an object`,
    );
  }
  if (fits(props, kinds)) return;
  for (const prop in props) {
    if (!Object.hasOwn(kinds, prop) && props[prop] !== undefined) refuseUnknown(what, prop, Object.keys(kinds));
  }
  for (const prop in kinds) {
    const value = (props as { readonly [prop: string]: unknown })[prop];
    const kind = kinds[prop] as Kind & { readonly optional?: boolean };
    if (value === undefined && kind.optional) continue;
    // Who leaves a prop out knows that; who misspells a member of an enumeration in JavaScript does not.
    if (value === undefined && Object.hasOwn(props, prop) && kind.what.startsWith('one of ')) {
      throw new InputError(`'${prop}' (undefined: not given, or no member of its enumeration) must be ${kind.what}`);
    }
    requireKind(prop, value, kind);
  }
}

/** Whether an object as it is written in code is right, which almost all are, without a question for each prop that it leaves out. */
function fits<T extends object>(props: T, kinds: KindsOf<T>): boolean {
  if (Object.getPrototypeOf(props) !== Object.prototype) return false;
  const { byProp, required } = tableOf(kinds);
  let missing = required;
  for (const prop in props) {
    const value: unknown = props[prop];
    if (value === undefined) continue;
    const kind = byProp.get(prop);
    if (!kind?.is(value)) return false;
    if (!kind.optional) missing--;
  }
  return missing === 0;
}

type AnyKind = Kind & { readonly optional?: boolean };

interface KindTable {
  readonly byProp: ReadonlyMap<string, AnyKind>;
  readonly required: number;
}

const TABLES = new WeakMap<object, KindTable>();

function tableOf(kinds: object): KindTable {
  let table = TABLES.get(kinds);
  if (!table) {
    const byProp = new Map(Object.entries(kinds as { readonly [prop: string]: AnyKind }));
    table = { byProp, required: [...byProp.values()].filter(({ optional }) => !optional).length };
    TABLES.set(kinds, table);
  }
  return table;
}

function refuseUnknown(what: string, prop: string, names: readonly string[]): never {
  const meant = nearest(prop, names, Math.max(1, Math.floor(prop.length / 4)));
  throw new InputError(`'${prop}' is no prop of ${what}, and would have no effect: `
    + (meant === undefined ? `it takes ${names.join(', ')}` : `write '${meant}', if that is meant`));
}
