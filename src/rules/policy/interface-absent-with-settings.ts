import { isMissing } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const interfaceAbsentWithSettings: Rule = {
  id: 'interface-absent-with-settings',
  severity: 'warning',
  title: '`state: absent` beside a `libreswan` section, which is ignored',
  why: 'The connection of that name is removed, whatever its settings say.',
  fix: 'Take out the libreswan section, or the state.',
  docs: DOCS.nmstateIpsec,

  on: {
    interface({ path, absent, libreswan }, report) {
      if (!absent || isMissing(libreswan)) return;
      report({
        path: `${path}/libreswan`,
        message: "the interface has 'state: absent' and settings, and NMState ignores the settings: the connection is removed",
      });
    },
  },
};
