import { IPSEC_CONFIG } from '../../documents/networks';
import { isMissing, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkModeVersion: Rule = {
  id: 'network-mode-version',
  severity: 'error',
  title: '`mode` for a target older than 4.15',
  why: 'The API of 4.14 prunes `mode`, and the empty `ipsecConfig` that is left means Full.',
  fix: 'Upgrade to 4.15 or later; on 4.14 write ipsecConfig: {} for Full, and no ipsecConfig at all for Disabled.',
  docs: DOCS.modes,

  on: {
    network({ ipsec }, report, { version }) {
      if (!version || version._hasIpsecMode || !ipsec || isMissing(ipsec.mode)) return;
      report({
        path: `${IPSEC_CONFIG}/mode`,
        message: `'mode' (${show(ipsec.mode)}) is unknown to OpenShift ${version}, whose API drops it: `
          + 'the empty ipsecConfig that is left means Full',
      });
    },
  },
};
