import type { Manifest } from '../../../synthesis/recorded-manifest';

const RBAC = 'rbac.authorization.k8s.io';

/** A name in a namespace. */
export interface NamedObject {
  readonly name: string;
  readonly namespace: string;
}

/** Lets the pods be privileged, which mounting the node's root takes, and nothing else. */
export function privilegedRole(metadata: NamedObject): Manifest {
  return role(metadata, {
    apiGroups: ['security.openshift.io'],
    resources: ['securitycontextconstraints'],
    resourceNames: ['privileged'],
    verbs: ['use'],
  });
}

/** Lets the pods read Secrets: those that are named, or all of the namespace. */
export function secretsRole(metadata: NamedObject, names: readonly string[] | undefined): Manifest {
  return role(metadata, { apiGroups: [''], resources: ['secrets'], ...names ? { resourceNames: names } : {}, verbs: ['get'] });
}

function role(metadata: NamedObject, rule: object): Manifest {
  return { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules: [rule] };
}

/** Gives a role to a service account of the same namespace. */
export function roleBinding(metadata: NamedObject, account: string): Manifest {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'Role', name: metadata.name },
    subjects: [{ apiGroup: '', kind: 'ServiceAccount', name: account, namespace: metadata.namespace }],
  };
}

/**
 * A namespace whose pods may be privileged. The empty node selector keeps a default of the cluster from holding the pods off
 * nodes that they are for.
 */
export function privilegedNamespace(name: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      annotations: { 'openshift.io/node-selector': '' },
      labels: {
        'pod-security.kubernetes.io/audit': 'privileged',
        'pod-security.kubernetes.io/enforce': 'privileged',
        'pod-security.kubernetes.io/warn': 'privileged',
        'security.openshift.io/scc.podSecurityLabelSync': 'false',
      },
    },
  };
}
