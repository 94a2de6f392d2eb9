import { ButaneConfig } from './config';
import { Entry, Path } from './report';
import { Struct, Type } from './schema';
import { OLD_BOOLEANS, resolvePlain, Resolved } from '../yaml/yaml-resolve';
import { keyText, SourceError, YamlMapping, YamlNode, YamlScalar, YamlSource } from '../yaml/yaml-source';

/**
 * Reads a config by its schema, as yaml.v3 fills the tool's structs: unknown keys are passed over, empty list items are
 * dropped, merge keys are followed, every value of a wrong type is reported.
 *
 * @throws SourceError which lists the values of wrong types
 */
export function decode(source: YamlSource, schema: Struct): ButaneConfig {
  const decoder = new Decoder(source);
  const config: Values = {};
  if (source.root) decoder.struct(source.root, schema, config, []);
  if (decoder.errors.length > 0) throw new SourceError(decoder.errors);
  return config as unknown as ButaneConfig;
}

interface Values { [name: string]: unknown }

/** What a node could not give: the field stays as it was, a list item is dropped. */
const NOTHING = Symbol('nothing');

class Decoder {
  public readonly errors: Entry[] = [];
  private readonly open = new Set<YamlNode>();
  private decoded = 0;
  private throughAliases = 0;
  private aliasDepth = 0;

  public constructor(private readonly source: YamlSource) {}

  /** Fills `into`; `merged` holds the keys that a mapping with a merge key sets itself. */
  public struct(node: YamlNode, schema: Struct, into: Values, path: Path, merged?: Set<string>): boolean {
    this.count(node);
    if (node.kind === 'alias') return this.follow(node, (target) => this.struct(target, schema, into, path, merged)) ?? false;
    if (node.kind === 'scalar' && this.resolve(node, path)?.tag === '!!null') return false;
    if (node.kind !== 'mapping') return this.mismatch(node, 'a mapping', path);
    if (!this.uniqueKeys(node, path)) return false;
    let merge: YamlNode | undefined;
    for (const { key, value } of node.pairs) {
      if (isMerge(key)) {
        merge = value;
        continue;
      }
      const name = this.key(key, path);
      if (name === undefined || merged?.has(name)) continue;
      merged?.add(name);
      const field = schema.fields.find((each) => each.key === name);
      if (!field) continue;
      const inner = [...path, name];
      if (field.type.kind === 'struct') {
        // A struct of the tool is there even if nothing is in it; `null` leaves it as it was.
        const values = (into[field.name] ?? {}) as Values;
        if (this.struct(value, field.type.struct, values, inner)) into[field.name] = values;
        else if (field.pointer && this.isNull(value)) delete into[field.name];
        continue;
      }
      const result = this.value(value, field.type, inner);
      if (result !== NOTHING) into[field.name] = result;
      else if (!field.required && this.isNull(value)) delete into[field.name];
    }
    if (merge) this.merge(node, merge, schema, into, path, merged);
    this.fillRequired(schema, into);
    return true;
  }

  private fillRequired(schema: Struct, into: Values): void {
    for (const field of schema.fields) {
      if (field.required && into[field.name] === undefined) into[field.name] = field.type.kind === 'int' ? 0 : '';
    }
  }

  private merge(parent: YamlMapping, node: YamlNode, schema: Struct, into: Values, path: Path, merged?: Set<string>): void {
    const done = merged ?? new Set(parent.pairs.map(({ key }) => keyText(key)));
    const isMap = (each: YamlNode) => (each.kind === 'alias' ? each.target : each).kind === 'mapping';
    if (isMap(node)) {
      this.struct(node, schema, into, path, done);
      return;
    }
    if (node.kind !== 'sequence' || !node.items.every(isMap)) {
      throw this.source.error(node.offset, 'map merge requires map or sequence of maps as the value', path);
    }
    for (const item of node.items) this.struct(item, schema, into, path, done);
  }

