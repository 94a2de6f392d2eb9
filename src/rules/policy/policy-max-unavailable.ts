import { isPlaceholder } from '../../documents/placeholders';
import { at, isMissing, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const policyMaxUnavailable: Rule = {
  id: 'policy-max-unavailable',
  severity: 'error',
  title: 'a `maxUnavailable` of an NNCP that is neither a number of nodes nor a percentage',
  why: 'NMState takes what it cannot read for 50%, and less than one node for one, and says so in the log of a pod alone.',
  fix: "Give a whole number of nodes from 1, or a percentage from '1%' to '100%'.",
  docs: DOCS.nmstatePolicies,

  on: {
    policy({ subject }, report) {
      const value = at(subject.object.spec, 'maxUnavailable');
      if (isMissing(value) || isPlaceholder(value) || isNumberOfNodes(value) || isPercentage(value)) return;
      report({
        path: '/spec/maxUnavailable',
        message: `'maxUnavailable' (${show(value)}) is neither a number of nodes nor a percentage of them`,
      });
    },
  },
};

/** The field is an int32 where it is no text. */
function isNumberOfNodes(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value < 2 ** 31;
}

function isPercentage(value: unknown): boolean {
  const percent = typeof value === 'string' ? /^([1-9]\d{0,2})%$/.exec(value)?.[1] : undefined;
  return percent !== undefined && Number(percent) <= 100;
}
