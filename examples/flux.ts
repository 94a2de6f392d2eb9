/** A rollout for Flux: a Kustomization for each stage, which begins when the one before it is ready. */
import { App, YamlOutputType } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, FluxKustomizations, IpsecClusterConfig, IpsecConnectionType, IpsecMode,
  IpsecRollout, NmstateOperator, NodeSelection, OpenShiftVersion, Pkcs12Bundle,
} from 'cdk8s-openshift-ipsec';

const app = new App({ outdir: 'dist/rollout', yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
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
new ExternalIpsecEndpoint(rollout.endpoints, 'storage', {
  cluster,
  certificate,
  nodes: NodeSelection.hostname('worker-0.example.com'),
  interfaceName: 'ipsec-storage',
  host: 'storage.example.com',
  remoteSubnet: '192.0.2.10/32',
  type: IpsecConnectionType.TRANSPORT,
});

// Flux reads this folder, as it does the rest of its own configuration.
const flux = new App({ outdir: 'dist/flux' });
new FluxKustomizations(flux, 'flux', { rollout, sourceName: 'flux-system', path: './dist/rollout' });
app.synth();
flux.synth();
