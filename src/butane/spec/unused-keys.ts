import { Entry, formatPath, Path } from './report';
import { knownSince, Struct, Type } from './schema';
import { keyText, YamlNode, YamlSource } from '../yaml/yaml-source';

/**
 * Warnings about keys that nothing reads: a typing mistake, or a field of a newer version. Walks the decoded config as
 * the tool does, so an alias or an empty section is told as it tells them.
 */
export function unusedKeys(source: YamlSource, schema: Struct, minor: number, config: object): Entry[] {
  const entries: Entry[] = [];
  if (source.root) walk(source.root, { kind: 'struct', struct: schema }, config, []);
  return entries;

  function walk(node: YamlNode, type: Type, value: unknown, path: Path): void {
    if (type.kind === 'list') {
      const items = Array.isArray(value) ? value : [];
      items.forEach((item, index) => {
        const child = node.kind === 'sequence' ? node.items[index] : undefined;
        if (child) walk(child, type.item, item, [...path, index]);
      });
      return;
    }
    if (type.kind !== 'struct') return;
    if (node.kind !== 'mapping') {
      const place = formatPath(path);
      entries.push({
        severity: 'warning',
        path,
        position: source.position(node.offset),
        text: `context tree does not match content tree at ${place}. Line and column reporting may be inconsistent. Unused `
          + 'keys may not be reported',
      });
      return;
    }
    const last = new Map(node.pairs.map((pair) => [keyText(pair.key), pair]));
    for (const [key, pair] of last) {
      if (type.struct.fields.some((field) => field.key === key)) continue;
      const since = knownSince(type.struct, key);
      entries.push({
        severity: 'warning',
        path: [...path, key],
        position: source.position(pair.key.offset),
        text: `unused key ${key}${since && since > minor ? ` (version 4.${since}.0 and later know it)` : ''}`,
      });
    }
    for (const field of type.struct.fields) {
      const pair = last.get(field.key);
      const inner = (value as { [name: string]: unknown } | undefined)?.[field.name];
      if (!pair || field.pointer && inner === undefined) continue;
      walk(pair.value, field.type, inner, [...path, field.key]);
    }
  }
}
