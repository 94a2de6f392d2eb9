import { Document, isCollection, isMap, isNode, isPair, isScalar, isSeq, Node } from 'yaml';
import { isSecretName, SECRET_NAME } from '../core/secret-names';

/** A part of a text, from its first character to behind its last. */
export type Range = readonly [start: number, end: number];

const IN_TEXT: readonly RegExp[] = [
  /\bdata:(?<hidden>[^"'\s]*)/gid,
  // The value may stand on the next line, quoted or not, and within a text whose quotes and line breaks are escaped.
  new RegExp(`${SECRET_NAME}\\\\?["']?(?:\\s|\\\\n){0,40}[:=](?:\\s|\\\\n){0,80}(?:[|>][-+0-9]{0,2}\\s{1,80})?`
    + '(?<hidden>"(?:\\\\.|[^"\\\\])*"?|\'[^\']*\'?|\\\\"[^"\\\\]*|(?:[^\\s,}"\'\\\\]|\\\\(?!n))+)', 'gid'),
  /\s-[WK](?:\s|\\n){0,40}(?<hidden>\\?"[^"]*"?|'[^']*'?|[^\s\\]+)/gd,
  /-----BEGIN[^-]*KEY-----(?<hidden>[^-]*)/gd,
  // The password of a URL.
  /:\/\/[^\s/@:]{0,80}:(?<hidden>[^\s/@]{1,200})@/gd,
];

/** Where a text has payloads, long Base64, keys, and the values of what is named like a secret. */
export function secretsInText(text: string): Range[] {
  const found = IN_TEXT.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match.indices!.groups!.hidden as Range));
  return [...found, ...base64In(text)];
}

/** So many characters of Base64 in a row are more than a name. */
const LONG = 48;
const EQUALS_SIGN = 61;

/** Where long Base64 is: a run of it has a character at each place where one of so many is looked at. */
export function base64In(text: string): Range[] {
  const found: Range[] = [];
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isBase64(text.charCodeAt(at))) continue;
    let [start, end] = [at, at + 1];
    while (isBase64(text.charCodeAt(start - 1))) start--;
    while (isBase64(text.charCodeAt(end))) end++;
    at = end;
    if (end - start < LONG) continue;
    for (let signs = 0; signs < 2 && text.charCodeAt(end) === EQUALS_SIGN; signs++) end++;
    found.push([start, end]);
  }
  return found;
}

function isBase64(code: number): boolean {
  // eslint-disable-next-line no-bitwise
  const letter = code | 32;
  return letter >= 97 && letter <= 122 && code < 128 || code >= 47 && code <= 57 || code === 43;
}

/** How long a part of a text is in which secrets are looked for at once. */
const PART = 2048;
/** The name of a secret may stand lines before it. */
const NAME_BEFORE = 600;
/** A secret that begins in a part may go on behind it. */
const GOES_ON = 600;

/** The secrets of a text, looked for once in each part: a line may have a finding for each of many thousands of objects. */
export class SecretIndex {
  private readonly parts = new Map<number, readonly Range[]>();

  public constructor(private readonly text: string) {}

  /** The secrets that reach into a stretch of the text. */
  public within([from, to]: Range): Range[] {
    const found: Range[] = [];
    for (let part = Math.floor(from / PART); part * PART < to; part++) found.push(...this.inPart(part));
    return found;
  }

  private inPart(part: number): readonly Range[] {
    let ranges = this.parts.get(part);
    if (!ranges) {
      const start = Math.max(0, part * PART - NAME_BEFORE);
      const near = this.text.slice(start, (part + 1) * PART + GOES_ON);
      this.parts.set(part, ranges = secretsInText(near).map(([from, to]): Range => [from + start, to + start]));
    }
    return ranges;
  }
}

/** A list that knows where its items stand before they are made. */
interface ListOfMany {
  readonly near: (range: Range) => readonly Node[];
}

/** Where a document has values of keys that are named like secrets, wherever they stand; only near `from` to `to`. */
export function secretsInNodes({ contents }: Document.Parsed, [from, to]: Range): Range[] {
  const found: Range[] = [];
  walk(contents);
  return found;

  function walk(node: Node | null): void {
    if (!node || !overlaps(node)) return;
    if ('near' in node) {
      (node as unknown as ListOfMany).near([from, to]).forEach(walk);
    } else if (isSeq(node)) {
      for (let index = firstFrom(node.items); index < node.items.length; index++) {
        const item = node.items[index];
        if (isNode(item) && item.range && item.range[0] > to) break;
        walk(isNode(item) ? item : null);
      }
    } else if (isMap(node)) {
      for (const pair of node.items) {
        if (!isNode(pair.value)) continue;
        if (isScalar(pair.key) && isSecretName(String(pair.key.value)) && (isScalar(pair.value) || isCollection(pair.value))) {
          add(pair.value);
        } else {
          walk(pair.value);
        }
      }
    } else if (isScalar(node) && typeof node.value === 'string' && /^data:|-----BEGIN/.test(node.value)) {
      add(node);
    }
  }

  /** The items stand in order, and a list may have one for each of many findings. */
  function firstFrom(items: readonly unknown[]): number {
    let [low, high] = [0, items.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const item = items[middle];
      if (isNode(item) && item.range && item.range[1] < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function overlaps({ range }: Node): boolean {
    return range !== null && range !== undefined && range[0] <= to && range[1] >= from;
  }

  function add(node: Node): void {
    if (node.range && overlaps(node) && !isPair(node)) found.push([node.range[0], node.range[1]]);
  }
}

/** What stands for a character of a secret. */
export const MASK = '\u2026';

/** A text in which each character of a secret near a line is another one, so that columns stay what they are. */
export function maskedLine(lines: readonly string[], line: number, column: number): string {
  const text = lines[line - 1] ?? '';
  const [from, to] = [Math.max(0, column - NEAR), column + NEAR];
  const before = `${lines.slice(Math.max(0, line - 8), line - 1).map((each) => each.slice(-NEAR)).join('\n')}\n`;
  let masked = text;
  for (const [start, end] of secretsInText(before + text.slice(from, to))) {
    const first = Math.max(0, start - before.length);
    const length = Math.max(0, end - before.length - first);
    masked = masked.slice(0, from + first) + MASK.repeat(length) + masked.slice(from + first + length);
  }
  return masked;
}

/** How far from a place a name may stand whose value is there. */
const NEAR = 600;
