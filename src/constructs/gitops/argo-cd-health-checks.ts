import { readFileSync } from 'fs';
import { join } from 'path';

const CHECKED: readonly (readonly [group: string, kind: string, file: string])[] = [
  ['machineconfiguration.openshift.io', 'MachineConfigPool', 'machine-config-pool.lua'],
  ['nmstate.io', 'NodeNetworkConfigurationPolicy', 'node-network-configuration-policy.lua'],
];

/** Health checks for Argo CD's own configuration, in its two forms. */
export class ArgoCdHealthChecks {
  /** @internal */
  public constructor() {}

  /**
   * A part of the `ArgoCD` object that OpenShift GitOps is configured with: `spec.resourceHealthChecks`.
   *
   * @see https://argocd-operator.readthedocs.io/en/latest/reference/argocd/#resource-health-checks
   */
  public argoCdSpec(): { [key: string]: any } {
    return { resourceHealthChecks: CHECKED.map(([group, kind, file]) => ({ group, kind, check: script(file) })) };
  }

  /** `argoCdSpec()` as JSON, for languages and programs that take text. */
  public argoCdSpecJson(): string {
    return JSON.stringify(this.argoCdSpec());
  }

  /**
   * A part of the ConfigMap `argocd-cm`, which Argo CD without the operator is configured with: `data`.
   *
   * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#custom-health-checks
   */
  public configMapData(): { [key: string]: string } {
    return Object.fromEntries(CHECKED.map(([group, kind, file]) => [`resource.customizations.health.${group}_${kind}`, script(file)]));
  }
}

function script(file: string): string {
  return readFileSync(join(__dirname, file), 'utf8');
}
