import { isDeepStrictEqual } from 'util';
import { PlainObject, record, step } from '../documents/values';

/** A step of RFC 6902 from what a construct writes to what was read. */
export interface Difference {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path: string;
  readonly value?: unknown;
}

/** Annotations that the library adds for whoever reads the object; they change nothing on a node. */
const ADDED = /^\/metadata\/annotations(?:\/ipsec\.cdk8s\.io~1[^/]*)?$/;

/** What must be done to `from` to make it `to`. */
export function differences(from: unknown, to: unknown, path = ''): Difference[] {
  const [old, fresh] = [record(from), record(to)];
  if (old && fresh) return ofMaps(old, fresh, path);
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return to.flatMap((item, i) => differences(from[i], item, path + step(i)));
  }
  return isDeepStrictEqual(from, to) ? [] : [{ op: 'replace', path, value: to }];
}

function ofMaps(from: PlainObject, to: PlainObject, path: string): Difference[] {
  const gone = Object.keys(from).filter((key) => !Object.hasOwn(to, key));
  return [
    ...gone.map((key): Difference => ({ op: 'remove', path: path + step(key) })),
    ...Object.keys(to).flatMap((key): Difference[] => Object.hasOwn(from, key)
      ? differences(from[key], to[key], path + step(key))
      : [{ op: 'add', path: path + step(key), value: to[key] }]),
  ];
}

/** The annotations that a construct adds to what was read, and the rest of the differences. */
export function splitAdded(
  from: PlainObject, all: readonly Difference[],
): { readonly added: readonly string[]; readonly rest: Difference[] } {
  const annotations = record(record(from.metadata)?.annotations) ?? {};
  const isAdded = ({ op, path }: Difference) => op === 'remove' && ADDED.test(path)
    && (path !== '/metadata/annotations' || Object.keys(annotations).every((name) => name.startsWith('ipsec.cdk8s.io/')));
  const added = all.filter(isAdded).flatMap(({ path }) => path === '/metadata/annotations'
    ? Object.keys(annotations)
    : [path.slice('/metadata/annotations/'.length).replaceAll('~1', '/').replaceAll('~0', '~')]);
  return { added, rest: all.filter((difference) => !isAdded(difference)) };
}
