import { IPSEC_CONFIG } from '../../documents/networks';
import { isPlaceholder } from '../../documents/placeholders';
import { at, isMissing, show } from '../../documents/values';
import { ENCAPSULATION_SINCE, ENCAPSULATIONS } from '../../openshift/ipsec-config';
import { availability, describeFloor } from '../../openshift/openshift-version';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkEncapsulation: Rule = {
  id: 'network-encapsulation',
  severity: 'error',
  title:
    '`full.encapsulation` is not `Auto` or `Always`, or the target is older than 4.16; a warning for 4.16 to 4.18, '
      + 'where only later patch levels have it',
  why: 'The API server refuses an unknown value; an older one drops the field without a word, and traffic stays in ESP.',
  fix: 'Write Auto or Always, or leave it out for a version that lacks it.',
  docs: DOCS.encapsulation,

  on: {
    network({ ipsec }, report, { version }) {
      const value = at(ipsec?.full, 'encapsulation');
      if (isMissing(value) || isPlaceholder(value)) return;
      const path = `${IPSEC_CONFIG}/full/encapsulation`;
      if (!ENCAPSULATIONS.includes(value as string)) {
        report({
          path,
          message: `'encapsulation' (${show(value)}) is neither ${ENCAPSULATIONS.join(' nor ')}, so that the API server refuses the object`,
        });
      }
      const available = version ? availability(version, ENCAPSULATION_SINCE) : 'yes';
      if (available === 'no') {
        report({
          path,
          message: `'encapsulation' (${show(value)}) is not in the API of OpenShift ${version}, which drops it without a word: `
            + `${describeFloor(ENCAPSULATION_SINCE)} have it`,
          fix: 'Leave it out, or upgrade.',
        });
      } else if (available === 'unknown') {
        report({
          path,
          severity: 'warning',
          message: `'encapsulation' (${show(value)}) is only in later patch levels of ${version!._minorName}, `
            + 'and an older one drops it without a word',
          fix: "Check with 'oc explain network.operator.spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig.full'.",
        });
      }
    },
  },
};
