import { ApiObject, App, AppProps, Chart, Duration } from 'cdk8s';
import {
  CertImportDaemonSet, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecRollout,
  IpsecRolloutProps, IpsecVerification, IpsecWarnings, MtuMigration, NmstateOperator, NodeSecret, NodeSelection, OpenShiftVersion, Platform,
} from '../../../src';
import { bundle, caCertificates } from '../certificates/fixtures';

/** A rollout with something in each of its charts, in the wrong order. */
export function filledRollout(appProps: AppProps, props: Partial<IpsecRolloutProps> = {}, mtuMigration?: MtuMigration) {
  const app = new App(appProps);
  IpsecWarnings.of(app).silence();
  const rollout = new IpsecRollout(app, 'ipsec', { pools: ['worker'], ...props });
  const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of('4.18'),
    platform: Platform.BARE_METAL,
    routingViaHost: true,
    mtuMigration,
  });
  const certificate = new CertImportMachineConfig(rollout.certificates, 'certs', {
    cluster, roles: ['master', 'worker'], caCertificates, bundle: bundle(), nodePasswordFile: '/etc/pki/ipsec/left_server.password',
  });
  const storage = new ExternalIpsecEndpoint(rollout.endpoints, 'storage', {
    cluster,
    certificate,
    nodes: NodeSelection.role('worker'),
    interfaceName: 'ipsec-storage',
    host: 'storage.example.com',
    remoteSubnet: '192.0.2.10/32',
    type: IpsecConnectionType.TRANSPORT,
    acknowledge: { 'certificate-shared': 'one certificate for all workers' },
  });
  new IpsecVerification(rollout.verification, 'verify', {
    cluster,
    policies: storage.policyNames,
    namespace: 'openshift-gitops',
    timeout: Duration.minutes(30),
  });
  new NmstateOperator(rollout.operator, 'operator', { instanceScope: rollout.nmstate });
  return { app, rollout, cluster, certificate, storage };
}

/** Another certificate for the workers, which comes by a DaemonSet. */
export function importByDaemonSet(chart: Chart, cluster: IpsecClusterConfig): CertImportDaemonSet {
  return new CertImportDaemonSet(chart, 'import', {
    cluster, roles: ['worker'], namespace: 'ipsec', secret: NodeSecret.shared('gateway'), nickname: 'gateway', caCertificates,
  });
}

/** What an app writes, as `kind name`, chart by chart. */
export function written(app: App): { [chart: string]: string[] } {
  return Object.fromEntries(app.charts.map((chart) => [chart.node.id, chart.node.findAll().filter(ApiObject.isApiObject).map((object) => {
    const { kind, name } = object as ApiObject;
    return `${kind} ${name}`;
  })]));
}
