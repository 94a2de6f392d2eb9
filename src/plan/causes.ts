import { sameTree, Tree } from './ignition-tree';
import type { Difference } from './pool-change';
import type { PoolSource } from './pools';
import { isFieldOfNode, ownParts } from './rendered-config';
import { at } from '../documents/values';

/** What a difference of a pool comes from. */
interface Origin {
  readonly object: string;
  readonly path: string;
}

/**
 * The objects that the differences of a pool come from. A pool may have thousands of files, and as many MachineConfigs: which of these
 * change a file is looked up, and worked out once for all files.
 */
export class Causes {
  private readonly old: ReadonlyMap<string, PoolSource>;
  private readonly now: ReadonlyMap<string, PoolSource>;
  private readonly sources: readonly PoolSource[];
  private readonly bySection = new Map<'files' | 'units', ReadonlyMap<string, readonly PoolSource[]>>();

  public constructor(before: readonly PoolSource[], after: readonly PoolSource[]) {
    this.old = new Map(before.map((source) => [source.name, source]));
    this.now = new Map(after.map((source) => [source.name, source]));
    this.sources = [...new Map([...before, ...after].map((source) => [source.name, source])).values()];
  }

  /** The objects that a difference comes from, with their own place for it. */
  public of({ section, path }: Difference): readonly Origin[] {
    const mine = section === 'units' ? this.changing('units').get(path) ?? []
      : section === 'files' || section === 'refused' && !isFieldOfNode(path) ? this.changing('files').get(path) ?? []
        : this.sources.filter(({ name }) => !sameTree(field(this.old.get(name), section, path), field(this.now.get(name), section, path)));
    return mine.map(({ object, cause }) => ({ object, path: cause ?? path }));
  }

  private changing(section: 'files' | 'units'): ReadonlyMap<string, readonly PoolSource[]> {
    let changing = this.bySection.get(section);
    if (!changing) this.bySection.set(section, changing = this.findChanging(section));
    return changing;
  }

  private findChanging(section: 'files' | 'units'): ReadonlyMap<string, readonly PoolSource[]> {
    const changing = new Map<string, PoolSource[]>();
    for (const source of this.sources) {
      const [before, after] = [this.old, this.now].map((side) => ownParts(side.get(source.name)?.spec, section));
      for (const key of new Set([...before.keys(), ...after.keys()])) {
        if (sameTree(before.get(key), after.get(key))) continue;
        const others = changing.get(key);
        if (others) others.push(source);
        else changing.set(key, [source]);
      }
    }
    return changing;
  }
}

function field(source: PoolSource | undefined, section: Difference['section'], path: string): Tree {
  if (!source) return undefined;
  if (section === 'sshKeys') return at(source.spec, 'config', 'passwd');
  if (section === 'spec' || path === 'fips') return source.spec[path];
  return at(source.spec, 'config', ...path.split('.'));
}
