import { isPlaceholder } from '../../documents/placeholders';
import { at, list, record, show, text } from '../../documents/values';
import { MACHINE_CONFIG_ROLE_LABEL } from '../../openshift/labels';
import { DOCS } from '../docs';
import type { Rule } from '../rule';


export const poolExtension: Rule = {
  id: 'pool-extension',
  severity: 'warning',
  title: 'a custom MachineConfigPool with a certificate import that does not take the MachineConfigs of `worker`',
  why: 'The Cluster Network Operator installs libreswan through the roles worker and master only: the nodes of such a pool never get it.',
  fix: 'Select the role worker besides its own: matchExpressions with operator In and the values worker and the name of the pool.',
  docs: DOCS.machineConfigs,

  on: {
    set({ pools, certificateImports }, report) {
      const importing = new Set(certificateImports.all.map(({ machineConfig }) => machineConfig.role));
      for (const subject of pools) {
        const { name, object } = subject;
        if (name === undefined || !importing.has(name)) continue;
        const selector = record(at(object.spec, 'machineConfigSelector'));
        if (!selector || name === 'worker' || name === 'master' || selectsOperatorsRoles(selector)) continue;
        report({
          subject,
          path: '/spec/machineConfigSelector',
          message: `MachineConfigPool ${show(name)} has a certificate import, and does not take the MachineConfigs of worker, `
            + 'which bring libreswan',
        });
      }
    },
  },
};

/** Whether a selector takes what the operator writes for worker or master; one that can't be understood is given the benefit. */
function selectsOperatorsRoles(selector: { readonly [key: string]: unknown }): boolean {
  const label = text(at(selector, 'matchLabels', MACHINE_CONFIG_ROLE_LABEL));
  if (isPlaceholder(selector) || isPlaceholder(at(selector, 'matchLabels', MACHINE_CONFIG_ROLE_LABEL))) return true;
  if (label !== undefined) return label === 'worker' || label === 'master';
  const expressions = list(selector.matchExpressions).filter(
    (expression) => at(expression, 'key') === MACHINE_CONFIG_ROLE_LABEL && at(expression, 'operator') === 'In',
  );
  return (
    expressions.length === 0
    || expressions.every((expression) =>
      list(at(expression, 'values')).some((value) => value === 'worker' || value === 'master' || isPlaceholder(value)),
    )
  );
}
