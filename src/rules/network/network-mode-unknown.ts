import { IPSEC_CONFIG } from '../../documents/networks';
import { isPlaceholder } from '../../documents/placeholders';
import { isMissing, show } from '../../documents/values';
import { IPSEC_MODES } from '../../openshift/ipsec-config';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkModeUnknown: Rule = {
  id: 'network-mode-unknown',
  severity: 'error',
  title: '`mode` is not `Disabled`, `External` or `Full` (`full` in lower case is seen in the wild)',
  why: 'The API server refuses the object.',
  fix: 'Write Disabled, External or Full, in exactly this spelling.',
  docs: DOCS.modes,

  on: {
    network({ ovn: { ipsecConfig }, ipsec }, report) {
      if (!ipsec && !isMissing(ipsecConfig) && !isPlaceholder(ipsecConfig)) {
        report({ path: IPSEC_CONFIG, message: `'ipsecConfig' is ${show(ipsecConfig)}, and the API server wants a map with 'mode'` });
      }
      const mode = ipsec?.mode;
      if (isMissing(mode) || isPlaceholder(mode) || IPSEC_MODES.includes(mode as string)) return;
      const meant = IPSEC_MODES.find((known) => known.toLowerCase() === String(mode).toLowerCase());
      report({
        path: `${IPSEC_CONFIG}/mode`,
        message: `'mode' (${show(mode)}) is none of ${IPSEC_MODES.join(', ')}, so that the API server refuses the object`,
        fix: meant && `Write '${meant}': capitals count.`,
      });
    },
  },
};
