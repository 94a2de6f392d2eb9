/**
 * Plan before, watch after: a certificate is renewed and a tunnel taken away, with what watches the tunnels.
 *
 *     npx ts-node examples/operations.ts
 *     openshift-ipsec plan dist/operations/before dist/operations/after --nodes worker=6
 */
import { rmSync, writeFileSync } from 'fs';
import { join, relative } from 'path';
import { App } from 'cdk8s';
import {
  CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecMonitoring,
  IpsecRollout, IpsecVerification, NodeSelection, OpenShiftVersion, Pkcs12Bundle, Platform,
} from '../src';
import { makeThrowawayPki, PkiFiles } from './throwaway-pki';

const OUT = join(__dirname, '..', 'dist', 'operations');

/** One state of the cluster's manifests, and the script that applies it; `withGateway` is the tunnel that the change takes away. */
function write(out: string, pki: PkiFiles, withGateway: boolean): IpsecMonitoring {
  const app = new App({ outdir: out, outputFileExtension: '.yaml' });
  const rollout = new IpsecRollout(app, 'ipsec', { pools: ['worker'] });
  const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.18'), platform: Platform.BARE_METAL, routingViaHost: true,
  });
  const certificate = new CertImportMachineConfig(rollout.certificates, 'certs', {
    cluster,
    roles: ['worker'],
    caCertificates: CaBundle.fromFile(pki.ca),
    bundle: Pkcs12Bundle.fromFile(pki.bundle, { passwordFile: pki.passwordFile }),
    nodePasswordFile: '/etc/pki/ipsec/left_server.password',
  });
  const common = {
    cluster,
    certificate,
    nodes: NodeSelection.role('worker'),
    type: IpsecConnectionType.TUNNEL,
    acknowledge: { 'certificate-shared': 'both peers have uniqueids=no' },
  };
  const storage = new ExternalIpsecEndpoint(rollout.endpoints, 'storage', {
    ...common, interfaceName: 'ipsec-storage', host: 'storage.example.com', remoteSubnet: '192.0.2.0/24',
  });
  if (withGateway) {
    new ExternalIpsecEndpoint(rollout.endpoints, 'gateway', {
      ...common, interfaceName: 'ipsec-gateway', host: 'gateway.example.com', remoteSubnet: '198.51.100.0/24',
    });
  }
  const monitoring = new IpsecMonitoring(rollout.endpoints, 'monitoring', {
    cluster, roles: ['worker'], endpoints: [storage], certificates: [certificate], alertLabels: { team: 'network' },
  });
  new IpsecVerification(rollout.verification, 'verification', {
    cluster,
    pools: ['worker'],
    machineConfigs: { worker: [...certificate.machineConfigNames, ...monitoring.machineConfigNames] },
    policies: storage.policyNames,
    endpoints: [storage],
    certificates: [certificate],
    namespace: 'openshift-gitops',
  });
  app.synth();
  rollout.writeApplyScript();
  return monitoring;
}

/** Writes both states, and what has to be merged by hand; returns what to tell the user. */
export function operations(out = OUT): string {
  rmSync(out, { recursive: true, force: true });
  const [before, after] = ['before', 'after'].map((name) => join(out, name));
  const pki = makeThrowawayPki(join(out, 'pki-before'));
  write(before, pki, true);
  const renewal = { issuer: pki.issuer, days: 90 };
  const monitoring = write(after, makeThrowawayPki(join(out, 'pki-after'), renewal), false);
  writeFileSync(join(out, 'cluster-monitoring-config.fragment.yaml'), monitoring.clusterMonitoringConfig);
  writeFileSync(join(out, 'grafana-dashboard.json'), monitoring.grafanaDashboard);
  const shown = (path: string) => relative(process.cwd(), path) || '.';
  return `Wrote two states of one cluster. See what lies between them:

  openshift-ipsec plan ${shown(before)} ${shown(after)} --nodes worker=6
`;
}

if (require.main === module) process.stdout.write(operations());
