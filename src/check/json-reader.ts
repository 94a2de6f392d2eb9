import { Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
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
    return new Scanner(text, false).scan() ? { value, nodes: () => new Scanner(text, true).nodes() } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error === OTHER) return undefined;
    throw error;
  }
}

const OTHER = { reason: 'not what YAML reads in the same way' };

const [NEWLINE, SPACE, QUOTE, COMMA, COLON, LIST, BACKSLASH, LIST_END, MAP, MAP_END] = [10, 32, 34, 44, 58, 91, 92, 93, 123, 125];

/** So many levels are walked again where something in them is asked for; what is deeper is made at once. */
const LAZY = 4;

/** The keys of a map: most have few. */
class Keys {
  private readonly few: string[] = [];
  private many?: Set<string>;

  public isNew(key: string): boolean {
    if (this.many) {
      if (this.many.has(key)) return false;
      this.many.add(key);
      return true;
    }
    if (this.few.includes(key)) return false;
    if (this.few.push(key) > 16) this.many = new Set(this.few);
    return true;
  }
}

/** Walks a text that `JSON.parse` has taken: what it takes silently is found here, and where everything stands. */
class Scanner {
  private at = 0;
  private node!: Node;

  public constructor(private readonly text: string, private readonly withNodes: boolean) {}

  public scan(): boolean {
    this.space();
    this.value(0);
    return true;
  }

  public nodes(): Node {
    this.scan();
    return this.node;
  }

  private space(): void {
    const { text } = this;
    for (let code = text.charCodeAt(this.at); code === SPACE || code === NEWLINE; code = text.charCodeAt(this.at)) this.at++;
  }

  private value(depth: number): void {
    if (depth > MAX_DEPTH / 2) throw OTHER;
    const code = this.text.charCodeAt(this.at);
    if (code === MAP || code === LIST) {
      if (this.withNodes && depth > 0 && depth <= LAZY) this.later(depth);
      else this.collection(depth);
    } else if (code === QUOTE) {
      this.string();
    } else {
      this.word();
    }
  }

  private collection(depth: number): void {
    if (this.text.charCodeAt(this.at) === MAP) this.map(depth);
    else this.list(depth);
  }

  private map(depth: number): void {
    const { text } = this;
    const start = this.at++;
    const keys = new Keys();
    const pairs: Pair[] | undefined = this.withNodes ? [] : undefined;
    this.space();
    while (text.charCodeAt(this.at) !== MAP_END) {
      const key = this.string();
      const keyNode = this.node;
      if (text.charCodeAt(this.at) !== COLON || key === '<<' || key.length > LONGEST_KEY || (!this.withNodes && !keys.isNew(key))) {
        throw OTHER;
      }
      this.at++;
      while (text.charCodeAt(this.at) === SPACE) this.at++;
      if (text.charCodeAt(this.at) === NEWLINE) throw OTHER;
      this.value(depth + 1);
      pairs?.push(new Pair(keyNode, this.node));
      this.comma();
    }
    this.at++;
    if (!pairs) return;
    const map = new YAMLMap();
    map.items = pairs as never;
    this.finish(map, start);
  }

  private list(depth: number): void {
    const start = this.at++;
    const nodes: Node[] | undefined = this.withNodes ? [] : undefined;
    this.space();
    while (this.text.charCodeAt(this.at) !== LIST_END) {
      this.value(depth + 1);
      nodes?.push(this.node);
      this.comma();
    }
    this.at++;
    if (!nodes) return;
    const list = new YAMLSeq();
    list.items = nodes;
    this.finish(list, start);
  }

  /** A map or list whose items are made when they are asked for: a finding is in one of ten thousand. */
  private later(depth: number): void {
    const { text, at: start } = this;
    const collection = text.charCodeAt(start) === MAP ? new YAMLMap() : new YAMLSeq();
    this.skip();
    let items: unknown[] | undefined;
    Object.defineProperty(collection, 'items', { enumerable: true, get: () => items ??= new Scanner(text, true).itemsAt(start, depth) });
    this.finish(collection, start);
  }

  private itemsAt(start: number, depth: number): unknown[] {
    this.at = start;
    this.collection(depth);
    return (this.node as YAMLMap | YAMLSeq).items;
  }

  /** Goes behind a map or list. */
  private skip(): void {
    const { text } = this;
    let open = 0;
    do {
      const code = text.charCodeAt(this.at);
      if (code === QUOTE) {
        this.at = stringEnd(text, this.at);
        continue;
      }
      if (code === MAP || code === LIST) open++;
      else if (code === MAP_END || code === LIST_END) open--;
      this.at++;
    } while (open > 0);
  }

  private comma(): void {
    this.space();
    if (this.text.charCodeAt(this.at) !== COMMA) return;
    this.at++;
    this.space();
  }

  private string(): string {
    const { text, at } = this;
    this.at = stringEnd(text, at);
    const end = this.at - 1;
    const inner = text.slice(at + 1, end);
    const value = inner.includes('\\') ? JSON.parse(text.slice(at, end + 1)) as string : inner;
    if (this.withNodes) this.scalar(value, at, Scalar.QUOTE_DOUBLE);
    return value;
  }

  private word(): void {
    const { text, at } = this;
    for (let code = text.charCodeAt(this.at); goesOn(code); code = text.charCodeAt(this.at)) this.at++;
    if (this.withNodes) this.scalar(JSON.parse(text.slice(at, this.at)), at, Scalar.PLAIN);
  }

  private scalar(value: unknown, start: number, type: Scalar.Type): void {
    const scalar = new Scalar(value);
    scalar.type = type;
    this.finish(scalar, start);
  }

  private finish(node: Node, start: number): void {
    node.range = [start, this.at, this.at];
    this.node = node;
  }
}

function goesOn(code: number): boolean {
  return code > SPACE && code !== COMMA && code !== MAP_END && code !== LIST_END;
}

/** Behind the quote that ends a text. */
function stringEnd(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

/** Whether an odd number of backslashes stands before a quote. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (quote - before) % 2 === 1;
}
