import type { Node, Pair, Scalar } from 'yaml';
import type { LightNodes } from './light-nodes';
import { literalBlock } from './literal-block';
import { doubleQuoted, PlainScalars, UNSURE } from './plain-scalars';

/** What programs nest is flatter. */
const MAX_DEPTH = 60;

/** Thrown where a document is in another form than the reader reads; an object that is made once costs no trace. */
export const OTHER = { reason: 'not in block style' };

interface PlainMap { [key: string]: unknown }

const [SPACE, DOUBLE, HASH, SINGLE, MINUS, COLON, BAR] = [32, 34, 35, 39, 45, 58, 124];

/** Reads one document after the other; `BlockDocuments` says which, and what for. */
export class BlockReader {
  public lines = 0;
  /** The node of what was read last, where nodes are wanted. */
  public node!: Node;
  /** The line that is read next, where its content begins, and where it ends. */
  private from = 0;
  private at = 0;
  private to = 0;
  /** The column of its content; -1 behind the last line. */
  private column = -1;
  private end = 0;

  /**
   * @param nodes what makes nodes, where they are wanted
   * @param tab the next tab, as far as is known: one outside of a literal block is for the library
   */
  public constructor(
    private readonly text: string,
    private readonly plain: PlainScalars,
    private readonly nodes?: LightNodes,
    private tab = -1,
  ) {}

  public read(start: number, end: number): object {
    this.end = end;
    this.to = start - 1;
    this.nextLine();
    if (this.column === 0 && this.text.startsWith('---\n', this.at)) this.nextLine();
    while (this.column === 0 && this.text.charCodeAt(this.at) === HASH) this.nextLine();
    if (this.column !== 0) throw OTHER;
    const value = this.isItem() ? this.list(0, 0) : this.map(0, 0);
    if (this.column >= 0) throw OTHER;
    return value;
  }

  /** Goes to the next line that has something in it. */
  private nextLine(): void {
    const { text, end } = this;
    let from = this.to + 1;
    for (;;) {
      if (from >= end) {
        this.from = from;
        this.column = -1;
        return;
      }
      const lineEnd = text.indexOf('\n', from);
      if (lineEnd < 0 || lineEnd >= end) throw OTHER;
      this.lines++;
      let at = from;
      while (text.charCodeAt(at) === SPACE) at++;
      if (at < lineEnd) {
        if (text.charCodeAt(lineEnd - 1) === SPACE) throw OTHER;
        if (this.tabFrom(from) < lineEnd) throw OTHER;
        this.from = from;
        this.at = at;
        this.to = lineEnd;
        this.column = at - from;
        return;
      }
      from = lineEnd + 1;
    }
  }

  private tabFrom(from: number): number {
    if (this.tab < from) {
      const next = this.text.indexOf('\t', from);
      this.tab = next < 0 ? Infinity : next;
    }
    return this.tab;
  }

  private isItem(): boolean {
    return this.text.charCodeAt(this.at) === MINUS && (this.at + 1 === this.to || this.text.charCodeAt(this.at + 1) === SPACE);
  }

  /** A map whose keys stand at a column; the first of them is next. */
  private map(column: number, depth: number): PlainMap {
    if (depth > MAX_DEPTH) throw OTHER;
    const value: PlainMap = {};
    const pairs: Pair[] | undefined = this.nodes ? [] : undefined;
    const start = this.at;
    while (this.column === column && !this.isItem()) {
      const key = this.key();
      if (Object.hasOwn(value, key)) throw OTHER;
      const keyNode = this.node;
      value[key] = this.value(column, depth);
      pairs?.push(this.nodes!.pair(keyNode, this.node));
    }
    if (this.column > column) throw OTHER;
    if (pairs) this.node = this.nodes!.map(pairs, start, (pairs[pairs.length - 1].value as Node).range![2]);
    return value;
  }

  /** The key of a line; what follows its colon is next then. */
  private key(): string {
    const { text, at, to } = this;
    const first = text.charCodeAt(at);
    let end: number;
    let key: string | undefined;
    if (first === DOUBLE || first === SINGLE) {
      end = this.quoteEnd(at, first);
      key = this.quoted(at, end, first);
      if (key === '<<' || key === '__proto__' || end - at > 1000) throw OTHER;
    } else {
      end = text.indexOf(':', at);
      while (end >= 0 && end < to - 1 && text.charCodeAt(end + 1) !== SPACE) end = text.indexOf(':', end + 1);
      if (end <= at || end >= to || text.charCodeAt(end - 1) === SPACE) throw OTHER;
      key = this.plain.key(text.slice(at, end));
    }
    if (key === undefined || text.charCodeAt(end) !== COLON || end + 1 < to && text.charCodeAt(end + 1) !== SPACE) throw OTHER;
    if (this.nodes) this.scalar(key, at, end, typeOfQuote(first));
    this.at = end + 1;
    return key;
  }

