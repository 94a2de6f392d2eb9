/** One program for a fleet: a folder for each cluster. Check each in a call of its own: openshift-ipsec check dist/<cluster>. */
import { App } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecRollout, NodeSelection,
  OpenShiftVersion, Pkcs12Bundle,
} from 'cdk8s-openshift-ipsec';

const CLUSTERS = [
  { name: 'paris', version: '4.16', node: 'worker-0.paris.example.com' },
  { name: 'berlin', version: '4.18', node: 'worker-0.berlin.example.com' },
  { name: 'oslo', version: '4.20', node: 'worker-0.oslo.example.com' },
];

for (const { name, version, node } of CLUSTERS) {
  const app = new App({ outdir: `dist/${name}` });
  const rollout = new IpsecRollout(app, 'ipsec', { pools: ['worker'] });
  const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of(version),
    routingViaHost: true,
  });
  const certificate = new CertImportMachineConfig(rollout.certificates, 'certs', {
    cluster,
    roles: ['worker'],
    caCertificates: CaBundle.fromFile('ca.pem'),
    bundle: Pkcs12Bundle.fromFile('left_server.p12', { passwordFile: 'left_server.password' }),
    nodePasswordFile: '/etc/pki/ipsec/left_server.password',
  });
  new ExternalIpsecEndpoint(rollout.endpoints, 'storage', {
    cluster,
    certificate,
    nodes: NodeSelection.hostname(node),
    interfaceName: 'ipsec-storage',
    host: 'storage.example.com',
    remoteSubnet: '192.0.2.10/32',
    type: IpsecConnectionType.TRANSPORT,
  });
  app.synth();
  rollout.writeApplyScript();
}
