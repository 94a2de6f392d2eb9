import { IPSEC_CONFIG } from './networks';
import { DOCS } from '../docs';
import type { Rule } from '../rule';
import { isMissing, show } from '../values';

export const networkModeVersion: Rule = {
  id: 'network-mode-version',
  severity: 'error',
  title: '`mode` for a target older than 4.15',
  why: 'The API of 4.14 prunes `mode`, and the empty `ipsecConfig` that is left means Full.',
  fix: 'Upgrade to 4.15 or later; on 4.14 write ipsecConfig: {} for Full, and no ipsecConfig at all for Disabled.',
  docs: DOCS.modes,

  *check({ networks, facts: { version } }) {
    if (!version || version._hasIpsecMode) return;
    for (const { subject, ipsec } of networks) {
      if (!ipsec || isMissing(ipsec.mode)) continue;
      yield { subject, path: `${IPSEC_CONFIG}/mode`, message: `'mode' (${show(ipsec.mode)}) is unknown to OpenShift ${version}, whose API drops it: the empty ipsecConfig that is left means Full` };
    }
  },
};
