import { OLD_BOOLEANS, resolvePlain } from './yaml-resolve';

/** What JSON can hold; keys whose value is undefined are absent. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * YAML as Go's yaml.v3 writes it at indent 2: keys in its natural order, block style, its choice of quotes, no line ever
 * folded. A string that begins with a newline keeps it, which yaml.v3 loses.
 */
export function emitYaml(value: { readonly [key: string]: Json | undefined }): string {
  const emitter = new Emitter();
  emitter.mapping(value, 0);
  return emitter.text();
}

/** The magnitude up to which one key stays on a line of its own without `?`. */
const SIMPLE_KEY_BYTES = 128;

class Emitter {
  private out = '';
  /** Whether the last line is finished, so that the next key needs no line break. */
  private fresh = true;

  public text(): string {
    return this.fresh ? this.out : `${this.out}\n`;
  }

  /** `inItem`: the first key follows the dash of its list item. */
  public mapping(map: { readonly [key: string]: Json | undefined }, indent: number, inItem = false): void {
    let first = inItem;
    for (const key of Object.keys(map).sort(naturalOrder)) {
      const value = map[key];
      if (value === undefined) continue;
      if (!first) this.line(indent);
      first = false;
      if (Buffer.byteLength(key) <= SIMPLE_KEY_BYTES && !/[\n\r\u0085\u2028\u2029]/.test(key)) {
        this.out += `${flowScalar(key)}:`;
        this.value(value, indent);
      } else {
        this.out += '?';
        this.value(key, indent);
        this.line(indent);
        this.out += ':';
        this.value(value, indent);
      }
    }
  }

  private value(value: Json, indent: number): void {
    if (Array.isArray(value)) this.sequence(value as readonly Json[], indent + 2);
    else if (typeof value === 'object') this.nested(value as { [key: string]: Json }, indent + 2);
    else this.scalar(value as string | number | boolean, indent + 2);
  }

  private nested(map: { readonly [key: string]: Json | undefined }, indent: number): void {
    if (Object.values(map).some((value) => value !== undefined)) this.mapping(map, indent);
    else this.out += ' {}';
  }

  private sequence(items: readonly Json[], indent: number): void {
    if (items.length === 0) {
      this.out += ' []';
      return;
    }
    for (const item of items) {
      this.line(indent);
      this.out += '-';
      if (typeof item === 'object' && !Array.isArray(item)) {
        this.out += ' ';
        this.mapping(item as { [key: string]: Json }, indent + 2, true);
      } else {
        this.value(item, indent);
      }
    }
  }

  private scalar(value: string | number | boolean, indent: number): void {
    if (typeof value === 'string' && value.includes('\n') && literalAllowed(value)) this.literal(value, indent);
    else this.out += ` ${typeof value === 'string' ? flowScalar(value, indent) : typeof value === 'number' ? formatNumber(value) : String(value)}`;
  }

  private literal(value: string, indent: number): void {
    const hint = /^[ \n\u2028\u2029]/.test(value) ? '2' : '';
    const ends = /[\n\u2028\u2029]$/.test(value);
    const chomp = !ends ? '-' : /^[\n\u2028\u2029]$/.test(value) || /[\n\u2028\u2029]{2}$/.test(value) ? '+' : '';
    this.out += ` |${hint}${chomp}\n`;
    const spaces = ' '.repeat(indent);
    this.out += value.replace(/[^\n\u2028\u2029]+/g, (line) => spaces + line);
    this.fresh = ends;
  }

  private line(indent: number): void {
    if (!this.fresh) this.out += '\n';
    this.fresh = false;
    this.out += ' '.repeat(indent);
  }
}

/** A scalar on one line: plain, single or double quoted. `indent` is that of what goes on after a line separator; keys have none. */
function flowScalar(text: string, indent?: number): string {
  if (text === '') return '""';
  if (WORD.test(text) && !text.endsWith(':') && !OLD_BOOLEANS.has(text) && resolvePlain(text).tag === '!!str') return text;
  if (text.includes('\n')) return doubleQuoted(text);
  const { tag } = resolvePlain(text);
  if (tag !== '!!str' || OLD_BOOLEANS.has(text) || isBase60(text)) return doubleQuoted(text);
  if (NOT_SINGLE_QUOTED.test(text) || indent === undefined && /[\r\u0085\u2028\u2029]/.test(text)) return doubleQuoted(text);
  if (plainAllowed(text)) return text;
  // yaml.v3 takes Unicode's separators for line breaks; so does whoever reads it with YAML 1.1.
  const lines = text.replace(/([\u2028\u2029])(?=[^\u2028\u2029 ])/g, `$1${' '.repeat(indent ?? 0)}`);
  return `'${lines.replace(/'/g, "''")}'`;
}

/**
 * Most scalars: keys, paths, names and data URLs. But for a colon at the end, none of these characters means anything to YAML where it
 * stands.
 */
