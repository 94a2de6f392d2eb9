import { withoutGivenSecret } from '../core/secret-names';

/** A value as it is read from YAML or JSON: nothing in it is trusted to have its type. */
export interface PlainObject { readonly [key: string]: unknown }

/** The value as a plain object, or undefined where it is anything else. */
export function record(value: unknown): PlainObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as PlainObject : undefined;
}

/** The value as a list, empty where it is anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a text, or undefined where it is anything else. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value reached by keys, or undefined where a step is missing or no object. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let inner = value;
  for (const key of keys) {
    const holder = record(inner);
    if (!holder || !Object.hasOwn(holder, key)) return undefined;
    inner = holder[key];
  }
  return inner;
}

/** Whether a key is absent for the API server, which drops null. */
export function isMissing(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** A key as a step of a JSON pointer (RFC 6901). */
export function step(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

const MOST_SHOWN = 80;

/** A value as messages show it; long ones shortened, and without a secret that is given in one. */
export function show(value: unknown): string {
  if (typeof value === 'string') {
    const shown = withoutGivenSecret(value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN - 3)}…` : value);
    return `'${shown}'`;
  }
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'a map' : String(value);
}
