/**
 * Plain scalars as `KUBERNETES_YAML` reads them, as far as that is certain at a glance: a text that merely may be something
 * else is left to the YAML library.
 */

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

/** The value of a plain scalar in one line, whose ends are no white space. */
export function plainValue(text: string): string | number | boolean | null | typeof UNSURE {
  const first = text.charCodeAt(0);
  if (INDICATOR.has(first) || text.includes(': ') || text.includes(' #') || text.endsWith(':')) return UNSURE;
  const { length } = text;
  if (length <= 5 && WORD.test(text)) {
    return text === 'true' ? true : text === 'false' ? false : text === 'null' ? null : UNSURE;
  }
  if (!mayBeNumber(first)) return text;
  if (first === MINUS && (length === 1 || text.charCodeAt(1) === SPACE)) return UNSURE;
  if (!NUMBER.test(text)) return text.startsWith('---') || text.startsWith('...') ? UNSURE : text;
  return text === '0' || INTEGER.test(text) ? Number(text) : UNSURE;
}

const SPACE = 32;
const MINUS = 45;

/** Numbers begin with a digit, a sign, a point, or the `e` of an exponent alone. */
function mayBeNumber(first: number): boolean {
  return first >= 48 && first <= 57 || first === MINUS || first === 43 || first === 46 || first === 101 || first === 69;
}

/** A key that stands as it is; undefined where that is not certain. */
export function plainKey(text: string): string | undefined {
  if (text.length > LONGEST_KEY || text === '<<' || text === '__proto__') return undefined;
  const value = plainValue(text);
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
