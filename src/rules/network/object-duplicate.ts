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
    const seen = new Set<string>();
    for (const subject of subjects) {
      const { apiVersion, kind, namespace, name, held } = subject;
      if (name === undefined || held || isTemplate(name) || isTemplate(namespace)) continue;
      const identity = [apiVersion, kind, namespace, name, pauseOf(subject)].join('\0');
      if (seen.has(identity)) yield { subject, path: '/metadata/name', message: `${kind} '${name}' is there twice: the cluster keeps only the one that is applied last` };
      seen.add(identity);
    }
  },
};

/** A pause of a pool and the object that ends it are kept side by side, to be applied one after the other. */
function pauseOf({ kind, object }: Subject): string {
  return kind === 'MachineConfigPool' ? String(at(object.spec, 'paused')) : '';
}
