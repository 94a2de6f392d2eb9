import { Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, Node, Pair, Scalar } from 'yaml';

/** Why a document is not read, and where in it. */
export class TreeProblem extends Error {
  public constructor(message: string, public readonly offset: number) {
    super(message);
  }
}

/** More levels than any object of Kubernetes has, and fewer than the stack has room for. */
export const MAX_DEPTH = 200;

/** What aliases may add to a document, as if it were written out. The whole of it is walked by every rule. */
const MAX_THROUGH_ALIASES = 100_000;

/** A text counts for more than a number: it may be parsed again, or matched. */
const CHARACTERS_PER_NODE = 16;

/**
 * A document as plain data: a tree without cycles, of bounded depth and size however its anchors are used, so that
 * whoever walks it comes to an end.
 *
 * @throws TreeProblem
 */
export function plainTree(document: Document.Parsed): unknown {
  return new Converter().convert(document.contents, 0).value;
}

/** A value, and how many nodes it has when its aliases are written out. */
interface Converted {
  readonly value: unknown;
  readonly size: number;
}

interface PlainMap { [key: string]: unknown }

class Converter {
  /** Undefined while the node is being converted: an alias to it would be a cycle. */
  private readonly anchors = new Map<string, Converted | undefined>();
  private throughAliases = 0;

  public convert(node: unknown, depth: number): Converted {
    if (!isNode(node)) return { value: null, size: 1 };
    if (isAlias(node)) return this.alias(node.source, offsetOf(node));
    if (depth > MAX_DEPTH) throw new TreeProblem(`is nested more than ${MAX_DEPTH} levels deep`, offsetOf(node));
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.anchors.set(anchor, undefined);
    const converted = this.content(node, depth);
    if (anchor !== undefined) this.anchors.set(anchor, converted);
    return converted;
  }

  private content(node: Node, depth: number): Converted {
    if (isScalar(node)) {
      const value: unknown = node.value ?? null;
      return { value, size: typeof value === 'string' ? 1 + Math.floor(value.length / CHARACTERS_PER_NODE) : 1 };
    }
    if (isMap(node)) return this.map(node.items, depth);
    if (!isSeq(node)) return { value: null, size: 1 };
    let size = 1;
    const value: unknown[] = [];
    for (const item of node.items) {
      const converted = isPair(item) ? this.map([item], depth + 1) : this.convert(item, depth + 1);
      size += converted.size;
      value.push(converted.value);
    }
    return { value, size };
  }

  private map(pairs: readonly Pair[], depth: number): Converted {
    const value: PlainMap = {};
    let size = 1;
    let merges: Node[] | undefined;
    for (const pair of pairs) {
      if (isMerge(pair.key)) {
        if (isNode(pair.value)) (merges ??= []).push(pair.value);
        continue;
      }
      const key = this.key(pair.key, depth);
      if (Object.hasOwn(value, key)) throw new TreeProblem('is broken YAML: a key is there twice', offsetOf(pair.key));
      const converted = this.convert(pair.value, depth + 1);
      size += converted.size;
      set(value, key, converted.value);
    }
    // What a map says itself wins, wherever it merges others.
    if (merges) for (const merge of merges) size += this.merge(merge, value, depth);
    return { value, size };
  }

  private merge(node: Node, into: PlainMap, depth: number): number {
    const { value, size } = this.convert(node, depth + 1);
    for (const source of Array.isArray(value) ? value : [value]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        throw new TreeProblem("is broken YAML: '<<' merges maps, and this is none", offsetOf(node));
      }
      for (const [key, inner] of Object.entries(source)) if (!Object.hasOwn(into, key)) set(into, key, inner);
    }
    return size;
  }

  private key(node: unknown, depth: number): string {
    if (isScalar(node)) return node.value === null || node.value === undefined ? '' : String(node.value);
    const { value, size } = this.convert(node, depth + 1);
    if (typeof value !== 'object' || value === null) return value === null ? '' : String(value);
    // No object of Kubernetes has such a key; written out, it could be longer than the file.
    return size > 100 ? '{…}' : JSON.stringify(value);
  }

  private alias(anchor: string, offset: number): Converted {
    const target = this.anchors.get(anchor);
    if (!target) {
      throw new TreeProblem(this.anchors.has(anchor) ? `has an anchor that contains itself: '*${anchor}' stands inside of '&${anchor}'`
        // Its name may be a password that begins with an asterisk.
        : "uses an anchor that nothing before it gives: a text that begins with '*' stands in quotes", offset);
    }
    this.throughAliases += target.size;
    if (this.throughAliases > MAX_THROUGH_ALIASES) {
      throw new TreeProblem('uses its anchors so often that it looks like an attack (a YAML bomb)', offset);
    }
    return target;
  }
}

/** Also for a key that is called `__proto__`. */
function set(map: PlainMap, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  else map[key] = value;
}

/** The parser makes a symbol of it. */
function isMerge(key: unknown): boolean {
  return isScalar(key) && (typeof key.value === 'symbol' || key.value === '<<' && (key.type === undefined || key.type === Scalar.PLAIN));
}

function offsetOf(node: unknown): number {
  return isNode(node) ? node.range?.[0] ?? 0 : 0;
}
