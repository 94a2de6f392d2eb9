import type { Manifest } from '../../synthesis/recorded-manifest';

/** What the script asks the cluster for. */
export interface VerificationRights {
  /** Of the ServiceAccount, the roles and the bindings. */
  readonly name: string;
  readonly namespace: string;
  readonly pools: readonly string[];
  readonly policies: readonly string[];
  readonly inspectDatabase: boolean;
  /** Whether nodes are chosen by their labels. */
  readonly listsNodes: boolean;
}

const RBAC = 'rbac.authorization.k8s.io';
export const OVN_NAMESPACE = 'openshift-ovn-kubernetes';
/** Where a pod of each node stands that sees all of it. */
export const MCO_NAMESPACE = 'openshift-machine-config-operator';

/** Lets the ServiceAccount read the cluster-scoped objects that the script asks for, by name where the API can, and nothing else. */
export function readerRole({ name, pools, policies, listsNodes }: VerificationRights): Manifest {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name },
    rules: [
      ...pools.map((pool) => rule('machineconfiguration.openshift.io', 'machineconfigpools', ['get'], [pool])),
      ...policies.map((policy) => rule('nmstate.io', 'nodenetworkconfigurationpolicies', ['get'], [policy])),
      ...policies.length > 0 ? [rule('nmstate.io', 'nodenetworkconfigurationenactments', ['list'], [])] : [],
      ...listsNodes ? [rule('', 'nodes', ['list'])] : [],
    ],
  };
}

/** Lets the ServiceAccount run commands in the pods of a namespace: OVN's database and a node's kernel answer nobody else. */
export function inspectorRole({ name }: VerificationRights, namespace: string): Manifest {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: { name, namespace },
    rules: [
      rule('', 'pods', ['get', 'list']),
      // A command is run by POST, or by GET where the client speaks WebSocket, as kubectl does from 1.31 on.
      rule('', 'pods/exec', ['create', 'get']),
    ],
  };
}

/** Binds a role to the ServiceAccount; a Role in its own namespace. */
export function binding(kind: 'ClusterRole' | 'Role', { name, namespace }: VerificationRights, roleNamespace?: string): Manifest {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: `${kind}Binding`,
    metadata: { name, ...roleNamespace === undefined ? {} : { namespace: roleNamespace } },
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [{ apiGroup: '', kind: 'ServiceAccount', name, namespace }],
  };
}

function rule(apiGroup: string, resource: string, verbs: readonly string[], resourceNames?: readonly string[]): object {
  return { apiGroups: [apiGroup], resources: [resource], ...resourceNames ? { resourceNames } : {}, verbs };
}
