import { Composer, CST, Document, ErrorCode, Lexer, Node, Parser } from 'yaml';
import { readJson } from './json-reader';
import { LineIndex } from './line-index';
import { locate, Place } from './locate';
import { NodeBudget } from './node-budget';
import { MAX_DEPTH, plainTree, TreeProblem } from './plain-tree';
import { SecretIndex } from './secrets';
import { KUBERNETES_YAML } from './yaml-options';
import { BlockDocuments } from '../core/block-yaml/block-documents';
import { documentsIn } from '../core/block-yaml/document-ranges';

/** A YAML document of a file as plain data, and the way back into the text. */
export interface YamlDocument {
  readonly file: YamlFile;
  readonly value: unknown;
  /** Where a JSON pointer leads to in the text of the file. */
  readonly locate: (pointer: string, atKey: boolean) => Place;
  /** The parsed document, and what to add to its offsets. */
  readonly nodes: () => { readonly document: Document.Parsed; readonly shift: number };
}

/** Why a part of a file can't be read. */
export interface YamlProblem {
  readonly message: string;
  readonly offset: number;
}

/** What is read without tokens takes this much less time for a line, and for a character of JSON. */
const TOKENS_PER_LINE = 1 / 4;
const TOKENS_PER_CHARACTER = 1 / 64;

/** The nodes of so little text are sooner made again than kept. */
const QUICKLY_MADE = 4096;

/** The text of a file, read as a stream of YAML documents; JSON is YAML. */
export class YamlFile {
  private readonly lines: LineIndex;
  private knownSecrets?: SecretIndex;
  /** The nodes of the document that was asked for last: a finding asks twice. */
  private recent?: { readonly start: number; readonly document: Document.Parsed };

  public constructor(public readonly name: string, public readonly text: string, private readonly budget: NodeBudget) {
    this.lines = new LineIndex(text);
  }

  /** The documents that can be read, and a problem for each that can't. */
  public *read(): Iterable<YamlDocument | YamlProblem> {
    const quick = this.readJson() ?? this.readBlocks();
    if (quick) yield* quick;
    else yield* this.readByLibrary();
  }

  /** A text that is JSON, read as such. */
  private readJson(): (YamlDocument | YamlProblem)[] | undefined {
    const { text } = this;
    const json = readJson(text);
    if (!json) return undefined;
    const refusal = this.budget.refuseTokens(text.length * TOKENS_PER_CHARACTER);
    if (refusal) return [{ message: refusal, offset: 0 }];
    return [this.quickDocument(json.value, 0, text.length, () => json.nodes())];
  }

  /**
   * Each document by itself, as fast as it allows; undefined where one of them is wrong, or it is not certain where one begins. What a
   * broken document does to those behind it, the library knows.
   */
  private readBlocks(): (YamlDocument | YamlProblem)[] | undefined {
    const { text } = this;
    const ranges = documentsIn(text);
    if (!ranges) return undefined;
    const blocks = new BlockDocuments(text);
    const values = ranges.map(([start, end]) => blocks.read(start, end));
    const others = ranges.filter((_, i) => values[i] === undefined);
    // Of a text that is mostly something else, nothing is gained.
    if (others.length * 2 > ranges.length) return undefined;
    const tokens = others.reduce((sum, [start, end]) => sum + this.budget.count(text.slice(start, end)), blocks.lines * TOKENS_PER_LINE);
    const refusal = this.budget.refuseTokens(tokens);
    if (refusal) return [{ message: refusal, offset: 0 }];
    const documents: YamlDocument[] = [];
    for (const [i, [start, end]] of ranges.entries()) {
      const value = values[i];
      const read =
        value === undefined ? this.readRange(start, end) : [this.quickDocument(value, start, end, () => blocks.nodes(start, end))];
      if (!read) {
        this.budget.giveBack(tokens);
        return undefined;
      }
      documents.push(...read);
    }
    return documents;
  }

  /** The document in a part of the text, read by the library; undefined where it is not one, or wrong. */
  private readRange(start: number, end: number): YamlDocument[] | undefined {
    try {
      const documents = [...compose(this.text.slice(start, end))];
      return documents.length > 1 ? undefined : documents.map((document) => this.toDocument(document, start));
    } catch {
      return undefined;
    }
  }

  private quickDocument(value: unknown, start: number, end: number, read: () => Node): YamlDocument {
    let kept: Document.Parsed | undefined;
    const nodes = () => {
      if (kept) return { document: kept, shift: 0 };
      if (this.recent?.start === start) return { document: this.recent.document, shift: 0 };
      const document = { contents: read(), range: [start, end, end] } as unknown as Document.Parsed;
      if (end - start > QUICKLY_MADE) kept = document;
      else this.recent = { start, document };
      return { document, shift: 0 };
    };
    return { file: this, value, nodes, locate: (pointer, atKey) => locate(nodes().document, pointer, atKey, 0) };
  }