  /** The value that follows a key at a column. */
  private value(column: number, depth: number): unknown {
    const { text } = this;
    let { at } = this;
    while (text.charCodeAt(at) === SPACE) at++;
    if (at < this.to) return this.inLine(at, column);
    const behind = at;
    this.nextLine();
    if (this.column >= column && this.isItem()) return this.list(this.column, depth + 1);
    if (this.column > column) return this.map(this.column, depth + 1);
    if (this.nodes) this.scalar(null, behind, behind, 'PLAIN');
    return null;
  }

  /** A list whose dashes stand at a column. */
  private list(column: number, depth: number): unknown[] {
    if (depth > MAX_DEPTH) throw OTHER;
    const { text } = this;
    const value: unknown[] = [];
    const nodes: Node[] | undefined = this.nodes ? [] : undefined;
    const start = this.at;
    while (this.column === column && this.isItem()) {
      let at = this.at + 1;
      while (text.charCodeAt(at) === SPACE) at++;
      if (at >= this.to) throw OTHER;
      this.at = at;
      if (this.isItem()) throw OTHER;
      if (this.beginsWithKey()) {
        this.column = at - this.from;
        value.push(this.map(this.column, depth + 1));
      } else {
        value.push(this.inLine(at, column));
      }
      nodes?.push(this.node);
    }
    if (this.column > column) throw OTHER;
    if (nodes) this.node = this.nodes!.list(nodes, start, nodes[nodes.length - 1].range![2]);
    return value;
  }

  /** Whether what is next in a line is a key, and no scalar. */
  private beginsWithKey(): boolean {
    const { text, at, to } = this;
    const first = text.charCodeAt(at);
    const from = first === DOUBLE || first === SINGLE ? this.quoteEnd(at, first) : at;
    if (from !== at) return text.charCodeAt(from) === COLON;
    const end = text.indexOf(':', from);
    if (end < 0 || end >= to) return false;
    if (end === to - 1 || text.charCodeAt(end + 1) === SPACE) return true;
    const next = text.indexOf(': ', end);
    return next >= 0 && next < to || text.charCodeAt(to - 1) === COLON;
  }

  /** A scalar that begins in a line, under a key or dash at a column. */
  private inLine(at: number, column: number): unknown {
    const { text, to } = this;
    const first = text.charCodeAt(at);
    if (first === BAR) return this.literal(at, column);
    if (first === DOUBLE || first === SINGLE) {
      const end = this.quoteEnd(at, first);
      const quoted = this.quoted(at, end, first);
      if (quoted === undefined || end !== to) throw OTHER;
      if (this.nodes) this.scalar(quoted, at, end, typeOfQuote(first), end + 1);
      this.nextLine();
      return quoted;
    }
    const source = text.slice(at, to);
    if (source === '{}' || source === '[]') return this.empty(source, at);
    const value = this.plain.value(source);
    if (value === UNSURE) throw OTHER;
    if (this.nodes) this.scalar(value, at, to, 'PLAIN', to + 1);
    this.nextLine();
    // What is further in goes on with the scalar.
    if (this.column > column) throw OTHER;
    return value;
  }

  private empty(source: string, at: number): object {
    if (this.nodes) this.node = this.nodes[source === '{}' ? 'map' : 'list']([], at, at + 2, at + 3);
    this.nextLine();
    return source === '{}' ? {} : [];
  }

  /** Behind the closing quote, which has to be in the line. */
  private quoteEnd(at: number, quote: number): number {
    const { text, to } = this;
    for (let i = at + 1; i < to; i++) {
      const code = text.charCodeAt(i);
      if (code === quote) {
        if (quote === DOUBLE || text.charCodeAt(i + 1) !== SINGLE) return i + 1;
        i++;
      } else if (code === 92 && quote === DOUBLE) {
        i++;
      }
    }
    throw OTHER;
  }

  private quoted(at: number, end: number, quote: number): string | undefined {
    const source = this.text.slice(at, end);
    return quote === DOUBLE ? doubleQuoted(source) : source.slice(1, -1).replaceAll("''", "'");
  }

  /** The lines of a literal block, which are further in than a column. */
  private literal(at: number, column: number): string {
    const literal = literalBlock(this.text, at, this.to, this.end, column);
    if (!literal) throw OTHER;
    const { value, end, lines } = literal;
    this.lines += lines;
    if (this.nodes) this.scalar(value, at, end, 'BLOCK_LITERAL');
    this.to = end - 1;
    this.nextLine();
    if (this.column > column) throw OTHER;
    return value;
  }

  private scalar(value: unknown, start: number, end: number, type: Scalar.Type, lineEnd = end): void {
    this.node = this.nodes!.scalar(value, type, start, end, lineEnd);
  }
}

function typeOfQuote(first: number): Scalar.Type {
  return first === DOUBLE ? 'QUOTE_DOUBLE' : first === SINGLE ? 'QUOTE_SINGLE' : 'PLAIN';
}
