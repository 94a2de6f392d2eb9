import { IPSEC_CONFIG } from '../../documents/networks';
import { isMissing } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkModeMissing: Rule = {
  id: 'network-mode-missing',
  severity: 'error',
  title: '`ipsecConfig` without `mode`: `{}` means Full, and a later removal of `mode` is refused (silent for a 4.14 target)',
  why: 'The operator takes an empty mode for Full, as 4.14 did; and once a mode is set, the API refuses an object without one.',
  fix: 'State the mode: Disabled, External or Full.',
  docs: DOCS.modes,

  on: {
    network({ ipsec }, report, { version }) {
      if (!ipsec || !isMissing(ipsec.mode) || version && !version._hasIpsecMode) return;
      report({
        path: IPSEC_CONFIG,
        message:
          "'ipsecConfig' has no 'mode', which means Full and not Disabled: all traffic between pods gets encrypted, and every node reboots",
      });
    },
  },
};
