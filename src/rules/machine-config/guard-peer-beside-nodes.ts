import { guardOf } from '../../documents/guards';
import { PrefixIndex } from '../../openshift/prefix-index';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const guardPeerBesideNodes: Rule = {
  id: 'guard-peer-beside-nodes',
  severity: 'warning',
  title:
    "a guarded host in a network of the nodes: a peer on the same wire, or a node's own address, "
      + 'the gateway or a virtual address by mistake',
  why: 'Which addresses of that network are nodes, gateways and virtual addresses is not known to any manifest.',
  fix: 'Make sure that it is the peer alone, now and when nodes are added, and acknowledge it.',
  docs: DOCS.guard,

  on: {
    'machine-config'(machineConfig, report) {
      const guard = guardOf(machineConfig);
      if (!guard?.known.machineNetworks) return;
      const networks = new PrefixIndex(guard.known.machineNetworks, ({ cidr }) => cidr);
      for (const { cidr, text } of guard.guarded) {
        if (!cidr.isHost || guard.allows(cidr)) continue;
        for (const network of networks.holdersOf(cidr)) {
          report({
            path: `${guard.pointer}/contents`,
            message:
              `guarded host '${text}' stands in the network of the nodes ('${network.text}'), and were it a node, `
                + 'the gateway or a virtual address, the others would '
                + 'be cut off from it',
          });
          break;
        }
      }
    },
  },
};