  private value(node: YamlNode, type: Type, path: Path): unknown {
    this.count(node);
    if (node.kind === 'alias') return this.follow(node, (target) => this.value(target, type, path)) ?? NOTHING;
    switch (type.kind) {
      case 'list': return this.list(node, type.item, path);
      case 'labels': return this.labels(node, path);
      case 'struct': {
        const values: Values = {};
        return this.struct(node, type.struct, values, path) ? values : NOTHING;
      }
      default: return this.scalar(node, type.kind, path);
    }
  }

  private list(node: YamlNode, item: Type, path: Path): unknown {
    if (this.isNull(node)) return NOTHING;
    if (node.kind !== 'sequence') return this.mismatch(node, 'a list', path) || NOTHING;
    const items: unknown[] = [];
    node.items.forEach((each, index) => {
      const value = this.value(each, item, [...path, index]);
      if (value !== NOTHING) items.push(value);
    });
    return items;
  }

  private labels(node: YamlNode, path: Path): unknown {
    if (this.isNull(node)) return NOTHING;
    if (node.kind !== 'mapping') return this.mismatch(node, 'a mapping', path) || NOTHING;
    const labels = this.labelPairs(node, path, new Map());
    // No prototype and no setters: a label may be called __proto__.
    return Object.fromEntries(labels);
  }

  private labelPairs(node: YamlMapping, path: Path, labels: Map<string, string>): Map<string, string> {
    if (!this.uniqueKeys(node, path)) return labels;
    const merges: YamlNode[] = [];
    for (const { key, value } of node.pairs) {
      if (isMerge(key)) {
        merges.push(...value.kind === 'sequence' ? value.items : [value]);
        continue;
      }
      const name = this.key(key, path);
      if (name === undefined || labels.has(name)) continue;
      const text = this.value(value, { kind: 'string' }, [...path, name]);
      if (text !== NOTHING || this.isNull(value)) labels.set(name, text === NOTHING ? '' : text as string);
    }
    for (const merge of merges) {
      const target = merge.kind === 'alias' ? merge.target : merge;
      if (target.kind !== 'mapping') throw this.source.error(merge.offset, 'map merge requires map or sequence of maps as the value', path);
      this.count(target);
      this.labelPairs(target, path, labels);
    }
    return labels;
  }

  private scalar(node: YamlNode, kind: 'string' | 'int' | 'bool', path: Path): unknown {
    if (node.kind !== 'scalar') return this.mismatch(node, kind, path) || NOTHING;
    const resolved = this.resolve(node, path);
    if (!resolved || resolved.tag === '!!null') return NOTHING;
    if (kind === 'string') return node.tag === '!!binary' ? this.binary(node, path) : node.text;
    const { value } = resolved;
    if (kind === 'int' && typeof value === 'number' && !Number.isNaN(value) && value < 2 ** 63) {
      if (Number.isSafeInteger(Math.trunc(value))) return Math.trunc(value) + 0;
      this.report(
        node,
        `the number ${shortened(node.text)} is beyond what a MachineConfig can carry exactly (${Number.MAX_SAFE_INTEGER})`,
        path,
      );
      return NOTHING;
    }
    if (kind === 'bool' && typeof value === 'boolean') return value;
    if (kind === 'bool' && typeof value === 'string' && resolved.tag !== '!!timestamp' && OLD_BOOLEANS.has(value)) {
      return OLD_BOOLEANS.get(value);
    }
    return this.mismatch(node, kind, path, resolved.tag) || NOTHING;
  }

  private binary(node: YamlScalar, path: Path): unknown {
    const text = node.text.replace(/[\r\n]/g, '');
    const body = Buffer.from(text, 'base64');
    if (body.toString('base64') !== text) return this.report(node, '!!binary value contains invalid base64 data', path);
    const decoded = body.toString('utf8');
    if (!Buffer.from(decoded, 'utf8').equals(body)) {
      return this.report(node, '!!binary data that is not UTF-8 text is not supported: put it into a file and name it with local', path);
    }
    return decoded;
  }