  private *readByLibrary(): Iterable<YamlDocument | YamlProblem> {
    const refusal = this.budget.refuse(this.text);
    if (refusal) {
      yield { message: refusal, offset: 0 };
      return;
    }
    const documents = compose(this.text);
    for (;;) {
      try {
        const next = documents.next();
        if (next.done) return;
        yield this.toDocument(next.value);
      } catch (error) {
        yield toProblem(error);
        // What the parser itself gave up has no further documents.
      }
    }
  }

  /** The line and column of an offset, from 1. */
  public position(offset: number): { line: number; column: number } {
    return this.lines.position(offset);
  }

  /** Where the text has secrets; worked out when the first line is shown. */
  public get secrets(): SecretIndex {
    return this.knownSecrets ??= new SecretIndex(this.text);
  }

  /** Where the line of an offset ends, its line break not included. */
  public lineEnd(offset: number, most = Infinity): number {
    const text = most === Infinity ? this.text : this.text.slice(offset, offset + most);
    const start = most === Infinity ? 0 : offset;
    const end = text.indexOf('\n', offset - start);
    const last = start + (end < 0 ? text.length : end);
    return last > offset && this.text[last - 1] === '\r' ? last - 1 : last;
  }

  /** The offset of a line and column, from 1. */
  public offset(line: number, column: number): number {
    return this.lines.start(line) + column - 1;
  }

  /** The text of a line, without its end. */
  public line(line: number): string {
    const start = this.lines.start(line);
    return this.text.slice(start, this.lineEnd(start));
  }

  /** @param base where the text that was parsed begins in the file */
  private toDocument(document: Document.Parsed, base = 0): YamlDocument {
    const value = plainTree(withoutErrors(document));
    const [start, , end] = document.range;
    let kept = this.budget.take(end - start) ? document : undefined;
    const shift = kept ? base : base + start;
    const nodes = () => ({ document: kept ??= compose(this.text.slice(base + start, base + end)).next().value as Document.Parsed, shift });
    return { file: this, value, nodes, locate: (pointer, atKey) => locate(nodes().document, pointer, atKey, shift) };
  }
}

/**
 * The first document of a text that stands inside another document, as plain data.
 *
 * @throws TreeProblem where it can't be read
 */
export function parseText(text: string): unknown {
  return parseWhole(text).value;
}

/**
 * The same with its nodes.
 *
 * @throws TreeProblem where it can't be read
 */
export function parseWhole(text: string): { readonly document: Document.Parsed; readonly value: unknown } {
  try {
    const refusal = new NodeBudget().refuse(text);
    if (refusal) throw new TreeProblem(refusal, 0);
    const { value: document } = compose(text, true).next();
    return { document: document!, value: plainTree(withoutErrors(document!)) };
  } catch (error) {
    const { message, offset } = toProblem(error);
    throw new TreeProblem(message, offset);
  }
}

/** Keys that are there twice are found when the tree is made: the parser's own search looks at each pair of keys. */
function compose(text: string, always = false): Generator<Document.Parsed, void> {
  return new Composer({ ...KUBERNETES_YAML, uniqueKeys: false }).compose(tokensOf(text), always, text.length) as Generator<
    Document.Parsed,
    void
  >;
}

function* tokensOf(text: string): Generator<CST.Token> {
  const parser = new Parser();
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    // Each level is more than one entry.
    if (parser.stack.length > 2 * MAX_DEPTH) throw new TreeProblem(`is nested more than ${MAX_DEPTH} levels deep`, offset);
    offset += lexeme.length;
  }
  yield* parser.end();
}

/** @throws TreeProblem with the first */
function withoutErrors(document: Document.Parsed): Document.Parsed {
  const [error] = document.errors;
  if (error) throw new TreeProblem(describe(error.code, error.message), error.pos[0]);
  return document;
}

function toProblem(error: unknown): YamlProblem {
  if (error instanceof TreeProblem) return { message: error.message, offset: error.offset };
  if (error instanceof RangeError) return { message: 'is nested too deeply', offset: 0 };
  return { message: `can't be read: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown error'}`, offset: 0 };
}

/**
 * All documents in a YAML text that stands inside an object.
 *
 * @throws TreeProblem where one of them can't be read
 */
export function readText(text: string, budget = new NodeBudget(0)): YamlDocument[] {
  return [...new YamlFile('', text, budget).read()].map((read) => {
    if ('value' in read) return read;
    throw new TreeProblem(read.message, read.offset);
  });
}

/** The values of all documents in such a text; it throws as `readText` does. */
export function parseTexts(text: string): unknown[] {
  return readText(text).map(({ value }) => value);
}

function describe(code: ErrorCode, message: string): string {
  // Behind a colon is what the text has there, which may be a secret.
  const plain = message.split('\n')[0].replace(/\.$/, '').replace(/: [^:]{4,}$/, '');
  return code === 'DUPLICATE_KEY'
    ? 'is broken YAML: a key is there twice'
    : `is broken YAML: ${plain.charAt(0).toLowerCase()}${plain.slice(1)}`;
}
