import { PlainObject, step } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkNull: Rule = {
  id: 'network-null',
  severity: 'warning',
  title: 'a null in the Network object, which takes a field out in a merge patch, and in no manifest that GitOps tools apply',
  why: 'Server-side apply refuses `migration: null`, and passes over any other null: the field stays as whoever wrote it has left it.',
  fix: 'Leave the field out: it goes when the one who wrote it no longer does. Where someone else wrote it, take it out once by oc patch.',
  docs: DOCS.serverSideApply,

  on: {
    network({ subject }, report) {
      for (const [path, key] of nulls(subject.object.spec, '/spec')) {
        report({
          path,
          message: key === 'migration'
            ? "'migration' (null) is refused by server-side apply, which Flux uses, and Argo CD where it is told to"
            : `'${key}' (null) takes nothing out by server-side apply, which Flux uses, and Argo CD where it is told to`,
        });
      }
    },
  },
};

function* nulls(value: unknown, path: string): Iterable<readonly [path: string, key: string]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value as PlainObject)) {
    if (inner === null) yield [path + step(key), key];
    else yield* nulls(inner, path + step(key));
  }
}
