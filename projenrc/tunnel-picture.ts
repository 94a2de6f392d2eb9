import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import {
  ExternalIpsecEndpoint, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType, IpsecGuard, IpsecMode, IpsecPorts, NodeSelection,
  OpenShiftVersion,
} from '../src';

const PAGE = join(__dirname, '../README.md');
const [BEGIN, END] = ['<!-- the tunnel, drawn by: npx projen tunnel-picture -->\n', '<!-- end of the tunnel -->\n'];

/** Nodes, peer, what is encrypted and what is guarded, as the manifests of one tunnel say it, in Mermaid. */
export function tunnelPicture(): string {
  const chart = new Chart(new App(), 'picture');
  const cluster = new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of('4.16'),
    routingViaHost: true,
    machineNetworks: ['10.0.0.0/24'],
    podNetworks: ['10.128.0.0/14'],
    serviceNetworks: ['172.30.0.0/16'],
    apiVips: [],
  });
  const storage = new ExternalIpsecEndpoint(chart, 'storage', {
    cluster,
    certificate: IpsecCertificate.fromNickname('left_server'),
    nodes: NodeSelection.hostname('worker-0.example.com'),
    interfaceName: 'ipsec-storage',
    host: 'storage.example.com',
    remoteSubnet: '192.0.2.10/32',
    type: IpsecConnectionType.TRANSPORT,
  });
  const guard = new IpsecGuard(chart, 'guard', { cluster, roles: ['worker'], endpoints: [storage] });
  const { desiredState: { interfaces: [{ libreswan }] }, nodeSelector } = storage.policies[0].toJson().spec;
  const guarded = guard.machineConfigs.map(({ name }) => name).join(', ');
  const through = IpsecPorts.between().map(({ protocol, port }) => port === undefined ? protocol : `${protocol} ${port}`).join(', ');
  return `\`\`\`mermaid
flowchart LR
  subgraph cluster["OpenShift cluster, mode ${cluster.mode}"]
    pods["pods"] --> node["${Object.values(nodeSelector)}<br>certificate ${libreswan.leftcert}"]
    node --- guard["the guard (${guarded}):<br>what would go to ${libreswan.rightsubnet} in clear is dropped"]
  end
  peer["${libreswan.right}<br>accepted as ${libreswan.rightid}"]
  node == "ESP, ${libreswan.type} (${through})" ==> peer
  guard -. "in clear: nothing" .-x peer
\`\`\`
`;
}

/** The page with the picture of today. */
export function withTunnelPicture(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md has no place for the picture: ${BEGIN.trim()} … ${END.trim()}`);
  return page.slice(0, begin + BEGIN.length) + tunnelPicture() + page.slice(end);
}

if (require.main === module) writeFileSync(PAGE, withTunnelPicture(readFileSync(PAGE, 'utf8')));
