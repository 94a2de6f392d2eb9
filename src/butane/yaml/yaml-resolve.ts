/** What a plain scalar means to Go's yaml.v3, which is YAML 1.2 with the octal numbers of 1.1 and without its booleans. */
export interface Resolved {
  readonly tag: '!!str' | '!!int' | '!!float' | '!!bool' | '!!null' | '!!timestamp';
  /** Integers that a double cannot hold are rounded, as they are when the tool's JSON becomes YAML. */
  readonly value: string | number | boolean | null;
}

const WORDS: ReadonlyMap<string, Resolved> = new Map([
  ...words('!!bool', true, 'true', 'True', 'TRUE'),
  ...words('!!bool', false, 'false', 'False', 'FALSE'),
  ...words('!!null', null, '', '~', 'null', 'Null', 'NULL'),
  ...words('!!float', NaN, '.nan', '.NaN', '.NAN'),
  ...words('!!float', Infinity, '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'),
  ...words('!!float', -Infinity, '-.inf', '-.Inf', '-.INF'),
]);

/** The booleans of YAML 1.1: text to yaml.v3, unless a field asks for a boolean; quoted on the way out. */
export const OLD_BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word): [string, boolean] => [word, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word): [string, boolean] => [word, false]),
]);

const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))| *(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INT64 = 2n ** 63n;
const UINT64 = 2n ** 64n;

/** Resolves a plain scalar. */
export function resolvePlain(text: string): Resolved {
  const first = text.charCodeAt(0);
  const digit = first >= 48 && first <= 57;
  // Most scalars are words that begin with none of the characters that make a number, a boolean or null.
  if (!(text === '' || digit || '+-.~yYnNtTfFoO'.includes(text[0]))) return { tag: '!!str', value: text };
  const word = WORDS.get(text);
  if (word) return word;
  if (text[0] === '.') return float(text) ?? { tag: '!!str', value: text };
  if (digit || text[0] === '+' || text[0] === '-') return number(text) ?? { tag: '!!str', value: text };
  return { tag: '!!str', value: text };
}

function number(text: string): Resolved | undefined {
  if (isTimestamp(text)) return { tag: '!!timestamp', value: text };
  const plain = text.replace(/_/g, '');
  return integer(plain, plain.startsWith('-')) ?? float(plain) ?? oddInteger(plain);
}

/** Go's ParseInt with base 0, then ParseUint. */
function integer(plain: string, negative: boolean): Resolved | undefined {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9][0-9]*|0)$/.exec(plain);
  if (!match) return undefined;
  const digits = match[2];
  const magnitude = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits.toLowerCase());
  const limit = match[1] === '' ? UINT64 - 1n : negative ? INT64 : INT64 - 1n;
  return magnitude <= limit ? { tag: '!!int', value: Number(negative ? -magnitude : magnitude) } : undefined;
}

/** `0b-1` and `0o-7`: yaml.v3 cuts the prefix off and reads what is left with its sign. */
function oddInteger(plain: string): Resolved | undefined {
  const match = /^0([bo])([+-])([0-7]+)$/.exec(plain);
  if (!match || match[1] === 'b' && /[2-7]/.test(match[3])) return undefined;
  const magnitude = BigInt(`0${match[1]}${match[3]}`);
  return magnitude < INT64 ? { tag: '!!int', value: Number(match[2] === '-' ? -magnitude : magnitude) } : undefined;
}

function float(text: string): Resolved | undefined {
  if (!FLOAT.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { tag: '!!float', value } : undefined;
}

function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1, 4).map(Number);
  const [hour, minute, second] = (match[4] === undefined ? match.slice(9, 12) : match.slice(4, 7)).map((part) => Number(part ?? 0));
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month) && hour < 24 && minute < 60 && second < 60
    && Number(match[7] ?? 0) <= 24 && Number(match[8] ?? 0) < 60;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function words(tag: Resolved['tag'], value: Resolved['value'], ...texts: string[]): [string, Resolved][] {
  return texts.map((text) => [text, { tag, value }]);
}
