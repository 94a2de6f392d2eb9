import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkMustonlyhave: Rule = {
  id: 'network-mustonlyhave',
  severity: 'error',
  title: 'a RHACM policy that holds the Network object as `mustonlyhave`: it would delete every other field',
  why: 'The Network object carries the whole network of the cluster; what the policy does not name, it removes.',
  fix: 'Use complianceType: musthave.',
  docs: DOCS.rhacmPolicy,

  on: {
    network({ subject: { held } }, report) {
      if (held?.complianceType !== 'mustonlyhave') return;
      report({
        subject: held.by,
        path: held.path,
        message: "the policy holds the Network object as 'mustonlyhave': it would delete every field of it that it does not name, "
          + 'cluster and service networks among them',
      });
    },
  },
};
