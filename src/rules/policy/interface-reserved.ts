import { ownerOfInterface } from '../../openshift/interface-name';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const interfaceReserved: Rule = {
  id: 'interface-reserved',
  severity: 'error',
  title: 'a connection with the name of an interface that every node has already: `br-ex`, `ovn-k8s-mp0`, `lo` …',
  why: "NMState and NetworkManager find interfaces and connections by their names: the node's own network may be taken for the connection.",
  fix: 'Give the connection a name of its own, such as ipsec-storage.',
  docs: DOCS.nmstatePolicies,

  on: {
    interface({ path, name, absent }, report) {
      if (absent) return;
      const owner = name === undefined ? undefined : ownerOfInterface(name);
      if (!owner) return;
      report({
        path: `${path}/name`, message: `'interface.name' ('${name}') is the name of an interface that belongs to ${owner} on every node`,
      });
    },
  },
};
