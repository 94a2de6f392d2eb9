/** Who an object belongs to, as GitOps tools have to treat it. */
interface ObjectKind { readonly kind: string; readonly apiVersion: string }

/** Objects that every cluster has, and of which a manifest names only some fields: applied onto them, never deleted. */
const OF_THE_CLUSTER: readonly (readonly [group: string, kind: string])[] = [
  ['operator.openshift.io', 'Network'],
  ['operator.openshift.io', 'MachineConfiguration'],
  ['machineconfiguration.openshift.io', 'MachineConfigPool'],
];

/** Groups whose kinds come with an operator that may be installed by the same sync. */
const OF_AN_OPERATOR: readonly string[] = ['nmstate.io', 'ingressnodefirewall.openshift.io', 'cert-manager.io'];

/** Whether an object is the cluster's own, so that it must not be pruned or replaced. */
export function isOfTheCluster({ apiVersion, kind }: ObjectKind): boolean {
  return OF_THE_CLUSTER.some(([group, name]) => name === kind && apiVersion.startsWith(`${group}/`));
}

/** Whether the API refuses to change most of an object, so that it has to be made anew. */
export function isImmutable({ apiVersion, kind }: ObjectKind): boolean {
  return kind === 'Job' && apiVersion === 'batch/v1';
}

/** Whether the kind of an object may not exist yet when a sync begins. */
export function comesWithAnOperator({ apiVersion }: ObjectKind): boolean {
  return OF_AN_OPERATOR.some((group) => apiVersion.startsWith(`${group}/`));
}
