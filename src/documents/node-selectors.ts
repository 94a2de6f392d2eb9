/** Labels that all must be equal, as NMState selects nodes; none selects every node. */
export type NodeSelector = { readonly [label: string]: string };

/**
 * Things by the nodes that they are for, asked one question: is there already one for the same nodes, or for a set that
 * contains them or is contained by them? Selectors that merely may overlap are not told apart from disjoint ones.
 *
 * Selectors are grouped by their keys, of which a cluster uses few, so that a question costs one look a group.
 */
export class NodeSelectorIndex<T> {
  private readonly groups = new Map<string, { readonly keys: readonly string[]; readonly entries: Map<string, T> }>();
  /** For each selector, its projections on the key groups that are subsets of its own keys. */
  private readonly projections = new Map<string, Map<string, T>>();

  /** The one group that there is, where its selectors have one label: so it is with a policy for each node. */
  private only?: { readonly label: string; readonly entries: Map<string, T> };

  /** What `find` finds before `add` adds. */
  public findAndAdd(selector: NodeSelector, entry: T): T | undefined {
    const { only } = this;
    if (!only || this.projections.size > 0 || !hasOnly(selector, only.label)) {
      const found = this.find(selector);
      this.add(selector, entry);
      return found;
    }
    const node = selector[only.label];
    const found = only.entries.get(node);
    if (found === undefined) only.entries.set(node, entry);
    return found;
  }

  /** The first entry whose nodes contain these, are contained by them or are the same. */
  public find(selector: NodeSelector): T | undefined {
    const keys = sortedKeys(selector);
    for (const group of this.groups.values()) {
      if (group.keys.every((key) => key in selector)) {
        const found = group.entries.get(values(selector, group.keys));
        if (found !== undefined) return found;
      }
    }
    // Where all selectors have the same keys, their own group has answered already.
    if (this.groups.size === 0 || this.groups.size === 1 && this.groups.has(idOf(keys))) return undefined;
    return this.projectionsOn(keys).get(values(selector, keys));
  }

  public add(selector: NodeSelector, entry: T): void {
    const keys = sortedKeys(selector);
    const groupId = idOf(keys);
    let group = this.groups.get(groupId);
    if (!group) {
      this.groups.set(groupId, group = { keys, entries: new Map() });
      this.only = this.groups.size === 1 && keys.length === 1 ? { label: keys[0], entries: group.entries } : undefined;
    }
    const own = values(selector, keys);
    if (!group.entries.has(own)) group.entries.set(own, entry);
    for (const [projectionId, projected] of this.projections) {
      const onto = projectionId === '' ? [] : projectionId.split('\0');
      if (onto.every((key) => key in selector) && !projected.has(values(selector, onto))) projected.set(values(selector, onto), entry);
    }
  }

  /** All entries so far by their values for `keys`; kept up to date by `add` once it has been asked for. */
  private projectionsOn(keys: readonly string[]): Map<string, T> {
    const id = idOf(keys);
    let projected = this.projections.get(id);
    if (!projected) {
      projected = new Map();
      for (const group of this.groups.values()) {
        if (!keys.every((key) => group.keys.includes(key))) continue;
        const positions = keys.map((key) => group.keys.indexOf(key));
        for (const [joined, entry] of group.entries) {
          const own = joined.split('\0');
          const projection = positions.map((position) => own[position]).join('\0');
          if (!projected.has(projection)) projected.set(projection, entry);
        }
      }
      this.projections.set(id, projected);
    }
    return projected;
  }
}

function hasOnly(selector: NodeSelector, label: string): boolean {
  let has = false;
  for (const key in selector) {
    if (key !== label) return false;
    has = true;
  }
  return has;
}

function sortedKeys(selector: NodeSelector): string[] {
  const keys = Object.keys(selector);
  return keys.length > 1 ? keys.sort() : keys;
}

/** What tells one list of keys from another. */
function idOf(keys: readonly string[]): string {
  return keys.length === 1 ? keys[0] : keys.join('\0');
}

function values(selector: NodeSelector, keys: readonly string[]): string {
  if (keys.length === 1) return selector[keys[0]];
  return keys.map((key) => selector[key]).join('\0');
}
