import { DOCS } from '../docs';
import { isPlaceholder } from '../placeholders';
import type { Rule } from '../rule';
import { isMissing, record } from '../values';

export const libreswanRightMissing: Rule = {
  id: 'libreswan-right-missing',
  severity: 'error',
  title: 'no `right`',
  why: 'It is the one key that nmstate requires: who the peer is.',
  fix: 'Give the address or DNS name of the peer as right.',
  docs: DOCS.nmstateIpsec,

  on: {
    interface({ path, libreswan, absent }, report) {
      if (absent) return;
      if (isPlaceholder(libreswan) || !isMissing(libreswan) && !record(libreswan)) return;
      if (!isMissing(record(libreswan)?.right)) return;
      const where = record(libreswan) ? `${path}/libreswan` : path;
      report({ path: where, message: `the connection has no ${record(libreswan) ? "'right'" : "'libreswan' section, and so no 'right'"}, without which nmstate refuses the policy` });
    },
  },
};
