import { libreswanOption, libreswanValueProblem } from '../../openshift/libreswan-options';
import { DOCS } from '../docs';
import { isLeftFromDocumentation, isPlaceholder } from '../placeholders';
import type { Rule } from '../rule';
import { isMissing, record, show, step } from '../values';

export const libreswanOptionValue: Rule = {
  id: 'libreswan-option-value',
  severity: 'error',
  title: 'a value of the wrong type or outside the enumeration (`type`, `leftmodecfgclient`, `dpddelay`, `ipsec-interface`, address families …), a character the plugin refuses, white space where it is not allowed',
  why: 'nmstate or NetworkManager-libreswan refuses the whole policy, on the node.',
  fix: 'Correct the value. Words such as yes, no, on and off are true and false in the YAML of Kubernetes unless they are quoted.',
  docs: DOCS.nmstateIpsec,

  on: {
    interface({ path, absent, libreswan }, report) {
      if (absent || record(libreswan) || isMissing(libreswan) || isPlaceholder(libreswan)) return;
      report({ path: `${path}/libreswan`, message: `'libreswan' is ${show(libreswan)}, and nmstate wants a map` });
    },
    connection({ settings, settingsPath }, report) {
      for (const key in settings) {
        const option = libreswanOption(key);
        if (!option) continue;
        const value = settings[key];
        const given = option.secret ? '' : ` (${show(value)})`;
        if (isLeftFromDocumentation(value) && !option.secret) {
          report({ path: settingsPath + step(key), message: `'${key}'${given} still has the placeholder of the documentation`, fix: 'Fill it in.' });
        }
        if (isPlaceholder(value)) continue;
        const problem = libreswanValueProblem(option, value);
        if (problem) report({ path: settingsPath + step(key), message: `'${key}'${given} ${problem}` });
      }
    },
  },
};
