import { isSecretName } from '../../core/secret-names';
import { isLeftFromDocumentation, isPlaceholder } from '../../documents/placeholders';
import { optionOf } from '../../documents/policies';
import { isMissing, record, show, step } from '../../documents/values';
import { libreswanValueProblem } from '../../openshift/libreswan-values';
import { keyfileValueProblem } from '../../openshift/network-manager';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** YAML 1.1, which Kubernetes reads, takes words for truth values. */
const UNQUOTED_WORD =
  'Correct the value, or put it in quotes: yes, no, on and off are true and false in the YAML of Kubernetes without them.';

export const libreswanOptionValue: Rule = {
  id: 'libreswan-option-value',
  severity: 'error',
  title:
    'a value of the wrong type or outside the enumeration (`type`, `leftmodecfgclient`, `dpddelay`, `ipsec-interface`, '
      + 'address families …), a character the plugin refuses, white space where it is not allowed',
  why: 'nmstate or NetworkManager-libreswan refuses the whole policy, on the node.',
  fix: 'Correct the value.',
  docs: DOCS.nmstateIpsec,

  on: {
    interface({ path, absent, libreswan }, report) {
      if (absent || record(libreswan) || isMissing(libreswan) || isPlaceholder(libreswan)) return;
      report({ path: `${path}/libreswan`, message: `'libreswan' is ${show(libreswan)}, and nmstate wants a map` });
    },
    connection(connection, report) {
      const { keyfile, settings, settingsPath } = connection;
      for (const key in settings) {
        // Whether nmstate knows the key is another rule's matter; the plugin reads all values alike.
        const option = optionOf(connection, key) ?? { key, type: 'string' };
        const value = settings[key];
        const isSecret = option.secret || isSecretName(key);
        const tell = (problem: string, fix?: string) => report({
          path: settingsPath + step(key), message: `'${key}'${isSecret ? '' : ` (${show(value)})`} ${problem}`, fix,
        });
        if (isLeftFromDocumentation(value) && !isSecret) tell('still has the placeholder of the documentation', 'Fill it in.');
        if (isPlaceholder(value)) continue;
        const problem = keyfile ? keyfileValueProblem(option, value) : libreswanValueProblem(option, value);
        if (problem) tell(problem, typeof value === 'boolean' ? UNQUOTED_WORD : undefined);
      }
    },
  },
};
