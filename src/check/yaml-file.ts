import { Composer, Document, ErrorCode, Parser } from 'yaml';
import { locate, Place } from './locate';
import { KUBERNETES_YAML, MAX_ALIAS_COUNT } from './yaml-options';

/** A YAML document of a file as plain data, and the way back into the text. */
export interface YamlDocument {
  readonly file: YamlFile;
  readonly value: unknown;
  /** Where a JSON pointer leads to in the text of the file. */
  readonly locate: (pointer: string, atKey: boolean) => Place;
}

/** Why a part of a file can't be read. */
export interface YamlProblem {
  readonly message: string;
  readonly offset: number;
}

/** Nodes weigh about twenty times their text: kept for so much of it, and made again beyond that where a finding needs them. */
export class NodeBudget {
  public constructor(private characters = 16 * 1024 * 1024) {}

  /** Whether the nodes of so much text may be kept. */
  public take(characters: number): boolean {
    if (characters > this.characters) return false;
    this.characters -= characters;
    return true;
  }
}

/** The text of a file, read as a stream of YAML documents; JSON is YAML. */
export class YamlFile {
  private lineStarts?: number[];

  public constructor(public readonly name: string, public readonly text: string, private readonly budget: NodeBudget) {}

  /** The documents that can be read, and a problem for each that can't. */
  public *read(): Iterable<YamlDocument | YamlProblem> {
    const documents = new Composer(KUBERNETES_YAML).compose(new Parser().parse(this.text));
    for (;;) {
      let next: IteratorResult<Document.Parsed, void>;
      try {
        next = documents.next();
      } catch (error) {
        yield this.toProblem(error, 0);
        return;
      }
      if (next.done) return;
      const document = next.value;
      const [error] = document.errors;
      if (error) {
        yield { message: describe(error.code, error.message), offset: error.pos[0] };
        continue;
      }
      try {
        yield this.toDocument(document);
      } catch (failure) {
        yield this.toProblem(failure, document.range[0]);
      }
    }
  }

  /** The line and column of an offset, from 1. */
  public position(offset: number): { line: number; column: number } {
    this.lineStarts ??= [0, ...[...this.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    let [low, high] = [0, this.lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.lineStarts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.lineStarts[low] + 1 };
  }

  /** The offset of a line and column, from 1. */
  public offset(line: number, column: number): number {
    return this.lineStarts![line - 1] + column - 1;
  }

  /** The text of a line, without its end. */
  public line(line: number): string {
    const start = this.lineStarts![line - 1];
    const end = this.text.indexOf('\n', start);
    return this.text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
  }

  private toDocument(document: Document.Parsed): YamlDocument {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
    const [start, , end] = document.range;
    let nodes = this.budget.take(end - start) ? document : undefined;
    const shift = nodes ? 0 : start;
    return { file: this, value, locate: (pointer, atKey) => locate(nodes ??= this.parseAgain(start, end), pointer, atKey, shift) };
  }

  private parseAgain(start: number, end: number): Document.Parsed {
    const [document] = new Composer(KUBERNETES_YAML).compose(new Parser().parse(this.text.slice(start, end)));
    return document;
  }

  private toProblem(error: unknown, offset: number): YamlProblem {
    if (error instanceof ReferenceError) return { message: 'uses its anchors so often that it looks like an attack (a YAML bomb)', offset };
    if (error instanceof RangeError) return { message: 'is nested too deeply', offset };
    return { message: `can't be read: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown error'}`, offset };
  }
}

/**
 * All documents in a YAML text that stands inside an object.
 *
 * @throws where one of them can't be read
 */
export function readText(text: string, budget = new NodeBudget(0)): YamlDocument[] {
  return [...new YamlFile('', text, budget).read()].map((read) => {
    if ('value' in read) return read;
    throw new Error(read.message);
  });
}

/** The values of all documents in such a text; it throws as `readText` does. */
export function parseText(text: string): unknown[] {
  return readText(text).map(({ value }) => value);
}

function describe(code: ErrorCode, message: string): string {
  const plain = message.split('\n')[0].replace(/\.$/, '');
  return code === 'DUPLICATE_KEY' ? 'is broken YAML: a key is there twice' : `is broken YAML: ${plain.charAt(0).toLowerCase()}${plain.slice(1)}`;
}
