import { Document, isCollection, isMap, isNode, isPair, isScalar, isSeq, Node } from 'yaml';

/** A part of a text, from its first character to behind its last. */
export type Range = readonly [start: number, end: number];

/** Names of keys, options and variables that hold a secret; parts of longer names count. */
const SECRET_NAME = '[\\w-]{0,60}(?:psk|pass|secret|token|credential|(?<![A-Za-z])(?:pin|key)(?![A-Za-z])|(?:api|private|shared|ssh)[_-]?key)[\\w-]{0,60}';
const IS_SECRET_NAME = new RegExp(`^${SECRET_NAME}$`, 'i');

const IN_TEXT: readonly RegExp[] = [
  /\bdata:(?<hidden>[^"'\s]*)/gid,
  // The value may stand on the next line, quoted or not, and within a text whose quotes and line breaks are escaped.
  new RegExp(`${SECRET_NAME}\\\\?["']?(?:\\s|\\\\n){0,40}[:=](?:\\s|\\\\n){0,80}(?:[|>][-+0-9]{0,2}\\s{1,80})?`
    + '(?<hidden>"(?:\\\\.|[^"\\\\])*"?|\'[^\']*\'?|\\\\"[^"\\\\]*|(?:[^\\s,}"\'\\\\]|\\\\(?!n))+)', 'gid'),
  /\s-[WK](?:\s|\\n){0,40}(?<hidden>\\?"[^"]*"?|'[^']*'?|[^\s\\]+)/gd,
  /-----BEGIN[^-]*KEY-----(?<hidden>[^-]*)/gd,
  /(?<hidden>[A-Za-z0-9+/]{48,}={0,2})/gd,
];

/** Where a text has payloads, long Base64, keys, and the values of what is named like a secret. */
export function secretsInText(text: string): Range[] {
  return IN_TEXT.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match.indices!.groups!.hidden as Range));
}

/** Where a document has values of keys that are named like secrets, wherever they stand; only near `from` to `to`. */
export function secretsInNodes({ contents }: Document.Parsed, [from, to]: Range): Range[] {
  const found: Range[] = [];
  walk(contents);
  return found;

  function walk(node: Node | null): void {
    if (!node || !overlaps(node)) return;
    if (isSeq(node)) {
      for (const item of node.items) walk(isNode(item) ? item : null);
    } else if (isMap(node)) {
      for (const pair of node.items) {
        if (!isNode(pair.value)) continue;
        if (isScalar(pair.key) && IS_SECRET_NAME.test(String(pair.key.value)) && (isScalar(pair.value) || isCollection(pair.value))) add(pair.value);
        else walk(pair.value);
      }
    } else if (isScalar(node) && typeof node.value === 'string' && /^data:|-----BEGIN/.test(node.value)) {
      add(node);
    }
  }

  function overlaps({ range }: Node): boolean {
    return range !== null && range !== undefined && range[0] <= to && range[1] >= from;
  }

  function add(node: Node): void {
    if (node.range && overlaps(node) && !isPair(node)) found.push([node.range[0], node.range[1]]);
  }
}
