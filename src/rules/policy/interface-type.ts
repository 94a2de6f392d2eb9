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
      list(at(subject.object.spec, 'desiredState', 'interfaces')).forEach((candidate, i) => {
        const own = record(candidate);
        if (own?.libreswan === undefined || own.type === 'ipsec' || own.state === 'absent' || isPlaceholder(own.type)) return;
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
