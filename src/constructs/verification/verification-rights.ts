import type { Manifest } from '../../synthesis/recorded-manifest';

/** What the script asks the cluster for. */
export interface VerificationRights {
  /** Of the ServiceAccount, the roles and the bindings. */
  readonly name: string;
  readonly namespace: string;
  readonly pools: readonly string[];
  readonly policies: readonly string[];
  readonly inspectDatabase: boolean;
}

const RBAC = 'rbac.authorization.k8s.io';
const OVN_NAMESPACE = 'openshift-ovn-kubernetes';

/** Lets the ServiceAccount read the cluster-scoped objects that the script asks for, by name where the API can, and nothing else. */
export function readerRole({ name, pools, policies }: VerificationRights): Manifest {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name },
    rules: [
      ...pools.map((pool) => rule('machineconfiguration.openshift.io', 'machineconfigpools', ['get'], [pool])),
      ...policies.map((policy) => rule('nmstate.io', 'nodenetworkconfigurationpolicies', ['get'], [policy])),
      ...policies.length > 0 ? [rule('nmstate.io', 'nodenetworkconfigurationenactments', ['list'], [])] : [],
    ],
  };
}

/** Lets the ServiceAccount look into OVN's database, which only a command in a pod of OVN can. */
export function inspectorRole({ name }: VerificationRights): Manifest {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: { name, namespace: OVN_NAMESPACE },
    rules: [
      rule('', 'pods', ['get', 'list']),
      // A command is run by POST, or by GET where the client speaks WebSocket, as kubectl does from 1.31 on.
      rule('', 'pods/exec', ['create', 'get']),
    ],
  };
}

/** Binds a role to the ServiceAccount. */
export function binding(kind: 'ClusterRole' | 'Role', { name, namespace }: VerificationRights): Manifest {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata: { name, ...kind === 'Role' ? { namespace: OVN_NAMESPACE } : {} },
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [{ apiGroup: '', kind: 'ServiceAccount', name, namespace }],
  };
}

function rule(apiGroup: string, resource: string, verbs: readonly string[], resourceNames?: readonly string[]): object {
  return { apiGroups: [apiGroup], resources: [resource], ...resourceNames ? { resourceNames } : {}, verbs };
}
