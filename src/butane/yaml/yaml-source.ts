import { Composer, CST, isAlias, isPair, isScalar, isSeq, Lexer, Node, Parser, Scalar, YAMLMap } from 'yaml';
import { blockScalar } from './block-scalar';
import { TextPositions } from './text-positions';
import { writtenDocument } from '../../core/block-yaml/block-documents';
import { InputError } from '../../core/input-error';
import { Entry, formatEntry, Path, Position } from '../spec/report';

/** A node of the source, with what yaml.v3 would know of it. */
export type YamlNode = YamlMapping | YamlSequence | YamlScalar | YamlAlias;

interface Located {
  /** Where it begins, its anchor and tag included. */
  readonly offset: number;
}

export interface YamlMapping extends Located {
  readonly kind: 'mapping';
  readonly pairs: readonly { readonly key: YamlNode; readonly value: YamlNode }[];
}

export interface YamlSequence extends Located {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
}

export interface YamlScalar extends Located {
  readonly kind: 'scalar';
  readonly text: string;
  /** Neither quoted nor a block: the text decides what it is. */
  readonly plain: boolean;
  /** An explicit tag in its short form, `!!int`. */
  readonly tag?: string;
}

export interface YamlAlias extends Located {
  readonly kind: 'alias';
  readonly anchor: string;
  readonly target: YamlNode;
}

/**
 * Limits on what is parsed at all. A rendered MachineConfig has at most 1,572,864 bytes, so a config near these limits
 * is a mistake or an attack; contents that compress well can come from files.
 */
const MAX_CHARACTERS = 4 * 1024 * 1024;
const MAX_TOKENS = 500_000;
/** Of those that are read without tokens: `- key: value` with each blank, and an empty line before it. */
const MOST_TOKENS_OF_A_LINE = 12;
const MAX_DEPTH = 100;

/** A config file: its text, its first document, and where things are in it. */
export class YamlSource {
  /** Parses a text as YAML; a text that is none, or too large to be a config, is refused. */
  public static parse(text: string): YamlSource {
    const source = new YamlSource(text);
    source.read();
    return source;
  }

  /** Undefined for a text without a document. */
  public root: YamlNode | undefined;
  private positions?: TextPositions;

  private constructor(public readonly text: string) {}

  public position(offset: number): Position {
    this.positions ??= new TextPositions(this.text);
    return this.positions.of(offset);
  }

  /** The deepest node that exists on the way along a path. */
  public locate(path: Path, pointsToKey = false): Position | undefined {
    if (!this.root) return undefined;
    let node: YamlNode = this.root;
    for (const [index, step] of path.entries()) {
      const next: YamlNode | undefined = pointsToKey && index === path.length - 1 ? keyOf(node, step) : child(node, step);
      if (!next) break;
      node = next;
    }
    return this.position(node.offset);
  }

  /** The error for something wrong with the YAML itself. */
  public error(offset: number, text: string, path: Path = []): SourceError {
    return new SourceError([{ severity: 'error', path, text, position: this.position(Math.min(offset, this.text.length)) }]);
  }

  private read(): void {
    if (this.text.length > MAX_CHARACTERS) {
      throw this.error(0, `the config is ${this.text.length} characters long; at most ${MAX_CHARACTERS} are read, because a MachineConfig `
        + 'has at most 1572864 bytes: put large contents into files and name them with local');
    }
    const invalid = UNREADABLE.exec(this.text);
    if (invalid) throw this.error(invalid.index, `the config is not YAML: control characters are not allowed (U+${hex(invalid[0])})`);
    if (!this.readBlocks()) this.readByLibrary();
  }

  /** A config in the form that programs write: the same nodes in a fraction of the time. */
  private readBlocks(): boolean {
    const read = writtenDocument(this.text);
    if (!read || read.lines * MOST_TOKENS_OF_A_LINE > MAX_TOKENS) return false;
    this.root = new Converter(this).convert(read.node);
    return true;
  }

