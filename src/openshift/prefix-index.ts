import type { Ipv4Cidr } from './ip';

/** Finds which of many prefixes hold another, in as many steps as there are lengths of prefixes. */
export class PrefixIndex<T> {
  private readonly byLength = new Map<number, Map<number, T[]>>();

  public constructor(values: Iterable<T>, cidrOf: (value: T) => Ipv4Cidr) {
    for (const value of values) {
      const { prefix, first } = cidrOf(value);
      let prefixes = this.byLength.get(prefix);
      if (!prefixes) this.byLength.set(prefix, prefixes = new Map());
      const same = prefixes.get(first);
      if (same) same.push(value);
      else prefixes.set(first, [value]);
    }
  }

  /** All whose prefix holds this one. */
  public* holdersOf(cidr: Ipv4Cidr): Iterable<T> {
    for (const [length, prefixes] of this.byLength) {
      if (length > cidr.prefix) continue;
      const size = 2 ** (32 - length);
      yield* prefixes.get(Math.floor(cidr.first / size) * size) ?? [];
    }
  }

  /** Whether there is one whose prefix holds this one. */
  public hasHolderOf(cidr: Ipv4Cidr): boolean {
    for (const _ of this.holdersOf(cidr)) return true;
    return false;
  }
}
