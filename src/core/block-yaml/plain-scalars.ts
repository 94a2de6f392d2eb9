// Plain scalars as far as they are certain at a glance: a text that merely may be something else is left to the YAML library.

/** Every word that YAML 1.1 reads as a boolean or null. */
const WORD = /^(?:~|[Nn]ull|NULL|[YyNn]|[Yy]es|YES|[Nn]o|NO|[Tt]rue|TRUE|[Ff]alse|FALSE|[Oo]n|ON|[Oo]ff|OFF)$/;

/** Every number that it reads. */
const NUMBER = new RegExp(`^(?:${[
  '[-+]?0b[01_]+', '[-+]?0[0-7_]+', '0o[0-7]+', '[-+]?[0-9][0-9_]*', '[-+]?0x[0-9a-fA-F_]+', '[-+]?\\.(?:inf|Inf|INF)',
  '\\.(?:nan|NaN|NAN)',
  '[-+]?(?:[0-9][0-9_]*)?(?:\\.[0-9_]*)?[eE][-+]?[0-9]+', '[-+]?(?:[0-9][0-9_]*)?\\.[0-9_]*',
].join('|')})$`);

/** Numbers that are the same in every YAML and in JSON. */
const INTEGER = /^-?[1-9][0-9]{0,14}$/;

/** What can't begin a plain scalar, or looks as if it could not. */
const INDICATOR = new Set([...'?:,[]{}#&*!|>\'"%@`='].map((character) => character.charCodeAt(0)));

/** Beyond it, a key is none for some readers. */
const LONGEST_KEY = 1000;

/** A value that is left to the YAML library. */
export const UNSURE = Symbol('unsure');

/** What the plain scalars of a text are read as. */
export interface PlainScalars {
  /** The value of one in one line, whose ends are no white space. */
  readonly value: (text: string) => string | number | boolean | null | typeof UNSURE;
  /** A key that stands as it is; undefined where that is not certain. */
  readonly key: (text: string) => string | undefined;
}

/** Plain scalars as `KUBERNETES_YAML` reads them: numbers, booleans, null and texts. */
export const TYPED: PlainScalars = { value: typedValue, key: (text) => keyOf(text, typedValue(text)) };

/** Plain scalars as they are written, for a reader that decides itself what they are. */
export const WRITTEN: PlainScalars = { value: writtenValue, key: (text) => keyOf(text, writtenValue(text)) };

function writtenValue(text: string): string | typeof UNSURE {
  const first = text.charCodeAt(0);
  if (isMore(first, text)) return UNSURE;
  if (first === MINUS) return isDash(text) || text.startsWith('---') ? UNSURE : text;
  return text.startsWith('...') ? UNSURE : text;
}

function typedValue(text: string): string | number | boolean | null | typeof UNSURE {
  const first = text.charCodeAt(0);
  if (isMore(first, text)) return UNSURE;
  const { length } = text;
  if (length <= 5 && WORD.test(text)) {
    return text === 'true' ? true : text === 'false' ? false : text === 'null' ? null : UNSURE;
  }
  if (!mayBeNumber(first)) return text;
  if (first === MINUS && isDash(text)) return UNSURE;
  if (!NUMBER.test(text)) return text.startsWith('---') || text.startsWith('...') ? UNSURE : text;
  return text === '0' || INTEGER.test(text) ? Number(text) : UNSURE;
}

/** Whether it is a quoted text, a collection, a map in one line, or has a comment. */
function isMore(first: number, text: string): boolean {
  return INDICATOR.has(first) || text.includes(': ') || text.includes(' #') || text.endsWith(':');
}

function isDash(text: string): boolean {
  return text.length === 1 || text.charCodeAt(1) === SPACE;
}

const SPACE = 32;
const MINUS = 45;

/** Numbers begin with a digit, a sign, a point, or the `e` of an exponent alone. */
function mayBeNumber(first: number): boolean {
  return first >= 48 && first <= 57 || first === MINUS || first === 43 || first === 46 || first === 101 || first === 69;
}

function keyOf(text: string, value: unknown): string | undefined {
  if (text.length > LONGEST_KEY || text === '<<' || text === '__proto__') return undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The text of a scalar in double quotes, quotes included; undefined where it is not certain. */
export function doubleQuoted(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    // What JSON escapes, YAML escapes in the same way.
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
