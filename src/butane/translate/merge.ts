import { Origins } from '../origins';
import { IgnitionConfig } from '../spec/ignition';
import { Path } from '../spec/report';
import { Field, ignitionFields, Struct, Type } from '../spec/schema';
import { isZero, keyOf, listRules, Values } from '../spec/values';

/** A config and where it came from. */
export interface Traced {
  readonly config: IgnitionConfig;
  /** Absent when nobody asked for it. */
  readonly origins?: Origins;
}

/**
 * Merges what Butane made up (mount units, the boot device) with what the config says, by Ignition's rules: the config
 * wins, entries of lists meet by their key, and those of the parent come first.
 */
export function mergeConfigs(schema: Struct, parent: Traced, child: Traced): Traced {
  const origins = child.origins && new Origins();
  const merger = new Merger(parent.origins, child.origins, origins);
  const config = merger.struct(schema, parent.config as unknown as Values, [], child.config as unknown as Values, [], []);
  return { config: config as unknown as IgnitionConfig, origins };
}

type Side = 'parent' | 'child';

class Merger {
  public constructor(
    private readonly parentOrigins: Origins | undefined,
    private readonly childOrigins: Origins | undefined,
    private readonly origins: Origins | undefined,
  ) {}

  public struct(schema: Struct, parent: Values, parentPath: Path, child: Values, childPath: Path, path: Path): Values {
    const result: Values = {};
    for (const field of ignitionFields(schema)) {
      const [p, c] = [parent[field.name], child[field.name]];
      const paths: [Path, Path, Path] = [[...parentPath, field.name], [...childPath, field.name], [...path, field.name]];
      const value = this.field(schema, field, p, c, paths, child, parent);
      if (value !== undefined) result[field.name] = value;
    }
    return result;
  }

  private field(schema: Struct, field: Field, p: unknown, c: unknown, paths: [Path, Path, Path], child: Values, parent: Values): unknown {
    const [parentPath, childPath, path] = paths;
    const { type } = field;
    if (type.kind === 'list') {
      if (((p as unknown[] | undefined)?.length ?? 0) + ((c as unknown[] | undefined)?.length ?? 0) === 0) return undefined;
      return this.list(schema, field, type.item, (p ?? []) as unknown[], (c ?? []) as unknown[], paths, child, parent);
    }
    if (type.kind === 'struct' && !field.pointer) {
      if (isZero(c)) return this.take('parent', type, p, parentPath, path);
      if (isZero(p)) return this.take('child', type, c, childPath, path);
    } else if (field.required || c !== undefined && !(field.pointer && p !== undefined)) {
      return this.take('child', type, c, childPath, path);
    } else if (c === undefined) {
      return this.take('parent', type, p, parentPath, path);
    }
    const merged = this.struct((type as { struct: Struct }).struct, p as Values, parentPath, c as Values, childPath, path);
    this.note('parent', parentPath, path);
    this.note('child', childPath, path);
    return merged;
  }

  private list(
    schema: Struct, field: Field, item: Type, parents: unknown[], children: unknown[], [parentPath, childPath, path]: [Path, Path, Path],
    child: Values, parent: Values,
  ): unknown[] {
    const result: unknown[] = [];
    const rules = listRules(schema.name);
    let [fromParent, fromChild] = [false, false];
    const append = (side: Side, value: unknown, from: Path) => {
      this.take(side, item, value, from, [...path, result.length]);
      result.push(value);
      if (side === 'parent') fromParent = true;
      else fromChild = true;
    };
    if (rules.ignoreDuplicates.includes(field.name)) {
      parents.forEach((value, index) => append('parent', value, [...parentPath, index]));
      children.forEach((value, index) => append('child', value, [...childPath, index]));
    } else {
      const others = rules.sharedKeys.includes(field.name) ? rules.sharedKeys.filter((name) => name !== field.name) : [];
      const elsewhere = new Set(others.flatMap((name) => ((child[name] ?? []) as unknown[]).map((value) => keyOf(schema, name, value))));
      const own = new Map(children.map((value, index): [string, number] => [keyOf(schema, field.name, value), index]));
      const parentKeys = new Set(((parent[field.name] ?? []) as unknown[]).map((value) => keyOf(schema, field.name, value)));
      parents.forEach((value, index) => {
        const key = keyOf(schema, field.name, value);
        const match = own.get(key);
        if (match === undefined) {
          if (!elsewhere.has(key)) append('parent', value, [...parentPath, index]);
          return;
        }
        [fromParent, fromChild] = [true, true];
        const at = [...path, result.length];
        if (item.kind === 'struct') {
          result.push(
            this.struct(item.struct, value as Values, [...parentPath, index], children[match] as Values, [...childPath, match], at),
          );
          this.note('parent', [...parentPath, index], at);
        } else {
          result.push(children[match]);
        }
        this.note('child', [...childPath, match], at);
      });
      children.forEach((value, index) => {
        if (!parentKeys.has(keyOf(schema, field.name, value))) append('child', value, [...childPath, index]);
      });
    }
    if (fromParent) this.note('parent', parentPath, path);
    if (fromChild) this.note('child', childPath, path);
    return result;
  }

  /** Takes a value whole from one side; only what is not empty is recorded, as in the tool. */
  private take(side: Side, type: Type, value: unknown, from: Path, to: Path): unknown {
    if (this.origins) this.transcribe(side, type, value, from, to);
    return value;
  }

  private transcribe(side: Side, type: Type, value: unknown, from: Path, to: Path, required = true): boolean {
    if (value === undefined) return false;
    if (type.kind === 'list') {
      let any = false;
      (value as unknown[]).forEach((item, index) => {
        any = this.transcribe(side, type.item, item, [...from, index], [...to, index]) || any;
      });
      if (any) this.note(side, from, to);
      return any;
    }
    if (type.kind === 'struct') {
      let any = false;
      for (const field of ignitionFields(type.struct)) {
        const inner = (value as Values)[field.name];
        any = this.transcribe(side, field.type, inner, [...from, field.name], [...to, field.name], field.required) || any;
      }
      if (any) this.note(side, from, to);
      return any;
    }
    if (required && isZero(value)) return false;
    this.note(side, from, to);
    return true;
  }

  private note(side: Side, from: Path, to: Path): void {
    if (!this.origins) return;
    const origin = (side === 'parent' ? this.parentOrigins : this.childOrigins)?.of(from);
    if (origin && !(side === 'parent' && this.origins.of(to))) this.origins.add(origin, to);
  }
}
