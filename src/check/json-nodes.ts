import { isScalar, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { isSpace, stringEnd } from './json-characters';
import * as light from '../core/block-yaml/light-nodes';

const [SPACE, QUOTE, COMMA, LIST, LIST_END, MAP, MAP_END] = [32, 34, 44, 91, 93, 123, 125];

/** So many levels are walked again where something in them is asked for; what is deeper is made at once. */
const LAZY = 4;

/** Walks a text that `readJson` has taken, and finds where everything stands. */
export class JsonNodes {
  private node!: Node;

  public constructor(private readonly text: string, private at = 0) {}

  public nodes(): Node {
    this.space();
    return this.valueNode(0);
  }

  /** The value here, which stands so deep. */
  public valueNode(depth: number): Node {
    this.value(depth);
    return this.node;
  }

  private space(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at++;
  }

  private value(depth: number): void {
    const code = this.text.charCodeAt(this.at);
    if (code === MAP || code === LIST) {
      if (depth > 0 && depth <= LAZY) this.later(depth);
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
    const pairs: Pair[] = [];
    this.space();
    while (text.charCodeAt(this.at) !== MAP_END) {
      this.string();
      const key = this.node;
      this.at++;
      this.space();
      this.value(depth + 1);
      pairs.push(light.pair(key, this.node));
      this.comma();
    }
    this.node = light.map(pairs, start, ++this.at);
  }

  private list(depth: number): void {
    const start = this.at++;
    const nodes: Node[] = [];
    this.space();
    while (this.text.charCodeAt(this.at) !== LIST_END) {
      this.value(depth + 1);
      nodes.push(this.node);
      this.comma();
    }
    this.node = light.list(nodes, start, ++this.at);
  }

  /** A map or list whose items are made when they are asked for: a finding is in one of ten thousand. */
  private later(depth: number): void {
    const { text, at: start } = this;
    const starts = this.skip();
    const range: light.NodeRange = [start, this.at, this.at];
    const items = () => (new JsonNodes(text, start).collectionNode(depth) as YAMLMap).items;
    this.node = (starts ? new LaterList(text, starts, depth + 1, range) : new LaterMap(items, range)) as unknown as Node;
  }

  private collectionNode(depth: number): Node {
    this.collection(depth);
    return this.node;
  }

  /** Goes behind a map or list; where the items begin, if it is a list. */
  private skip(): number[] | undefined {
    const { text } = this;
    let { at } = this;
    const starts: number[] | undefined = text.charCodeAt(at) === LIST ? [] : undefined;
    let open = 0;
    do {
      const code = text.charCodeAt(at);
      // Most of a text that is laid out for people.
      if (code <= SPACE) {
        at++;
        continue;
      }
      if (code === QUOTE) {
        at = stringEnd(text, at);
        continue;
      }
      if (code === MAP || code === LIST) open++;
      else if (code === MAP_END || code === LIST_END) open--;
      at++;
      if (starts && open === 1 && (code === COMMA || code === LIST)) {
        while (isSpace(text.charCodeAt(at))) at++;
        if (text.charCodeAt(at) !== LIST_END) starts.push(at);
      }
    } while (open > 0);
    this.at = at;
    return starts;
  }

  private comma(): void {
    this.space();
    if (this.text.charCodeAt(this.at) !== COMMA) return;
    this.at++;
    this.space();
  }

  private string(): void {
    const { text, at } = this;
    this.at = stringEnd(text, at);
    const inner = text.slice(at + 1, this.at - 1);
    this.scalar(inner.includes('\\') ? JSON.parse(text.slice(at, this.at)) : inner, at, Scalar.QUOTE_DOUBLE);
  }

  private word(): void {
    const { text, at } = this;
    for (let code = text.charCodeAt(this.at); goesOn(code); code = text.charCodeAt(this.at)) this.at++;
    this.scalar(JSON.parse(text.slice(at, this.at)), at, Scalar.PLAIN);
  }

  private scalar(value: unknown, start: number, type: Scalar.Type): void {
    this.node = light.scalar(value, type, start, this.at);
  }
}

/** A map whose pairs are made when they are asked for. */
class LaterMap {
  private made?: YAMLMap['items'];

  public constructor(private readonly make: () => YAMLMap['items'], public readonly range: light.NodeRange) {}

  public get items(): YAMLMap['items'] {
    return this.made ??= this.make();
  }
}

/** A list of which only those items are made that are asked for, each once: thousands of findings may be in one. */
class LaterList {
  private readonly made: Node[] = [];
  private all?: readonly Node[];

  public constructor(
    private readonly text: string,
    private readonly starts: readonly number[],
    private readonly depth: number,
    public readonly range: light.NodeRange,
  ) {}

  public get items(): readonly Node[] {
    return this.all ??= this.starts.map((_, index) => this.itemAt(index));
  }

  public get(key: unknown, keepScalar?: boolean): any {
    const index = Number(key);
    if (this.starts[index] === undefined) return undefined;
    const node = this.itemAt(index);
    return isScalar(node) && !keepScalar ? node.value : node;
  }

  /** The items that stand near a part of the text, and no others. */
  public near([from, to]: readonly [number, number]): Node[] {
    const { starts } = this;
    let [low, high] = [0, starts.length];
    // The last that begins before it, or the first.
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (starts[middle] < from) low = middle;
      else high = middle;
    }
    const items: Node[] = [];
    for (let index = low; index < starts.length && starts[index] <= to; index++) items.push(this.itemAt(index));
    return items;
  }

  private itemAt(index: number): Node {
    return this.made[index] ??= new JsonNodes(this.text, this.starts[index]).valueNode(this.depth);
  }
}

light.likeNode(LaterMap, new YAMLMap());
light.likeNode(LaterList, new YAMLSeq());

function goesOn(code: number): boolean {
  return code > SPACE && code !== COMMA && code !== MAP_END && code !== LIST_END;
}

