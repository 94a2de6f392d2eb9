import { Alias, Document, isAlias, isMap, isNode, isPair, isScalar, isSeq, Node, Pair, Scalar, visit } from 'yaml';

/** A place in the text of a file, as offsets. */
export interface Place {
  readonly offset: number;
  /** Where the value begins and ends, when it is a scalar that follows its key; it may be a secret. */
  readonly value?: readonly [start: number, end: number];
  /** Whether that scalar is a literal block (`|`), whose lines stand in the file as they are. */
  readonly literal?: boolean;
}

/**
 * Where a JSON pointer leads to: a scalar itself, the key of everything else, and as deep as the document goes.
 *
 * @param atKey whether even a scalar is pointed at by its key
 * @param shift what to add to offsets, for a document that was parsed by itself
 */
export function locate(document: Document.Parsed, pointer: string, atKey: boolean, shift: number): Place {
  let node: Node | null | undefined = document.contents;
  let found: Place = { offset: startOf(node) ?? document.range[0] };
  for (const step of pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    if (isAlias(node)) node = targetsOf(document).get(node);
    const next: Step | undefined = isMap(node)
      ? ofPair(pairOf(node.items, step), atKey)
      : isSeq(node)
        ? ofItem(node.get(Number(step), true))
        : undefined;
    if (!next) break;
    ({ node, place: found } = next);
  }
  const move = (offset: number) => offset + shift;
  return { offset: move(found.offset), value: found.value && [move(found.value[0]), move(found.value[1])], literal: found.literal };
}

/** What the aliases of a document stand for, found in one walk: to ask the parser is a walk for each. */
const TARGETS = new WeakMap<Document.Parsed, ReadonlyMap<Alias, Node>>();

function targetsOf(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const known = TARGETS.get(document);
  if (known) return known;
  const [anchors, targets] = [new Map<string, Node>(), new Map<Alias, Node>()];
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node) && anchors.has(node.source)) targets.set(node, anchors.get(node.source)!);
      else if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  TARGETS.set(document, targets);
  return targets;
}

interface Step {
  readonly node: Node | null | undefined;
  readonly place: Place;
}

function pairOf(items: readonly unknown[], key: string): Pair | undefined {
  return items.find((item): item is Pair => isPair(item) && (isScalar(item.key) ? String(item.key.value) : String(item.key)) === key);
}

function ofPair(pair: Pair | undefined, atKey: boolean): Step | undefined {
  if (!pair) return undefined;
  const node = isNode(pair.value) ? pair.value : undefined;
  const key = startOf(isNode(pair.key) ? pair.key : undefined) ?? 0;
  const own = isScalar(node) && node.range ? [node.range[0], node.range[1]] as const : undefined;
  const offset = own && !atKey && own[1] > own[0] ? own[0] : key;
  return { node, place: { offset, value: own, literal: isScalar(node) && node.type === Scalar.BLOCK_LITERAL } };
}

function ofItem(item: unknown): Step | undefined {
  const node = isNode(item) ? item : undefined;
  const offset = startOf(node);
  return offset === undefined ? undefined : { node, place: { offset } };
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}
