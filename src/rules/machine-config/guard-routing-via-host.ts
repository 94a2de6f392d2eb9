import { guardsOf } from '../../documents/guards';
import { OVN } from '../../documents/networks';
import { isPlaceholder } from '../../documents/placeholders';
import { at, isMissing, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const guardRoutingViaHost: Rule = {
  id: 'guard-routing-via-host',
  severity: 'error',
  title: 'a guard on a cluster with `gatewayConfig.routingViaHost: false`; a warning where its Network object does not state it',
  why: "Pod traffic leaves through OVS then, and the host's nftables never see it: neither encrypted nor guarded.",
  fix: 'Set gatewayConfig.routingViaHost to true in the Network object.',
  docs: DOCS.external,

  on: {
    set({ networks, machineConfigs }, report, { fromConstructs }) {
      if (networks.length === 0) return;
      const stated = networks.map(({ ovn }) => at(ovn.gatewayConfig, 'routingViaHost')).find((value) => !isMissing(value));
      if (stated === true || isPlaceholder(stated)) return;
      for (const { machineConfig: { subject }, pointer } of guardsOf(machineConfigs)) {
        report({
          subject,
          path: `${pointer}/contents`,
          // A manifest may leave out what the cluster has; a construct is asked to say it.
          severity: stated === undefined && !fromConstructs ? 'warning' : 'error',
          message:
            `the guard needs '${OVN.split('/').at(-1)}.gatewayConfig.routingViaHost' of the Network object to be true, `
              + `and it ${stated === undefined ? 'is not stated' : `is ${show(stated)}`}: `
              + 'pod traffic passes the guard by then',
        });
      }
    },
  },
};
