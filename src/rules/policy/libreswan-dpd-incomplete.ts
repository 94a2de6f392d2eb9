import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanDpdIncomplete: Rule = {
  id: 'libreswan-dpd-incomplete',
  severity: 'error',
  title: '`dpddelay` and `dpdtimeout` not given together; a warning from 4.19 (libreswan 5)',
  why: 'libreswan 4 sends no probes at all then, and a dead peer goes unnoticed.',
  fix: 'Give both, or neither.',
  docs: DOCS.libreswan,

  on: {
    connection({ settings, settingsPath }, report, { version }) {
      if ((settings.dpddelay === undefined) === (settings.dpdtimeout === undefined)) return;
      const [given, missing] = settings.dpddelay === undefined ? ['dpdtimeout', 'dpddelay'] : ['dpddelay', 'dpdtimeout'];
      report({
        path: `${settingsPath}/${given}`,
        severity: version && version._libreswanMajor >= 5 ? 'warning' : 'error',
        message: `'${given}' (${show(settings[given])}) is given without '${missing}', and libreswan 4 sends no probes at all then`,
      });
    },
  },
};
