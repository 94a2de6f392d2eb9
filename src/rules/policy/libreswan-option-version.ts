import { optionOf } from '../../documents/policies';
import { step } from '../../documents/values';
import { availability, describeFloor } from '../../openshift/openshift-version';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanOptionVersion: Rule = {
  id: 'libreswan-option-version',
  severity: 'error',
  title: "a key that the target version's nmstate or NetworkManager-libreswan lacks",
  why: 'The nodes of an older release refuse the whole policy.',
  fix: 'Take it out, or upgrade the cluster first.',
  docs: DOCS.nmstateIpsec,

  on: {
    connection(connection, report, { version }) {
      const { keyfile, settings, settingsPath } = connection;
      if (!version) return;
      for (const key of Object.keys(settings)) {
        const since = optionOf(connection, key)?.since;
        const available = since ? availability(version, since) : 'yes';
        if (available === 'yes') continue;
        report({
          path: settingsPath + step(key),
          severity: available === 'no' ? 'error' : 'warning',
          message: `'${key}' needs ${describeFloor(since!)}, and the target is ${version}: `
            + `the nodes of an older release refuse the ${keyfile ? 'connection' : 'whole policy'}`,
          fix: available === 'no' ? undefined : 'State the patch level of the target to have it checked.',
        });
      }
    },
  },
};
