import { InputError } from '../../core/input-error';
import { instance, Kind, listOf } from '../../core/kinds';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { ExternalIpsecEndpoint } from '../endpoint/external-ipsec-endpoint';

/** The kind of `endpoints`. */
export const ENDPOINTS: Kind = listOf(instance(ExternalIpsecEndpoint), 'ExternalIpsecEndpoints', '[storage, gateway]');

/** @throws when there is no endpoint, one is there twice, or one is another cluster's */
export function refuseEndpoints(endpoints: readonly ExternalIpsecEndpoint[], cluster: IpsecClusterConfig, otherwise: string): void {
  if (endpoints.length === 0) throw new InputError(`'endpoints' (an empty list) must name at least one ExternalIpsecEndpoint${otherwise}`);
  const seen = new Set<ExternalIpsecEndpoint>();
  for (const endpoint of endpoints) {
    const { path } = endpoint.node;
    if (seen.has(endpoint)) throw new InputError(`'endpoints' has '${path}' twice: name it once`);
    seen.add(endpoint);
    if (endpoint._props.cluster === cluster) continue;
    throw new InputError(`'endpoints' has '${path}', which is for the nodes of another cluster ('${endpoint._props.cluster.node.path}'): `
      + `name endpoints of '${cluster.node.path}'`);
  }
}
