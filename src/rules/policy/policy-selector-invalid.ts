import { isLeftFromDocumentation, isPlaceholder } from '../../documents/placeholders';
import { at, isMissing, PlainObject, record, show, step } from '../../documents/values';
import { isLabelKey, isLabelValue } from '../../openshift/kubernetes-names';
import { HOSTNAME_LABEL } from '../../openshift/labels';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const policySelectorInvalid: Rule = {
  id: 'policy-selector-invalid',
  severity: 'error',
  title: 'a key that is not a qualified name, or a value that is not a label value',
  why: 'The API server refuses the policy, or it selects no node.',
  fix: "List labels and their values, all of which a node must have: there is no 'in' and no 'not'. Quote values that are no text.",
  docs: DOCS.labels,

  on: {
    policy({ subject, interfaces }, report) {
      if (interfaces.length === 0) return;
      const path = '/spec/nodeSelector';
      const selector = at(subject.object.spec, 'nodeSelector');
      if (!record(selector) && !isMissing(selector) && !isPlaceholder(selector)) {
        report({ path, message: `'nodeSelector' is ${show(selector)}, and must be a map of labels` });
      }
      for (const [key, value] of wrongLabels(record(selector))) {
        if (isPlaceholder(key) || isPlaceholder(value) && !isLeftFromDocumentation(value)) continue;
        if (!isLabelKey(key)) {
          report({ path: path + step(key), message: `'nodeSelector' has the key ${show(key)}, which can't be the key of a label` });
        }
        if (typeof value !== 'string' || !isLabelValue(value)) {
          report({
            path: path + step(key),
            message: `'nodeSelector' has ${show(value)} for ${show(key)}, which can't be the value of a label: `
              + 'a text of at most 63 letters, digits, \'-\', \'_\' and \'.\'',
          });
        }
      }
    },
  },
};

/** The labels that are not right as they are; hardly any selector has one. */
function wrongLabels(selector: PlainObject | undefined): readonly (readonly [key: string, value: unknown])[] {
  for (const key in selector) if (!isLabel(key, selector[key])) return Object.entries(selector);
  return NONE;
}

const NONE: readonly never[] = [];

function isLabel(key: string, value: unknown): boolean {
  return (key === HOSTNAME_LABEL || isLabelKey(key)) && typeof value === 'string' && isLabelValue(value);
}
