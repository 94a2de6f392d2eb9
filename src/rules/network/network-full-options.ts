import { IPSEC_CONFIG } from '../../documents/networks';
import { isPlaceholder } from '../../documents/placeholders';
import { isMissing, record, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkFullOptions: Rule = {
  id: 'network-full-options',
  severity: 'error',
  title: '`full` without mode Full, or empty',
  why: 'The API server refuses the object.',
  fix: 'Leave out full; where the cluster has it already, remove it with a JSON patch before the mode changes.',
  docs: DOCS.encapsulation,

  on: {
    network({ ipsec }, report) {
      if (!ipsec || isMissing(ipsec.full) || isPlaceholder(ipsec.full)) return;
      const path = `${IPSEC_CONFIG}/full`;
      if (ipsec.mode !== 'Full' && !isPlaceholder(ipsec.mode)) {
        const mode = isMissing(ipsec.mode) ? 'no mode' : `mode ${show(ipsec.mode)}`;
        report({ path, message: `'full' is given with ${mode}, and the API server takes it with mode Full only` });
      }
      const full = record(ipsec.full);
      if (!full || Object.values(full).every(isMissing)) {
        report({ path, message: "'full' is empty, which the API server refuses", fix: 'Leave it out, or state full.encapsulation.' });
      }
    },
  },
};
