import { encrypts, IPSEC_CONFIG } from '../../documents/networks';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const networkRhelComputeNodes: Rule = {
  id: 'network-rhel-compute-nodes',
  severity: 'error',
  title: 'any mode but Disabled with RHEL compute nodes',
  why: 'The libreswan of a RHEL host does not match the one of the ovn-ipsec container (OCPBUGS-53316).',
  fix: 'Set the mode to Disabled, or replace the nodes with RHCOS ones.',
  docs: DOCS.external,

  on: {
    network(network, report, { rhelComputeNodes }) {
      if (!rhelComputeNodes || !encrypts(network)) return;
      report({
        path: IPSEC_CONFIG,
        message: `mode ${network.mode} does not work with RHEL compute nodes, whose libreswan does not match the one of the ovn-ipsec `
          + 'container (OCPBUGS-53316)',
      });
    },
  },
};
