import { App, Chart, Testing } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType, IpsecMode,
  IpsecMonitoring, IpsecMonitoringProps, IpsecWarnings, NodeSelection, OpenShiftVersion, Pkcs12Bundle,
} from '../../../src';
import { makeCa, makeLeaf, makePkcs12 } from '../../pki';

export interface Setup {
  readonly props?: Partial<IpsecMonitoringProps>;
  /** Days until the certificate ends; none is imported where it is not given. */
  readonly days?: number;
}

/** A chart with two endpoints, one of a host and one of a role, and what watches them. */
export function monitoring({ props = {}, days }: Setup = {}) {
  const app = new App();
  IpsecWarnings.of(app).silence();
  const chart = new Chart(app, 'test');
  const cluster = new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.18'), routingViaHost: true,
  });
  const endpoint = (name: string, nodes: NodeSelection, remoteSubnet: string, type = IpsecConnectionType.TUNNEL) =>
    new ExternalIpsecEndpoint(chart, name, {
      cluster,
      certificate: IpsecCertificate.fromNickname('left_server'),
      nodes,
      interfaceName: `ipsec-${name}`,
      host: `${name}.example.com`,
      remoteSubnet,
      type,
    });
  const storage = endpoint('storage', NodeSelection.hostname('worker-0.example.com'), '192.0.2.10/32', IpsecConnectionType.TRANSPORT);
  const gateway = endpoint('gateway', NodeSelection.role('worker'), '198.51.100.0/24');
  const certificates = days === undefined ? undefined : [certificate(chart, cluster, days)];
  const construct = new IpsecMonitoring(chart, 'monitoring', {
    cluster,
    roles: ['worker'],
    endpoints: [storage, gateway],
    certificates,
    ...props,
  });
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const manifests: any[] = Testing.synth(chart);
  const of = (kind: string, name?: string) => manifests
    .filter((manifest) => manifest.kind === kind && (name === undefined || manifest.metadata.name === name));
  return { construct, manifests, of, chart, cluster, endpoint, storage, gateway };
}

function certificate(chart: Chart, cluster: IpsecClusterConfig, days: number): CertImportMachineConfig {
  const ca = makeCa();
  const leaf = makeLeaf({ ca, days, keyUsage: [0], extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'] });
  return new CertImportMachineConfig(chart, 'certs', {
    cluster,
    roles: ['worker'],
    caCertificates: CaBundle.fromPem(ca.pem),
    bundle: Pkcs12Bundle.fromBase64(makePkcs12({ identity: leaf, chain: [ca], friendlyName: 'left_server' }).toString('base64')),
    acceptPrivateKeyInManifest: true,
    acknowledge: { 'certificate-expires-soon': 'the test wants it' },
  });
}
