import { Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/**
 * Nodes that are those of the YAML library to whoever reads them, made in a fraction of the time: each of the library's constructors
 * defines a hidden property of the new object, which is the same in all of one kind. Here it stands in their prototype.
 */
const [NODE_TYPE] = Object.getOwnPropertySymbols(new Scalar(null));

/** Has the objects of a class be what a node of the library is, methods and all. */
export function likeNode(light: { readonly prototype: object }, node: object): void {
  const value = (node as { [NODE_TYPE]?: unknown })[NODE_TYPE];
  Object.setPrototypeOf(light.prototype, Object.create(Object.getPrototypeOf(node) as object, { [NODE_TYPE]: { value } }) as object);
}

/** This file, for those who load it when they make the first node: it takes all of the YAML library, of which most files need nothing. */
export type LightNodes = typeof import('./light-nodes');

/** Where a node begins and ends; the third is behind the line break that follows, where one does: a collection ends there. */
export type NodeRange = readonly [start: number, end: number, lineEnd: number];

class LightScalar {
  public constructor(public readonly value: unknown, public readonly type: Scalar.Type, public readonly range: NodeRange) {}
}

class LightPair {
  public constructor(public readonly key: Node, public readonly value: Node) {}
}

class LightMap {
  public constructor(public readonly items: readonly Pair[], public readonly range: NodeRange) {}
}

class LightList {
  public constructor(public readonly items: readonly Node[], public readonly range: NodeRange) {}
}

likeNode(LightScalar, new Scalar(null));
likeNode(LightPair, new Pair(null));
likeNode(LightMap, new YAMLMap());
likeNode(LightList, new YAMLSeq());

export function scalar(value: unknown, type: Scalar.Type, start: number, end: number, lineEnd = end): Scalar {
  return new LightScalar(value, type, [start, end, lineEnd]) as unknown as Scalar;
}

export function pair(key: Node, value: Node): Pair {
  return new LightPair(key, value) as unknown as Pair;
}

export function map(items: readonly Pair[], start: number, end: number, lineEnd = end): YAMLMap {
  return new LightMap(items, [start, end, lineEnd]) as unknown as YAMLMap;
}

export function list(items: readonly Node[], start: number, end: number, lineEnd = end): YAMLSeq {
  return new LightList(items, [start, end, lineEnd]) as unknown as YAMLSeq;
}