  /** What a scalar is, by its tag or by its text; undefined (and told) if the two disagree. */
  private resolve(node: YamlScalar, path: Path): Resolved | undefined {
    if (node.tag === undefined || node.tag === '!') {
      return node.plain && node.tag === undefined ? resolvePlain(node.text) : { tag: '!!str', value: node.text };
    }
    if (!CORE_TAGS.has(node.tag)) return { tag: '!!str', value: node.text };
    if (node.tag === '!!str') return { tag: '!!str', value: node.text };
    const resolved = resolvePlain(node.text);
    if (resolved.tag === node.tag) return resolved;
    if (node.tag === '!!float' && resolved.tag === '!!int') return { ...resolved, tag: '!!float' };
    this.report(node, `cannot decode ${resolved.tag} \`${shortened(node.text)}\` as a ${node.tag}`, path);
    return undefined;
  }

  private key(node: YamlNode, path: Path): string | undefined {
    const key = this.value(node, { kind: 'string' }, path);
    return key === NOTHING ? undefined : key as string;
  }

  private isNull(node: YamlNode): boolean {
    const target = node.kind === 'alias' ? node.target : node;
    return target.kind === 'scalar' && target.tag === undefined && target.plain && resolvePlain(target.text).tag === '!!null'
      || target.kind === 'scalar' && target.tag === '!!null';
  }

  private uniqueKeys(node: YamlMapping, path: Path): boolean {
    const seen = new Map<string, YamlNode>();
    let unique = true;
    for (const { key } of node.pairs) {
      const id = `${key.kind} ${keyText(key)}`;
      const first = seen.get(id);
      if (first) {
        unique = false;
        this.report(
          key,
          `mapping key ${JSON.stringify(keyText(key))} already defined at line ${this.source.position(first.offset).line}`,
          path,
        );
      } else {
        seen.set(id, key);
      }
    }
    return unique;
  }

  private follow<T>(node: YamlNode & { kind: 'alias' }, read: (target: YamlNode) => T): T {
    if (this.open.has(node)) throw this.source.error(node.offset, `anchor '${node.anchor}' value contains itself`);
    this.open.add(node);
    this.aliasDepth++;
    const result = read(node.target);
    this.aliasDepth--;
    this.open.delete(node);
    return result;
  }

  /** yaml.v3's guard against a small text that aliases blow up: the larger the whole, the smaller the part they may have. */
  private count(node: YamlNode): void {
    this.decoded++;
    if (this.aliasDepth > 0) this.throughAliases++;
    if (this.throughAliases <= 100 || this.decoded <= 1000) return;
    const share = 0.99 - 0.89 * Math.min(1, Math.max(0, (this.decoded - 400_000) / 3_600_000));
    if (this.throughAliases / this.decoded > share) throw this.source.error(node.offset, 'document contains excessive aliasing');
  }

  private mismatch(node: YamlNode, wanted: string, path: Path, tag?: string): false {
    const given = node.kind === 'mapping' ? '!!map' : node.kind === 'sequence' ? '!!seq' : node.kind === 'scalar'
      ? `${node.tag ?? tag ?? this.resolve(node, path)?.tag ?? '!!str'} \`${shortened(node.text)}\`` : 'an alias';
    this.report(node, `cannot unmarshal ${given} into ${wanted}`, path);
    return false;
  }

  private report(node: YamlNode, text: string, path: Path): typeof NOTHING {
    // Enough to see what is wrong; a text that is no config at all would fill the screen.
    if (this.errors.length < 100) this.errors.push({ severity: 'error', text, path, position: this.source.position(node.offset) });
    return NOTHING;
  }
}

const CORE_TAGS = new Set(['!!str', '!!bool', '!!int', '!!float', '!!null', '!!timestamp', '!!merge']);

function isMerge(key: YamlNode): boolean {
  return key.kind === 'scalar' && key.text === '<<' && (key.plain && key.tag === undefined || key.tag === '!' || key.tag === '!!merge');
}

function shortened(text: string): string {
  return text.length > 10 ? `${text.slice(0, 7)}...` : text;
}
