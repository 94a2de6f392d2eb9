import { App } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, EspProposal, ExternalIpsecEndpoint, IkeProposal, IpsecAutoconnect, IpsecClusterConfig,
  IpsecConnectionType, IpsecGuard,
  IpsecMode, IpsecRollout, NodeSelection, OpenShiftVersion, PeerIdentity, Pkcs12Bundle,
} from 'cdk8s-openshift-ipsec';

/** One of the two clusters: the node that is its gateway, and the networks behind that node. */
interface Site {
  readonly name: string;
  /** The gateway's name, which its certificate has as a DNS name, and its address as the other cluster sees it. */
  readonly gateway: string;
  readonly address: string;
  readonly networks: string[];
  readonly machineNetworks: string[];
}

const berlin: Site = {
  name: 'berlin',
  gateway: 'gateway.berlin.example.com',
  address: '198.51.100.10',
  networks: ['192.168.10.0/24', '192.168.11.0/24'],
  machineNetworks: ['198.51.100.0/24'],
};
const paris: Site = {
  name: 'paris',
  gateway: 'gateway.paris.example.com',
  address: '203.0.113.20',
  networks: ['192.168.20.0/24'],
  machineNetworks: ['203.0.113.0/24'],
};

/** The manifests of one cluster: its end of each tunnel is the mirror of the other's. Each cluster has files of its own. */
function write(here: Site, there: Site): void {
  const app = new App({ outdir: `dist/${here.name}` });
  const rollout = new IpsecRollout(app, 'ipsec', { pools: ['master', 'worker'] });
  const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of('4.22'),
    routingViaHost: true,
    machineNetworks: here.machineNetworks,
    podNetworks: ['10.128.0.0/14'],
    serviceNetworks: ['172.30.0.0/16'],
    apiVips: [],
  });
  const certificate = new CertImportMachineConfig(rollout.certificates, 'certs', {
    cluster,
    roles: ['worker'],
    caCertificates: CaBundle.fromFile('ca.pem'),
    bundle: Pkcs12Bundle.fromFile(`${here.name}.p12`, { passwordFile: `${here.name}.password` }),
    nodePasswordFile: '/etc/pki/ipsec/left_server.password',
  });
  const peer = new ExternalIpsecEndpoint(rollout.endpoints, there.name, {
    cluster,
    certificate,
    nodes: NodeSelection.hostname(here.gateway),
    interfaceName: `ipsec-${there.name}`,
    type: IpsecConnectionType.TUNNEL,
    leftid: `@${here.gateway}`,
    localSubnets: here.networks,
    host: there.address,
    peerIdentity: PeerIdentity.of(`@${there.gateway}`),
    remoteSubnets: there.networks,
    ikeProposals: IkeProposal.FIPS,
    espProposals: EspProposal.FIPS,
  });
  new IpsecGuard(rollout.certificates, 'guard', { cluster, roles: ['worker'], endpoints: [peer] });
  new IpsecAutoconnect(rollout.certificates, 'autoconnect', { cluster, roles: ['worker'], endpoints: [peer] });
  app.synth();
}

write(berlin, paris);
write(paris, berlin);
