import { App } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecRollout, NodeSelection,
  OpenShiftVersion, Pkcs12Bundle,
} from 'cdk8s-openshift-ipsec';

const app = new App();
const rollout = new IpsecRollout(app, 'ipsec', { pools: ['worker'] });
const openshiftVersion = OpenShiftVersion.of('4.16');
const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', { mode: IpsecMode.EXTERNAL, openshiftVersion, routingViaHost: true });
const caCertificates = CaBundle.fromFile('ca.pem');
const bundle = Pkcs12Bundle.fromFile('left_server.p12', { passwordFile: 'left_server.password' });
const certificate = new CertImportMachineConfig(rollout.certificates, 'certs', {
  cluster, roles: ['worker'], caCertificates, bundle, nodePasswordFile: '/etc/pki/ipsec/left_server.password',
});
new ExternalIpsecEndpoint(rollout.endpoints, 'storage', {
  cluster,
  certificate,
  nodes: NodeSelection.hostname('worker-0.example.com'),
  interfaceName: 'ipsec-storage',
  type: IpsecConnectionType.TRANSPORT,
  host: 'storage.example.com',
  remoteSubnet: '192.0.2.10/32',
});
app.synth();
