import type { Document, Finding, Rule } from './rule';
import { at, objectName, text } from './values';

export const objectDuplicate: Rule = {
  id: 'object-duplicate',
  severity: 'error',
  title: 'two objects of one apiVersion, kind, namespace and name',
  why: 'The cluster keeps the one that is applied last; the other is lost without a word.',
  fix: 'Give one of them another name, or remove it.',
  docs: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',

  *check<D extends Document>(documents: readonly D[]): Iterable<Finding<D>> {
    const seen = new Set<string>();
    for (const document of documents) {
      const { namespace, name } = objectName(document);
      if (name === undefined) continue;
      const identity = [text(document.apiVersion), text(document.kind), namespace, name, pauseOf(document)].join('\0');
      if (seen.has(identity)) {
        yield { document, path: '/metadata/name', message: `${text(document.kind)} '${name}' is there twice: the cluster keeps only the one that is applied last; give one of them another name` };
      }
      seen.add(identity);
    }
  },
};

/** A pause of a pool and the object that ends it are kept side by side, to be applied one after the other. */
function pauseOf({ kind, spec }: Document): string {
  return kind === 'MachineConfigPool' ? String(at(spec, 'paused')) : '';
}
