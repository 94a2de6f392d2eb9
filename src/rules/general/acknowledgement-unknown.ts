import { ACKNOWLEDGE_ANNOTATION } from '../../core/acknowledgements';
import { RULE_IDS } from '../../core/rule-ids';
import { annotationPath, annotationsOf } from '../../documents/subjects';
import { show } from '../../documents/values';
import type { Rule } from '../rule';

const KNOWN: ReadonlySet<string> = new Set(RULE_IDS);

export const acknowledgementUnknown: Rule = {
  id: 'acknowledgement-unknown',
  severity: 'warning',
  title: 'an acknowledgement of a rule that does not exist, or one without a reason',
  why: 'It acknowledges nothing: the finding that it was meant for is told all the same, or never was one.',
  fix: 'Correct the rule id, or take the annotation out; give a reason in a sentence.',
  docs: 'https://github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec/blob/main/RULES.md',

  on: {
    object(subject, report) {
      for (const [name, reason] of annotationsOf(subject)) {
        if (!name.startsWith(ACKNOWLEDGE_ANNOTATION)) continue;
        const id = name.slice(ACKNOWLEDGE_ANNOTATION.length);
        const path = annotationPath(name);
        if (!KNOWN.has(id)) {
          report({ path, message: `the annotation acknowledges ${show(id)}, which is no rule` });
        } else if (typeof reason !== 'string' || reason.trim() === '') {
          report({ path, message: `the annotation acknowledges '${id}' and gives no reason, so that it does not count` });
        }
      }
    },
  },
};
