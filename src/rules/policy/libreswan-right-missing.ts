import { isPlaceholder } from '../../documents/placeholders';
import { isMissing, record } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const libreswanRightMissing: Rule = {
  id: 'libreswan-right-missing',
  severity: 'error',
  title: 'no `right`',
  why: 'It is the one key that nmstate requires: who the peer is.',
  fix: 'Give the address or DNS name of the peer as right.',
  docs: DOCS.nmstateIpsec,

  on: {
    interface({ path, keyfile, libreswan, absent }, report) {
      const section = record(libreswan);
      if (absent || section && !isMissing(section.right) || isPlaceholder(libreswan) || !section && !isMissing(libreswan)) return;
      report({
        path: section ? `${path}/libreswan` : path,
        message: keyfile
          ? "the keyfile has no 'right', without which NetworkManager-libreswan refuses the connection"
          : `the connection has no ${section ? "'right'" : "'libreswan' section, and so no 'right'"}, `
            + 'without which nmstate refuses the policy',
      });
    },
  },
};
