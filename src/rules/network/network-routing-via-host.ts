import { NetworkObject, OVN } from '../../documents/networks';
import { isPlaceholder } from '../../documents/placeholders';
import type { IpsecInterface } from '../../documents/policies';
import { at, isMissing, show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

const PATH = `${OVN}/gatewayConfig/routingViaHost`;
const OTHERWISE = 'otherwise pod traffic leaves through OVS, and goes past every tunnel, in clear';

export const networkRoutingViaHost: Rule = {
  id: 'network-routing-via-host',
  severity: 'error',
  title:
    '`gatewayConfig.routingViaHost: false` with mode External or a live IPsec policy in the set; '
      + 'a warning where it is not stated and there is a live policy',
  why: 'Pod traffic leaves through OVS, and goes past every tunnel to outside hosts, in clear.',
  fix: 'Set gatewayConfig.routingViaHost to true in the Network object.',
  docs: DOCS.external,

  on: {
    network(network, report, { fromConstructs }) {
      const value = stated(network);
      if (network.mode !== 'External' || isMissing(value) || value === true || isPlaceholder(value)) return;
      report({
        path: PATH, message: `'routingViaHost' (${show(value)}) must be true with mode External: ${OTHERWISE}`, fix: fixFor(fromConstructs),
      });
    },
    set({ networks, liveInterfaces }, report, { fromConstructs }) {
      if (networks.length === 0 || liveInterfaces.length === 0) return;
      for (const network of networks) {
        const value = stated(network);
        if (network.mode === 'External' || isMissing(value) || value === true || isPlaceholder(value)) continue;
        report({
          subject: network.subject,
          path: PATH,
          message: `'routingViaHost' (${show(value)}) must be true for the IPsec `
            + `${whats(liveInterfaces)} in the set: ${OTHERWISE}`,
          fix: fixFor(fromConstructs),
        });
      }
      if (networks.some((network) => !isMissing(stated(network)))) return;
      report({
        subject: networks[0].subject,
        path: OVN,
        // A manifest may leave out what the cluster has; a construct is asked to say it.
        severity: fromConstructs ? 'error' : 'warning',
        message: `'gatewayConfig.routingViaHost' is not stated, and the IPsec ${whats(liveInterfaces)} in the set need it to be true: `
          + 'its default is false, and then pod traffic leaves through OVS, and goes past every tunnel, in clear',
        fix: fixFor(fromConstructs),
      });
    },
  },
};

/** Who writes a program sets a prop, and never sees the field. */
function fixFor(fromConstructs: boolean | undefined): string | undefined {
  return fromConstructs ? "Set 'routingViaHost' to true in the IpsecClusterConfig." : undefined;
}

/** What wants it, as messages call it. */
function whats(interfaces: readonly IpsecInterface[]): string {
  return interfaces.every(({ keyfile }) => keyfile) ? 'keyfiles' : 'policies';
}

function stated({ ovn }: NetworkObject): unknown {
  return at(ovn.gatewayConfig, 'routingViaHost');
}
