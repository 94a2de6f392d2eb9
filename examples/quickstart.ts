import { App } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecAutoconnect, IpsecClusterConfig, IpsecConnectionType, IpsecGuard,
  IpsecMode, IpsecRollout, NodeSelection, OpenShiftVersion, Pkcs12Bundle,
} from 'cdk8s-openshift-ipsec';

const app = new App();
const rollout = new IpsecRollout(app, 'ipsec', { pools: ['master', 'worker'] });
const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', {
  mode: IpsecMode.EXTERNAL,
  openshiftVersion: OpenShiftVersion.of('4.16'),
  routingViaHost: true,
  machineNetworks: ['10.0.0.0/24'],
  podNetworks: ['10.128.0.0/14'],
  serviceNetworks: ['172.30.0.0/16'],
  apiVips: ['10.0.0.2', '10.0.0.3', '10.0.0.1'],
});
const certificate = new CertImportMachineConfig(rollout.certificates, 'certs', {
  cluster,
  roles: ['master', 'worker'],
  caCertificates: CaBundle.fromFile('ca.pem'),
  bundle: Pkcs12Bundle.fromFile('left_server.p12', { passwordFile: 'left_server.password' }),
  nodePasswordFile: '/etc/pki/ipsec/left_server.password',
});
const storage = new ExternalIpsecEndpoint(rollout.endpoints, 'storage', {
  cluster,
  certificate,
  nodes: NodeSelection.hostname('worker-0.example.com'),
  interfaceName: 'ipsec-storage',
  host: 'storage.example.com',
  remoteSubnet: '192.0.2.10/32',
  type: IpsecConnectionType.TRANSPORT,
});
new IpsecGuard(rollout.certificates, 'guard', { cluster, roles: ['worker'], endpoints: [storage] });
new IpsecAutoconnect(rollout.certificates, 'autoconnect', { cluster, roles: ['worker'], endpoints: [storage] });
app.synth();
