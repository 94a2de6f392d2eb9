import type { NamedInNamespace } from './written-objects';

/** A pool, and the MachineConfigs that it must have. */
export interface AwaitedPool {
  readonly pool: string;
  readonly machineConfigs: readonly string[];
}

/** Shell commands that wait until a pool is to have each MachineConfig (`spec`), or until its nodes have it (`status`). */
export function waitUntilItHas({ pool, machineConfigs }: AwaitedPool, of: 'spec' | 'status'): string[] {
  return machineConfigs.map((name) => `until oc get machineconfigpool ${pool} -o `
    + `jsonpath='{.${of}.configuration.source[*].name}' | tr ' ' '\\n' `
    + `| grep -qxF -- ${name}; do sleep 10; done`);
}

/** It is true as well before the Machine Config Operator has begun. */
export function waitUntilUpdated({ pool }: AwaitedPool): string {
  return `oc wait machineconfigpool/${pool} --for=condition=Updated=True --timeout=2h`;
}

/** Every node has a ready pod of the DaemonSet. */
export function waitUntilReady({ namespace, name }: NamedInNamespace): string {
  return `oc rollout status daemonset/${name} -n ${namespace} --timeout=2h`;
}
