import type { ClusterFacts } from '../../documents/facts';
import { Judge, networkEndpointWithoutMode, networkPlatform, networkRoutingViaHost } from '../../rules';
import { refuseTogether } from '../../synthesis/judge-manifests';
import type { PropNames } from '../../synthesis/prop-names';
import type { Manifest } from '../../synthesis/recorded-manifest';

/** What a cluster must be like for tunnels to outside hosts. */
const TUNNELS = new Judge([networkEndpointWithoutMode, networkRoutingViaHost, networkPlatform], 'together');

/** @throws where the cluster of a Network object can't have a tunnel */
export function refuseTunnel(network: Manifest, tunnel: Manifest, facts: ClusterFacts | undefined, props: PropNames): void {
  refuseTogether(TUNNELS, [network, tunnel], facts, props);
}
