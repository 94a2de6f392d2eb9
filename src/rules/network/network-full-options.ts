import { IPSEC_CONFIG } from './networks';
import { DOCS } from '../docs';
import type { Rule } from '../rule';
import { isMissing, isTemplate, record, show } from '../values';

export const networkFullOptions: Rule = {
  id: 'network-full-options',
  severity: 'error',
  title: '`full` without mode Full, or empty',
  why: 'The API server refuses the object.',
  fix: 'Leave out full; where the cluster has it already, remove it with a JSON patch before the mode changes.',
  docs: DOCS.encapsulation,

  *check({ networks }) {
    for (const { subject, ipsec } of networks) {
      if (!ipsec || isMissing(ipsec.full) || isTemplate(ipsec.full)) continue;
      const path = `${IPSEC_CONFIG}/full`;
      if (ipsec.mode !== 'Full' && !isTemplate(ipsec.mode)) {
        yield { subject, path, message: `'full' is given with ${isMissing(ipsec.mode) ? 'no mode' : `mode ${show(ipsec.mode)}`}, and the API server takes it with mode Full only` };
      }
      const full = record(ipsec.full);
      if (!full || Object.values(full).every(isMissing)) {
        yield { subject, path, message: "'full' is empty, which the API server refuses", fix: 'Leave it out, or state full.encapsulation.' };
      }
    }
  },
};
