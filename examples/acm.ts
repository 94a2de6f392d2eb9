/**
 * A rollout for all clusters that RHACM manages and that have a label: policies for the hub, and one connection for each node of a role.
 */
import { App } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecRollout,
  NmstateOperator, NodeSelection, OpenShiftVersion, Pkcs12Bundle, RhacmPolicies, RhacmTemplate,
} from 'cdk8s-openshift-ipsec';

const app = new App();
const rollout = new IpsecRollout(app, 'ipsec', { pools: ['worker'] });
new NmstateOperator(rollout.operator, 'nmstate', { instanceScope: rollout.nmstate });
const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', {
  mode: IpsecMode.EXTERNAL,
  openshiftVersion: OpenShiftVersion.of('4.18'),
  routingViaHost: true,
});
const certificate = new CertImportMachineConfig(rollout.certificates, 'certs', {
  cluster,
  roles: ['worker'],
  caCertificates: CaBundle.fromFile('ca.pem'),
  bundle: Pkcs12Bundle.fromFile('left_server.p12', { passwordFile: 'left_server.password' }),
  nodePasswordFile: '/etc/pki/ipsec/left_server.password',
});
const storage = new ExternalIpsecEndpoint(rollout.endpoints, 'storage', {
  cluster,
  certificate,
  nodes: NodeSelection.role('worker'),
  interfaceName: 'ipsec-storage',
  left: RhacmTemplate.NODE_NAME,
  host: 'storage.example.com',
  remoteSubnet: '192.0.2.10/32',
  type: IpsecConnectionType.TRANSPORT,
  acknowledge: { 'certificate-shared': 'the peer tells the nodes apart by their addresses' },
});

// The hub gets the policies, and they bring the rollout to the clusters: its own app writes no files.
const hub = new App({ outdir: 'dist/hub' });
new RhacmPolicies(hub, 'acm', { rollout, namespace: 'policies', clusterLabels: { ipsec: 'true' }, nodeEndpoints: [storage] });
hub.synth();