const WORD = /^[A-Za-z/][A-Za-z0-9_./+=;,%()~!*':-]*$/;

const BREAK = '\\n\\r\\u0085\\u2028\\u2029';
/** yaml.v3's notion of printable ends at U+FFFD: everything beyond the basic plane is escaped. */
const SPECIAL_RANGES = '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufeff\\ufffe\\uffff';
const SPECIAL = new RegExp(`[${SPECIAL_RANGES}]`);
const NOT_SINGLE_QUOTED = new RegExp(`[\\t${SPECIAL_RANGES}]| [${BREAK}]|[${BREAK}] `);
const ESCAPED = new RegExp(`[\\n\\t"\\\\\\u2028\\u2029${SPECIAL_RANGES}\\u{10000}-\\u{10ffff}]`, 'gu');

/** What may not stand unquoted: indicators at the head, ends of keys and comments anywhere, blanks at either end, line breaks. */
const NOT_PLAIN = new RegExp([
  '^(?:---|\\.\\.\\.)', '^[#,[\\]{}&*!|>\'"%@`]', `^[?:-](?:[ \\t${BREAK}]|$)`, ':(?:[ \\t]|$)', `[\\0 \\t${BREAK}]#`, '^ ', ' $',
  `[${BREAK}]`,
].join('|'));
const SPACE_BEFORE_BREAK = new RegExp(` [${BREAK}]`);

function plainAllowed(text: string): boolean {
  return !NOT_PLAIN.test(text);
}

function literalAllowed(text: string): boolean {
  return !(SPECIAL.test(text) || text.endsWith(' ') || SPACE_BEFORE_BREAK.test(text));
}

const SHORT_ESCAPES: { readonly [code: number]: string } = {
  0: '\\0',
  7: '\\a',
  8: '\\b',
  9: '\\t',
  10: '\\n',
  11: '\\v',
  12: '\\f',
  13: '\\r',
  27: '\\e',
  34: '\\"',
  92: '\\\\',
  0x85: '\\N',
  0xa0: '\\_',
  0x2028: '\\L',
  0x2029: '\\P',
};

function doubleQuoted(text: string): string {
  // yaml.v3 looks for a byte order mark at the head of the text only, whichever character it is about to write.
  if (text.startsWith('\ufeff')) return `"${[...text].map((character) => escape(character.codePointAt(0)!)).join('')}"`;
  return `"${text.replace(ESCAPED, (character) => escape(character.codePointAt(0)!))}"`;
}

function escape(code: number): string {
  if (SHORT_ESCAPES[code] !== undefined) return SHORT_ESCAPES[code];
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function isBase60(text: string): boolean {
  return /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);
}

/** Go's shortest `%g` with its switch to exponents at a million: the tool's numbers pass through float64. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}

const LETTERS = /^[A-Za-z]+$/;

/** yaml.v3's order of keys: runs of digits compare as numbers, letters after everything else. */
export function naturalOrder(a: string, b: string): number {
  if (LETTERS.test(a) && LETTERS.test(b)) return a < b ? -1 : 1;
  const left = [...a];
  const right = [...b];
  let digits = false;
  for (let i = 0; i < left.length && i < right.length; i++) {
    if (left[i] === right[i]) {
      digits = isDigit(left[i]);
      continue;
    }
    const leftLetter = isLetter(left[i]);
    const rightLetter = isLetter(right[i]);
    if (leftLetter && rightLetter) return byCode(left[i], right[i]);
    if (leftLetter || rightLetter) return (digits ? leftLetter : rightLetter) ? -1 : 1;
    const [leftNumber, leftEnd] = digitsFrom(left, i, right[i]);
    const [rightNumber, rightEnd] = digitsFrom(right, i, left[i]);
    if (leftNumber !== rightNumber) return leftNumber < rightNumber ? -1 : 1;
    return leftEnd !== rightEnd ? leftEnd - rightEnd : byCode(left[i], right[i]);
  }
  return left.length - right.length;
}

/** The number at `i`; one that follows a common prefix of digits gets a leading 1, so that its zeros count. */
function digitsFrom(text: readonly string[], i: number, other: string): [bigint, number] {
  let number = 0n;
  if (text[i] === '0' || other === '0') {
    for (let j = i - 1; j >= 0 && isDigit(text[j]) && number === 0n; j--) if (text[j] !== '0') number = 1n;
  }
  let end = i;
  // Go adds the code point's distance from '0' for any Unicode digit, and its 64 bits wrap around.
  for (; end < text.length && isDigit(text[end]); end++) number = BigInt.asIntN(64, number * 10n + BigInt(text[end].codePointAt(0)! - 48));
  return [number, end];
}

function isDigit(character: string): boolean {
  return /\p{Nd}/u.test(character);
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character);
}

function byCode(a: string, b: string): number {
  return a.codePointAt(0)! - b.codePointAt(0)!;
}
