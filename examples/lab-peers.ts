/**
 * What the lab's act `peers` plays (docs/peers.md): connections of one node to a storage host that differ in one thing each, and the
 * storage host's own configuration as the library writes it, for libreswan and for strongSwan.
 */
import { mkdirSync } from 'fs';
import { join } from 'path';
import { App, Chart } from 'cdk8s';
import {
  DpdAction, EspProposal, ExternalIpsecEndpoint, ExternalIpsecEndpointProps, IkeProposal, IpsecCertificate, IpsecClusterConfig,
  IpsecConnectionType, IpsecMode, IpsecWarnings, NodeSelection, OpenShiftVersion, PeerConfiguration, PeerConfigurationProps, PeerIdentity,
  Platform,
} from '../src';

const { TRANSPORT, TUNNEL } = IpsecConnectionType;
const NAME = 'storage.example.com';
const ADDRESS = '10.0.0.21';
const BEHIND = '198.51.100.0/24';

/** What a connection is apart from its name; what is not said is a tunnel to the subnet behind the storage host. */
type Differences = Partial<Pick<
  ExternalIpsecEndpointProps,
  'type' | 'certificate' | 'host' | 'remoteSubnet' | 'localSubnet' | 'left' | 'leftid' | 'peerIdentity' | 'ike' | 'ikeProposals' | 'esp'
  | 'espProposals' | 'ikelifetime' | 'salifetime' | 'dpddelay' | 'dpdtimeout' | 'dpdaction'
>>;

interface Played {
  readonly connections: readonly Differences[];
  readonly peer?: PeerConfigurationProps;
}

const played = (connection: Differences, peer: PeerConfigurationProps = {}): Played => ({ connections: [connection], peer });

/** Each by its name, which is that of its interface too. */
const CONNECTIONS: { readonly [name: string]: Played } = {
  'transport': played({ type: TRANSPORT, remoteSubnet: `${ADDRESS}/32` }),
  'tunnel': played({ remoteSubnet: `${ADDRESS}/32` }, { peerAddress: ADDRESS }),
  'subnet': played({}),
  'subnets': {
    connections: [{ left: '10.0.0.11' }, { left: '10.0.0.11', remoteSubnet: '203.0.113.0/24' }],
    peer: { nodeIdentity: 'O=Lab, CN=nodes.cluster.example.com' },
  },
  'subnets-from-anywhere': { connections: [{}, { remoteSubnet: '203.0.113.0/24' }] },
  'nat': played({ localSubnet: '10.9.0.11/32' }),
  'named-node': played({ leftid: '@nodes.cluster.example.com' }),
  'by-address': played({ host: ADDRESS, remoteSubnet: BEHIND }, { certificateName: 'storage-address' }),
  'by-subject': played({ peerIdentity: PeerIdentity.fromCertificate() }),
  'known-subject': played({ peerIdentity: PeerIdentity.fromCertificate() }, { nodeIdentity: 'O=Lab, CN=nodes.cluster.example.com' }),
  'under-intermediate': played({}, { certificateName: 'storage-under-intermediate' }),
  'pss-signed': played({ certificate: IpsecCertificate.fromNickname('pss_server') }, { certificateName: 'storage-pss' }),
  'cnsa': played({ ikeProposals: IkeProposal.CNSA, espProposals: EspProposal.CNSA }),
  'cnsa-last': played({ ikeProposals: IkeProposal.CNSA.slice(-1), espProposals: EspProposal.CNSA.slice(-1) }),
  'fips': played({ ikeProposals: IkeProposal.FIPS, espProposals: EspProposal.FIPS }),
  'fips-last': played({ ikeProposals: IkeProposal.FIPS.slice(-1), espProposals: EspProposal.FIPS.slice(-1) }),
  'gcm': played({ ike: 'aes_gcm256-sha2_384;dh20', esp: 'aes_gcm256' }),
  'cbc': played({ ike: 'aes256-sha2_256;modp2048', esp: 'aes256-sha2_256' }),
  'several-algorithms': played({ ike: 'aes_gcm256-sha2_512;dh19,aes128-sha2_256;dh14+dh15', esp: 'aes_gcm128,aes256-sha2_512' }),
  'weak': played({ ike: '3des-sha1;modp1536', esp: '3des-sha1' }),
  'fixed': played({ left: '10.0.0.11' }),
  'short': played({ left: '10.0.0.11', ikelifetime: '50s', salifetime: '30s' }),
  'probed': played({ left: '10.0.0.11', dpddelay: 2, dpdtimeout: 6, dpdaction: DpdAction.RESTART }),
  'narrow': played({ remoteSubnet: '198.51.100.0/25' }),
  'wide': played({ remoteSubnet: '198.51.0.0/16' }),
  'impostor': played({}, { certificateName: 'impostor' }),
  'no-san': played({}, { certificateName: 'storage-cn' }),
  'stranger': played({}, { certificateName: 'stranger' }),
  'other-subject': played({}, { nodeIdentity: 'O=Lab, CN=other' }),
};

/** Writes a folder for each connection: the node's manifests, and what `PeerConfiguration` makes of them. */
export function labPeers(out: string): void {
  for (const [name, { connections, peer }] of Object.entries(CONNECTIONS)) {
    const folder = join(out, 'peers', name);
    mkdirSync(folder, { recursive: true });
    const app = new App({ outdir: join(folder, 'manifests'), outputFileExtension: '.yaml' });
    IpsecWarnings.of(app).silence(); // some of them are wrong on purpose
    const chart = new Chart(app, 'ipsec');
    const cluster = new IpsecClusterConfig(chart, 'cluster', {
      mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16'), platform: Platform.BARE_METAL, routingViaHost: true,
    });
    const [first, ...others] = connections.map((differences, i) => new ExternalIpsecEndpoint(chart, `storage-${i}`, {
      cluster,
      certificate: IpsecCertificate.fromNickname('left_server'),
      nodes: NodeSelection.hostname('worker-0'),
      interfaceName: `ipsec-${name}${i === 0 ? '' : `-${i}`}`,
      host: NAME,
      remoteSubnet: BEHIND,
      type: TUNNEL,
      ...differences,
    }));
    app.synth();
    const props = { certificateName: 'storage', ...peer, endpoints: others };
    PeerConfiguration.libreswan(first, props).write(folder);
    PeerConfiguration.strongSwan(first, props).write(folder);
  }
}
