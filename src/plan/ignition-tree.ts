import { isMissing, list, PlainObject, record } from '../documents/values';

/**
 * Ignition configs as the Machine Config Operator compares and merges them: by field, lists by the key of their items.
 *
 * Source: coreos/ignition (config/merge, config/v3_4/types). What the schema does not know is dropped, as Ignition does.
 */
export type Shape = 'value' | Fields | Items;

interface Fields { readonly fields: { readonly [name: string]: Shape } }

/** A list whose items are merged by a key, or by themselves; `append` only adds to it. */
export interface Items { readonly key?: string; readonly item: Shape; readonly append?: true }

/** A value of one of these shapes, without what is missing or empty. */
export type Tree = unknown;

const OWNER: Shape = { fields: { id: 'value', name: 'value' } };
const HEADERS: Shape = { key: 'name', item: { fields: { name: 'value', value: 'value' } } };
const RESOURCE: Fields = {
  fields: { source: 'value', compression: 'value', verification: { fields: { hash: 'value' } }, httpHeaders: HEADERS },
};

const FILE: Fields = {
  fields: {
    path: 'value',
    user: OWNER,
    group: OWNER,
    overwrite: 'value',
    mode: 'value',
    contents: RESOURCE,
    append: { item: RESOURCE, append: true },
  },
};
const UNIT: Fields = {
  fields: {
    name: 'value',
    enabled: 'value',
    mask: 'value',
    contents: 'value',
    dropins: { key: 'name', item: { fields: { name: 'value', contents: 'value' } } },
  },
};
const USER: Fields = {
  fields: {
    name: 'value',
    passwordHash: 'value',
    sshAuthorizedKeys: { item: 'value' },
    uid: 'value',
    gecos: 'value',
    homeDir: 'value',
    noCreateHome: 'value',
    primaryGroup: 'value',
    groups: { item: 'value' },
    noUserGroup: 'value',
    noLogInit: 'value',
    shell: 'value',
    shouldExist: 'value',
    system: 'value',
  },
};

/** What of an Ignition config the operator applies to a running node. */
export const FILES: Items = { key: 'path', item: FILE };
export const UNITS: Items = { key: 'name', item: UNIT };
export const USERS: Items = { key: 'name', item: USER };
/** What it refuses to change on a running node is compared as it is, and merged by the keys of its items. */
export const GROUPS: Items = { key: 'name', item: 'value' };
export const LINKS: Items = { key: 'path', item: 'value' };
export const DEVICES: Items = { key: 'device', item: 'value' };
export const NAMED: Items = { key: 'name', item: 'value' };
export const ARGUMENTS: Items = { item: 'value' };

/** The part of a value that a shape knows; undefined where nothing is left. Keys stand in the order of the shape. */
export function treeOf(value: unknown, shape: Shape): Tree {
  if (isMissing(value)) return undefined;
  if (shape === 'value') return typeof value === 'object' ? ordered(value) : value;
  if ('fields' in shape) {
    const given = record(value) ?? {};
    const entries = Object.entries(shape.fields).flatMap(([name, inner]) => {
      const tree = Object.hasOwn(given, name) ? treeOf(given[name], inner) : undefined;
      return tree === undefined ? [] : [[name, tree] as const];
    });
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  const items = list(value).map((item) => treeOf(item, shape.item)).filter((item) => item !== undefined);
  return items.length > 0 ? items : undefined;
}

/** What Ignition makes of a config and one that comes after it. Both are trees of the shape. */
export function mergeTrees(parent: Tree, child: Tree, shape: Shape): Tree {
  if (child === undefined) return parent;
  if (parent === undefined || shape === 'value') return child;
  if ('fields' in shape) {
    const [one, other] = [parent as PlainObject, child as PlainObject];
    return treeOf(
      Object.fromEntries(Object.entries(shape.fields).map(([name, inner]) => [name, mergeTrees(one[name], other[name], inner)])),
      shape,
    );
  }
  const [before, after] = [parent as readonly unknown[], child as readonly unknown[]];
  if (shape.append) return [...before, ...after];
  const known = new Set(before.map((item) => keyOf(item, shape)));
  const changed = new Map(after.map((item) => [keyOf(item, shape), item]));
  return [
    ...before.map((item) => mergeTrees(item, changed.get(keyOf(item, shape)), shape.item)),
    ...after.filter((item) => !known.has(keyOf(item, shape))),
  ];
}

function keyOf(item: unknown, { key }: Items): string {
  return key === undefined ? JSON.stringify(item) : String(record(item)?.[key] ?? '');
}

/** Items of many configs that are merged one after the other, each looked up by its key. */
export class MergedItems {
  private readonly items: Tree[] = [];
  private readonly places = new Map<string, number[]>();
  private hasAny = false;

  public constructor(private readonly shape: Items) {}

  /** What all of them say; undefined where none says anything. */
  public get tree(): Tree {
    return this.hasAny ? this.items.filter((item) => item !== undefined) : undefined;
  }

  /** Merges what the next config says, as `mergeTrees` does with two. */
  public add(next: Tree): void {
    if (next === undefined) return;
    this.hasAny = true;
    const added = list(next).map((item) => [keyOf(item, this.shape), item] as const);
    const fresh = added.filter(([key]) => !this.places.has(key));
    for (const [key, item] of new Map(added)) {
      for (const at of this.places.get(key) ?? []) this.items[at] = mergeTrees(this.items[at], item, this.shape.item);
    }
    for (const [key, item] of fresh) {
      const place = this.items.push(item) - 1;
      const others = this.places.get(key);
      if (others) others.push(place);
      else this.places.set(key, [place]);
    }
  }

  /** Takes out the items whose keys another section takes, but those that are to be merged. */
  public giveWay(others: Tree, own: Tree): void {
    if (others === undefined || this.places.size === 0) return;
    const stay = new Set(list(own).map((item) => keyOf(item, this.shape)));
    for (const other of list(others)) {
      const key = keyOf(other, this.shape);
      if (stay.has(key)) continue;
      for (const at of this.places.get(key) ?? []) this.items[at] = undefined;
      this.places.delete(key);
    }
  }
}

/** Equal trees have equal texts. */
export function sameTree(one: Tree, other: Tree): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A value that no shape describes, its keys in one order, without what is missing. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  const map = record(value);
  if (!map) return value;
  return Object.fromEntries(Object.keys(map).sort().flatMap((key) => isMissing(map[key]) ? [] : [[key, ordered(map[key])]]));
}
