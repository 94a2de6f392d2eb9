import { DOCS } from '../docs';
import type { Rule } from '../rule';
import type { Subject } from '../subjects';
import { at, isTemplate } from '../values';

export const objectDuplicate: Rule = {
  id: 'object-duplicate',
  severity: 'error',
  title: 'two objects of one apiVersion, kind, namespace and name',
  why: 'The cluster keeps the one that is applied last; the other is lost without a word.',
  fix: 'Give one of them another name.',
  docs: DOCS.names,
  acrossObjects: true,

  *check({ subjects }) {
    const byKind = new Map<string, Map<string, Set<string>>>();
    for (const subject of subjects) {
      const { apiVersion, kind, namespace, name, held } = subject;
      if (name === undefined || held || isTemplate(name) || isTemplate(namespace)) continue;
      const seen = inner(inner(byKind, kind, () => new Map<string, Set<string>>()), apiVersion, () => new Set<string>());
      const identity = namespace === undefined && kind !== 'MachineConfigPool' ? name : [namespace, name, pauseOf(subject)].join('\0');
      if (seen.has(identity)) yield { subject, path: '/metadata/name', message: `${kind} '${name}' is there twice: the cluster keeps only the one that is applied last` };
      seen.add(identity);
    }
  },
};

/** A pause of a pool and the object that ends it are kept side by side, to be applied one after the other. */
function pauseOf({ kind, object }: Subject): string {
  return kind === 'MachineConfigPool' ? String(at(object.spec, 'paused')) : '';
}

function inner<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = make());
  return value;
}