  private readByLibrary(): void {
    const documents = this.compose();
    const first = documents.next().value;
    if (!first) return;
    const [problem] = first.errors;
    const declared = /^(?:[ \t]*(?:#.*)?\r?\n|%(?!YAML).*\n)*%YAML[ \t]+(\S+)/.exec(this.text.slice(0, 4096))?.[1] ?? '1.1';
    if (declared !== '1.1') throw this.error(0, `the config is not YAML 1.1: its %YAML directive says ${declared}, and Butane reads 1.1`);
    if (problem) throw this.error(problem.pos[0], `the config is not YAML: ${problem.message.split('\n')[0]}${HINTS[problem.code] ?? ''}`);
    if (first.contents) this.root = new Converter(this).convert(first.contents);
    const second = documents.next().value;
    if (second && (second.errors.length > 0 || second.contents && !(isScalar(second.contents) && second.contents.source === ''))) {
      throw this.error(
        second.contents?.range[0] ?? second.range[0],
        'the config has more than one YAML document: Butane reads only the first '
          + 'and drops the others without a word, so put each into a file of its own',
      );
    }
  }

  private* compose(): Generator<Document> {
    const composer = new Composer({
      version: '1.1',
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      keepSourceTokens: true,
    });
    try {
      yield* composer.compose(this.tokens()) as Generator<Document>;
    } catch (error) {
      // The stack of the machine is a limit too, if a smaller one than MAX_DEPTH is ever met.
      if (error instanceof RangeError) throw this.error(0, 'the config is nested too deep to be read');
      throw error;
    }
  }

  private* tokens(): Generator<CST.Token> {
    const parser = new Parser();
    // Line breaks of YAML 1.1 that the parser of 1.2 does not take for such; all have one character.
    const text = this.text.replace(/\r(?!\n)|\u0085/g, '\n') + (this.isCutOff ? '\n' : '');
    const separated = SEPARATOR.test(text);
    let count = 0;
    let offset = 0;
    for (const lexeme of new Lexer().lex(text)) {
      if (++count > MAX_TOKENS) {
        throw this.error(offset, `the config has more than ${MAX_TOKENS} YAML tokens, which no MachineConfig needs`);
      }
      if (separated) this.refuseSeparator(lexeme, offset);
      yield* parser.next(lexeme);
      if (parser.stack.length > MAX_DEPTH) {
        throw this.error(offset, `the config is nested more than ${MAX_DEPTH} levels deep, which no MachineConfig is`);
      }
      offset += lexeme.length;
    }
    yield* parser.end();
  }

  /** Within quotes a separator stays what it is, unless a blank or another break beside it would be folded. */
  private refuseSeparator(lexeme: string, offset: number): void {
    const found = (/^["']/.test(lexeme) ? FOLDED_SEPARATOR : SEPARATOR).exec(lexeme);
    if (!found) return;
    const character = hex(SEPARATOR.exec(found[0])![0]);
    throw this.error(
      offset + found.index,
      `the config has U+${character}, which Butane takes for a line break and other YAML readers for text: `
        + `write it as "\\u${character}" in double quotes`,
    );
  }

  /** The parser of 1.2 wants its last line ended; what that adds to a block scalar is taken away again. */
  public get isCutOff(): boolean {
    return !/[\n\r\u0085]$/.test(this.text);
  }
}

/** A config that was refused; every entry is told, each with its place. */
export class SourceError extends InputError {
  public constructor(public readonly entries: readonly Entry[]) {
    super(entries.map(formatEntry).join('\n'));
  }
}

/** What the parser is stricter about than yaml.v3, said so that it can be mended. */
const HINTS: { readonly [code: string]: string } = {
  MISSING_CHAR: ' (quoted text that goes over several lines must be indented on each of them)',
  BAD_INDENT: ' (lists in brackets and maps in braces must be indented further than their key)',
};

/** What libyaml refuses to read. */
const UNREADABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Line breaks of YAML 1.1 that no editor shows as such, and that are text since YAML 1.2. */
const SEPARATOR = /[\u2028\u2029]/;
const FOLDED_SEPARATOR = /[\s\ufeff][\u2028\u2029]|[\u2028\u2029](?:\s|---|\.\.\.)/;

interface Document {
  readonly contents: (Node & { range: [number, number, number] }) | null;
  readonly errors: readonly { readonly code: string; readonly message: string; readonly pos: readonly [number, number] }[];
  readonly range: readonly [number, number, number];
}

class Converter {
  private readonly anchors = new Map<string, YamlNode>();

  public constructor(private readonly source: YamlSource) {}

  public convert(node: unknown): YamlNode {
    if (isAlias(node)) {
      const target = this.anchors.get(node.source);
      if (!target) throw this.source.error(node.range![0], `the config is not YAML: unknown anchor '${node.source}' referenced`);
      return { kind: 'alias', offset: node.range![0], anchor: node.source, target };
    }
    if (isScalar(node)) {
      const plain = node.type === 'PLAIN' || node.type === undefined;
      return this.anchored(node, {
        kind: 'scalar',
        offset: this.start(node),
        text: this.text(node),
        plain,
        ...node.tag === undefined ? {} : { tag: node.tag.replace(/^tag:yaml\.org,2002:/, '!!') },
      });
    }
    if (isSeq(node)) {
      const sequence = { kind: 'sequence' as const, offset: this.start(node), items: [] as YamlNode[] };
      this.anchored(node, sequence);
      for (const item of node.items) sequence.items.push(this.convert(isPair(item) ? this.wrapped(item) : item));
      return sequence;
    }
    const map = node as YAMLMap;
    const mapping = { kind: 'mapping' as const, offset: this.start(map), pairs: [] as { key: YamlNode; value: YamlNode }[] };
    this.anchored(map, mapping);
    for (const pair of map.items) {
      const key = this.convert(pair.key);
      mapping.pairs.push({
        key,
        value: pair.value ? this.convert(pair.value) : { kind: 'scalar', offset: key.offset, text: '', plain: true },
      });
    }
    return mapping;
  }

  private text({ value, srcToken, range }: Scalar): string {
    if (srcToken?.type === 'block-scalar') {
      const { source: header } = srcToken.props.find((prop): prop is CST.SourceToken => prop.type === 'block-scalar-header')!;
      const isCutOff = this.source.isCutOff && range![1] > this.source.text.length;
      return blockScalar({ header, parentIndent: srcToken.indent, body: isCutOff ? srcToken.source.slice(0, -1) : srcToken.source });
    }
    return typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value);
  }

  private wrapped(pair: unknown): YAMLMap {
    const map = new YAMLMap();
    map.items.push(pair as YAMLMap['items'][number]);
    return map;
  }

  private anchored<T extends YamlNode>(node: { anchor?: string }, converted: T): T {
    if (node.anchor !== undefined) this.anchors.set(node.anchor, converted);
    return converted;
  }

  /** The parser's range leaves out anchor and tag; yaml.v3's position is theirs. */
  private start(node: { anchor?: string; tag?: string; range?: readonly number[] | null; items?: unknown[] }): number {
    const offset = node.range?.[0] ?? 0;
    if (node.anchor === undefined && node.tag === undefined) return offset;
    const before = /(?:[&!]\S*\s+)+$/.exec(this.source.text.slice(Math.max(0, offset - 256), offset));
    return before ? offset - before[0].length : offset;
  }
}

function child(node: YamlNode, step: string | number): YamlNode | undefined {
  if (typeof step === 'number') return node.kind === 'sequence' ? node.items[step] : undefined;
  if (node.kind !== 'mapping') return undefined;
  // As in the tool, the last of several equal keys.
  for (let i = node.pairs.length - 1; i >= 0; i--) if (keyText(node.pairs[i].key) === step) return node.pairs[i].value;
  return undefined;
}

function keyOf(node: YamlNode, step: string | number): YamlNode | undefined {
  if (node.kind !== 'mapping') return undefined;
  for (let i = node.pairs.length - 1; i >= 0; i--) if (keyText(node.pairs[i].key) === step) return node.pairs[i].key;
  return undefined;
}

/** The text of a key; a key that is no scalar has none. */
export function keyText(key: YamlNode): string {
  return key.kind === 'scalar' ? key.text : key.kind === 'alias' ? key.anchor : '';
}

function hex(character: string): string {
  return character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
}
