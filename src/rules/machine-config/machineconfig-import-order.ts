import { importUnits } from '../../documents/machine-config/scripts';
import { valuesOf } from '../../documents/machine-config/unit-lines';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const machineconfigImportOrder: Rule = {
  id: 'machineconfig-import-order',
  severity: 'warning',
  title: 'the unit that imports certificates is not ordered `Before=ipsec.service`',
  why: 'libreswan may start without the certificate, and keeps what it found when it started.',
  fix: 'Add Before=ipsec.service to the [Unit] section of the unit.',
  docs: DOCS.enableExternal,

  on: {
    'machine-config'(machineConfig, report) {
      for (const { name, pointer, text } of importUnits(machineConfig)) {
        const orders = (setting: RegExp) => valuesOf(text, setting).some((names) => names.split(/\s+/).includes('ipsec.service'));
        if (orders(/^Before$/)) continue;
        const fix = orders(/^After$/) ? 'Write Before=ipsec.service in place of After=ipsec.service.' : undefined;
        report({
          path: `${pointer}/name`,
          message: `unit ${show(name)} imports certificates and is not ordered before ipsec.service, so that libreswan may start without `
            + 'them',
          fix,
        });
      }
    },
  },
};
