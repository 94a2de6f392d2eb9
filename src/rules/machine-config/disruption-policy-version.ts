import { DISRUPTION_POLICY } from '../../documents/disruption-policies';
import { DISRUPTION_POLICY_FLOOR } from '../../openshift/machine-config-operator';
import { availability } from '../../openshift/openshift-version';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const disruptionPolicyVersion: Rule = {
  id: 'disruption-policy-version',
  severity: 'error',
  title: 'a node disruption policy for a target older than 4.17',
  why: "The API of 4.16 has the field in a Technology Preview alone, which matches no folders and can't be updated; "
    + 'elsewhere it drops the field, and every change reboots the nodes.',
  fix: 'Upgrade to 4.17 or later, or leave the policy out, and a renewed certificate reboots the nodes one by one.',
  docs: DOCS.nodeDisruption,

  on: {
    'disruption-policy'({ subject }, report, { version }) {
      if (!version || availability(version, DISRUPTION_POLICY_FLOOR) === 'yes') return;
      report({
        subject,
        path: DISRUPTION_POLICY,
        message: `'nodeDisruptionPolicy' is supported from 4.17 on: the API of OpenShift ${version} drops it, `
          + 'and every change of a certificate reboots the nodes',
      });
    },
  },
};
