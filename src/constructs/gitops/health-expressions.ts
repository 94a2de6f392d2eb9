/** An expression of Flux over the objects of one kind. */
export interface HealthExpression {
  readonly apiVersion: string;
  readonly kind: string;
  readonly current: string;
  readonly failed?: string;
}

/**
 * A status without conditions is no failure. Whether `status` itself is there no expression can ask (Flux's CEL refuses `has(status)`): it
 * fails then, which Flux takes for a status that it does not know yet, and asks again.
 */
function condition(types: readonly string[]): string {
  const type = types.length === 1 ? `c.type == '${types[0]}'` : `c.type in [${types.map((each) => `'${each}'`).join(', ')}]`;
  return `has(status.conditions) && status.conditions.exists(c, ${type} && c.status == 'True')`;
}

/**
 * A pool is current when each MachineConfig is in what its nodes have, and they are updated. `Updated` alone is true as well before the
 * Machine Config Operator has looked at what was applied.
 */
export function poolExpression(namesByPool: { readonly [pool: string]: readonly string[] }): HealthExpression {
  const names = Object.entries(namesByPool).map(([pool, each]) => `'${pool}': [${each.map((name) => `'${name}'`).join(', ')}]`).join(', ');
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfigPool',
    current: `${condition(['Updated'])} && has(status.configuration) && has(status.configuration.source) && has(spec.configuration) && `
      + 'status.configuration.name == spec.configuration.name && '
      + `(!(metadata.name in {${names}}) || {${names}}[metadata.name].all(n, status.configuration.source.exists(s, s.name == n)))`,
    failed: condition(['Degraded', 'NodeDegraded', 'RenderDegraded']),
  };
}

/** A policy that matches no node fails, because nobody would end the wait for one. */
export const POLICY_EXPRESSION: HealthExpression = {
  apiVersion: 'nmstate.io/v1',
  kind: 'NodeNetworkConfigurationPolicy',
  current: condition(['Available']),
  failed: condition(['Degraded', 'Ignored']),
};

/** An operator is there when its version is: a Subscription has no condition that says so. */
export const SUBSCRIPTION_EXPRESSION: HealthExpression = {
  apiVersion: 'operators.coreos.com/v1alpha1',
  kind: 'Subscription',
  current: "has(status.installedCSV) && has(status.state) && status.state == 'AtLatestKnown'",
};
