import { isLeftFromDocumentation, isPlaceholder } from '../../documents/placeholders';
import { hostOf } from '../../documents/policies';
import { show } from '../../documents/values';
import { isLabelValue, isObjectName, MAX_LABEL_LENGTH } from '../../openshift/kubernetes-names';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const policyName: Rule = {
  id: 'policy-name',
  severity: 'error',
  title: 'an NNCP name over 63 characters or not a label value; `<hostname>.<name>` over 253',
  why: 'NMState copies the name into a label of the enactments, and names those by node and policy.',
  fix: "Use at most 63 lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit.",
  docs: DOCS.nmstatePolicies,

  on: {
    policy(policy, report) {
      const { name } = policy.subject;
      if (name === undefined || policy.isState || policy.interfaces.length === 0) return;
      const isRight = isLabelValue(name) && isObjectName(name);
      if (!isRight && isPlaceholder(name) && !isLeftFromDocumentation(name)) return;
      const path = '/metadata/name';
      if (name.length > MAX_LABEL_LENGTH) {
        report({
          path,
          message: `policy name ${show(name)} has ${name.length} characters, and NMState copies it into a label, `
            + `which holds ${MAX_LABEL_LENGTH}`,
        });
      } else if (!isRight) {
        report({ path, message: `policy name ${show(name)} can't be the name of an object and a label value, which NMState makes of it` });
      }
      const host = hostOf(policy);
      if (host !== undefined && host.length + 1 + name.length > 253 && !isPlaceholder(host)) {
        report({
          path,
          message: `the enactment of this policy is named by node and policy, and '${host}.${name}' has ${host.length + 1 + name.length} `
            + 'characters where 253 are allowed',
        });
      }
    },
  },
};
