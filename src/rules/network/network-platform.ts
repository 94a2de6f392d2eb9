import { IPSEC_CONFIG } from './networks';
import { Platform, PLATFORMS_WITH_EXTERNAL_IPSEC } from '../../openshift/platform';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkPlatform: Rule = {
  id: 'network-platform',
  severity: 'error',
  title: 'mode External or a live policy on a platform other than BareMetal, None, GCP, OpenStack, VSphere; a warning for mode Full on IBMCloud (NAT-T only)',
  why: 'OpenShift supports IPsec to hosts outside the cluster on these platforms only; IBM Cloud drops ESP.',
  fix: 'Use mode Full or Disabled, without policies for outside hosts.',
  docs: DOCS.external,

  *check({ networks, liveInterfaces, facts: { platform } }) {
    if (platform === undefined) return;
    const supported = PLATFORMS_WITH_EXTERNAL_IPSEC.includes(platform);
    const where = PLATFORMS_WITH_EXTERNAL_IPSEC.join(', ');
    for (const { subject, mode } of networks) {
      const path = `${IPSEC_CONFIG}/mode`;
      if (mode === 'External' && !supported) {
        yield { subject, path, message: `mode External is not supported on ${platform}: OpenShift supports IPsec to hosts outside the cluster on ${where}` };
      } else if (mode === 'Full' && platform === Platform.IBM_CLOUD) {
        yield {
          subject,
          path,
          severity: 'warning',
          message: "IBM Cloud drops ESP, so that the operator wraps pod traffic in UDP 4500 there whatever 'encapsulation' says",
          fix: 'See that UDP 4500 is open between the nodes.',
        };
      }
    }
    if (supported || liveInterfaces.length === 0) return;
    const [{ subject, path }] = liveInterfaces;
    yield { subject, path, message: `a tunnel to a host outside the cluster is not supported on ${platform}: OpenShift supports it on ${where}` };
  },
};
