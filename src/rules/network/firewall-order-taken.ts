import { at, list, record, show, text } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

export const firewallOrderTaken: Rule = {
  id: 'firewall-order-taken',
  severity: 'error',
  title: 'two IngressNodeFirewalls that number a rule for one source range alike',
  why: "The operator's webhook refuses the second object, whatever interfaces the two are for: it compares the ranges as texts.",
  fix: 'Number the rules of one of them from another order on.',
  docs: DOCS.ingressNodeFirewall,

  on: {
    set({ firewalls }, report) {
      const taken = new Map<string, string>();
      for (const subject of firewalls) {
        if (subject.name === undefined) continue;
        const told = new Set<string>();
        for (const [i, ingress] of list(at(subject.object.spec, 'ingress')).entries()) {
          const orders = list(at(ingress, 'rules')).map((rule) => record(rule)?.order).filter((order) => typeof order === 'number');
          for (const cidr of list(at(ingress, 'sourceCIDRs')).map(text)) {
            for (const order of orders) {
              const other = taken.get(`${cidr}\0${order}`);
              taken.set(`${cidr}\0${order}`, other ?? subject.name);
              if (other === undefined || other === subject.name || told.has(other)) continue;
              told.add(other);
              report({
                subject,
                path: `/spec/ingress/${i}/rules`,
                message: `order ${order} for ${show(cidr)} is also in IngressNodeFirewall '${other}', which the operator's webhook refuses`,
              });
            }
          }
        }
      }
    },
  },
};
