import { oncePerShared } from '../../core/shared';
import { isPlaceholder } from '../../documents/placeholders';
import { at, list, record, show, text } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const interfaceType: Rule = {
  id: 'interface-type',
  severity: 'error',
  title: 'an interface that has a `libreswan` section and another type than `ipsec`, or none',
  why: 'nmstate refuses the whole state: an interface of another type has no such property.',
  fix: 'Write type: ipsec.',
  docs: DOCS.nmstatePolicies,

  on: {
    policy({ subject }, report) {
      const interfaces = list(at(subject.object.spec, 'desiredState', 'interfaces'));
      if (areOfTheirType(interfaces)) return;
      interfaces.forEach((candidate, i) => {
        if (isOfItsType(candidate)) return;
        const own = record(candidate)!;
        const path = `/spec/desiredState/interfaces/${i}`;
        report({
          path: own.type === undefined ? path : `${path}/type`,
          message: `interface ${show(text(own.name) ?? '(no name)')} has a 'libreswan' section and `
            + `${own.type === undefined ? 'no type' : `the type ${show(own.type)}`}, and nmstate takes the section for type ipsec alone`,
        });
      });
    },
  },
};

/** Whether an interface has no such section, or may have one. */
function isOfItsType(candidate: unknown): boolean {
  const own = record(candidate);
  return own?.libreswan === undefined || own.type === 'ipsec' || own.state === 'absent' || isPlaceholder(own.type);
}

const areOfTheirType = oncePerShared((interfaces: readonly unknown[]) => interfaces.every(isOfItsType));
