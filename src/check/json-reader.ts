import type { Node } from 'yaml';
import { isEscaped, isSpace, stringEnd } from './json-characters';
import { MAX_DEPTH } from './plain-tree';

/** A text that is JSON, and its nodes, each with its range in the text, as the YAML library would make them. */
export interface JsonText {
  readonly value: object;
  readonly nodes: () => Node;
}

/** What JSON takes and YAML may not: tabs and carriage returns for white space, control characters in texts, and marks. */
const UNUSUAL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

/** Beyond it, a key is none for some readers of YAML. */
const LONGEST_KEY = 1000;

/**
 * A map or list in JSON, as every reader of YAML understands it; undefined where the text is something else, where a key is there twice,
 * or where YAML could mean anything else by it.
 */
export function readJson(text: string): JsonText | undefined {
  const first = /\S/.exec(text.slice(0, 1000))?.[0];
  if (first !== '{' && first !== '[' || UNUSUAL.test(text)) return undefined;
  try {
    const value = JSON.parse(text) as object;
    // Of a key that is there twice, with all that is in it, `JSON.parse` keeps one.
    const keys = new KeysOfValue(value);
    return keys.areColonsOf(text) || keys.count === keysInText(text) ? { value, nodes: () => nodesOf(text) } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error === OTHER) return undefined;
    throw error;
  }
}

const OTHER = { reason: 'not what YAML reads in the same way' };

/** Loaded when something is to be found in a text: it takes all of the YAML library. */
function nodesOf(text: string): Node {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { JsonNodes } = require('./json-nodes') as typeof import('./json-nodes');
  return new JsonNodes(text).nodes();
}

const [NEWLINE, SPACE, COLON] = [10, 32, 58];

/** How many keys stand in a text that `JSON.parse` has taken. */
function keysInText(text: string): number {
  let count = 0;
  let at = 0;
  for (let start = text.indexOf('"'); start >= 0; start = text.indexOf('"', at)) {
    at = stringEnd(text, start);
    const end = at;
    while (isSpace(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== COLON) continue;
    if (at > end || end - start > LONGEST_KEY) throw OTHER;
    count++;
    do at++; while (text.charCodeAt(at) === SPACE);
    if (text.charCodeAt(at) === NEWLINE) throw OTHER;
  }
  return count;
}

/** What stands between a key and its value, or what looks like one, where it is not a colon and blanks. */
const UNUSUAL_COLON = /"(?:[ \n]+:|: *\n)/;

/** The most that a character takes in JSON. */
const LONGEST_ESCAPE = '\\u0000'.length;

/** The keys that `JSON.parse` has kept, at all levels. */
class KeysOfValue {
  public count = 0;
  private longest = 0;

  public constructor(value: object) {
    this.add(value, 0);
  }

  /**
   * Whether the text has one colon behind a quote for each of them, and is written as usual: then these are all its keys. It may have
   * more, because a text can begin with a colon, but to count the keys themselves takes three times as long.
   */
  public areColonsOf(text: string): boolean {
    if (this.longest * LONGEST_ESCAPE > LONGEST_KEY || UNUSUAL_COLON.test(text)) return false;
    let left = this.count;
    for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) if (!isEscaped(text, at)) left--;
    return left === 0;
  }

  private add(value: unknown, depth: number): void {
    if (depth > MAX_DEPTH / 2) throw OTHER;
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) this.add(item, depth + 1);
      return;
    }
    for (const key in value) {
      if (key === '<<') throw OTHER;
      this.count++;
      if (key.length > this.longest) this.longest = key.length;
      this.add((value as { readonly [key: string]: unknown })[key], depth + 1);
    }
  }
}
