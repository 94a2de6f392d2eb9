import { OVN } from './networks';
import { DOCS } from '../docs';
import type { Rule } from '../rule';
import { at, isMissing, isTemplate, show } from '../values';

export const networkRoutingViaHost: Rule = {
  id: 'network-routing-via-host',
  severity: 'error',
  title: '`gatewayConfig.routingViaHost: false` with mode External or a live IPsec policy in the set; a warning where it is not stated and there is a live policy',
  why: 'Pod traffic leaves through OVS and passes every tunnel to outside hosts by, in clear.',
  fix: 'Set gatewayConfig.routingViaHost to true in the same object.',
  docs: DOCS.external,
  acrossObjects: true,

  *check({ networks, liveInterfaces }) {
    const live = liveInterfaces.length > 0;
    const stated = ({ ovn }: (typeof networks)[number]) => at(ovn.gatewayConfig, 'routingViaHost');
    for (const network of networks) {
      const { subject, mode } = network;
      const value = stated(network);
      if (isMissing(value) || value === true || isTemplate(value) || !(live || mode === 'External')) continue;
      yield {
        subject,
        path: `${OVN}/gatewayConfig/routingViaHost`,
        message: `'routingViaHost' (${show(value)}) must be true ${mode === 'External' ? 'with mode External' : 'for the IPsec policies in the set'}: otherwise pod traffic leaves through OVS and passes every tunnel by`,
      };
    }
    if (!live || networks.length === 0 || networks.some((network) => !isMissing(stated(network)))) return;
    yield {
      subject: networks[0].subject,
      path: OVN,
      severity: 'warning',
      message: "'gatewayConfig.routingViaHost' is not stated, and the IPsec policies in the set need it to be true: its default is false, and pod traffic passes every tunnel by then",
    };
  },
};
