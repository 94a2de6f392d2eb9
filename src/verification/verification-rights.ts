import { ApiObject, JsonPatch } from 'cdk8s';
import { ApiResource, ClusterRole, IApiEndpoint, Role, ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';

/** What the script asks the cluster for. */
export interface VerificationRights {
  readonly account: ServiceAccount;
  readonly name: string;
  readonly pools: readonly string[];
  readonly policies: readonly string[];
  readonly inspectDatabase: boolean;
}

/** Lets the ServiceAccount read the objects that the script asks for, by name where the API can, and nothing else. */
export function grantVerification(scope: Construct, { account, name, pools, policies, inspectDatabase }: VerificationRights): void {
  const reader = new ClusterRole(scope, 'reader', { metadata: { name } });
  for (const pool of pools) reader.allow(['get'], named('machineconfiguration.openshift.io', 'machineconfigpools', pool));
  for (const policy of policies) reader.allow(['get'], named('nmstate.io', 'nodenetworkconfigurationpolicies', policy));
  if (policies.length > 0) reader.allow(['list'], ApiResource.custom({ apiGroup: 'nmstate.io', resourceType: 'nodenetworkconfigurationenactments' }));
  for (const clusterScoped of [reader, reader.bind(account)]) withoutNamespace(clusterScoped);

  if (!inspectDatabase) return;
  const inspector = new Role(scope, 'inspector', { metadata: { name, namespace: 'openshift-ovn-kubernetes' } });
  inspector.allow(['get', 'list'], ApiResource.PODS);
  // A command is run by POST, or by GET where the client speaks WebSocket, as kubectl does from 1.31 on.
  inspector.allow(['create', 'get'], ApiResource.custom({ apiGroup: '', resourceType: 'pods/exec' }));
  inspector.bind(account);
}

function named(apiGroup: string, resourceType: string, resourceName: string): IApiEndpoint {
  return {
    asApiResource: () => ({ apiGroup, resourceType, resourceName }),
    asNonApiResource: () => undefined,
  };
}

/** The namespace of a chart has no meaning for cluster-scoped objects, and the API refuses it there. */
function withoutNamespace(construct: Construct): void {
  const object = ApiObject.of(construct);
  if (object.metadata.namespace !== undefined) object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
}
