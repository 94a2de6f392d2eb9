/** A rollout for Argo CD: waves, sync options, a gate before the connections, and the health checks that Argo CD lacks. */
import { mkdirSync } from 'fs';
import { App, Yaml } from 'cdk8s';
import {
  ArgoCd, ArgoCdGate, CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode,
  IpsecRollout, IpsecVerification, NmstateOperator, NodeSelection, OpenShiftVersion, Pkcs12Bundle,
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
  nodes: NodeSelection.hostname('worker-0.example.com'),
  interfaceName: 'ipsec-storage',
  host: 'storage.example.com',
  remoteSubnet: '192.0.2.10/32',
  type: IpsecConnectionType.TRANSPORT,
});
new IpsecVerification(rollout.verification, 'verification', { cluster, policies: storage.policyNames, namespace: 'openshift-gitops' });

new ArgoCdGate(app, 'argocd', { rollout, cluster, namespace: 'openshift-gitops' });
ArgoCd.annotate(app);
app.synth();

// For the ArgoCD object of OpenShift GitOps: oc apply --server-side -f openshift-gitops/health-checks.yaml
mkdirSync('openshift-gitops', { recursive: true });
Yaml.save('openshift-gitops/health-checks.yaml', [{
  apiVersion: 'argoproj.io/v1beta1',
  kind: 'ArgoCD',
  metadata: { name: 'openshift-gitops', namespace: 'openshift-gitops' },
  spec: ArgoCd.healthChecks().argoCdSpec(),
}]);
