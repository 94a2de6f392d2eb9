import { mkdirSync, readFileSync, writeFileSync } from 'fs';
import { join } from 'path';
import { App, Chart, Testing } from 'cdk8s';
import { ApiServer } from './api-server';
import { CertImportDaemonSet, CertImportDaemonSetProps, IpsecClusterConfig, IpsecMode, IpsecWarnings, OpenShiftVersion } from '../../src';
import { Pod } from '../system/pod';
import { Certificate } from '../system/tools';

/** What an app writes for a cluster, without the Network object. */
export function synth(write: (chart: Chart, cluster: IpsecClusterConfig) => void, namespace: string): any[] {
  const app = new App();
  IpsecWarnings.of(app).silence();
  const chart = new Chart(app, 'test', { namespace });
  write(chart, new IpsecClusterConfig(chart, 'cluster', { mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16') }));
  return Testing.synth(chart).slice(1);
}

/** What a `CertImportDaemonSet` writes for the workers, with the namespace. */
export function importObjects(namespace: string, props: Omit<CertImportDaemonSetProps, 'cluster' | 'roles'>): any[] {
  return synth(
    (chart, cluster) => new CertImportDaemonSet(chart, 'certs', { cluster, roles: ['worker'], createNamespace: true, ...props }),
    namespace,
  );
}

/** A Secret as cert-manager writes it. */
export function tlsSecret(
  name: string, namespace: string, certificate: Certificate, cas: readonly Certificate[], key = certificate,
): object {
  const text = (files: readonly string[]) => Buffer.concat(files.map((file) => readFileSync(file))).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name, namespace },
    data: {
      'tls.crt': text([certificate.certificate]), 'tls.key': text([key.key]), 'ca.crt': text(cas.map((each) => each.certificate)),
    },
  };
}

/** Nodes, and the pods of DaemonSets on them, which speak to a real API server. */
export class ImportCluster {
  private pods: Pod[] = [];
  private count = 0;

  public constructor(private readonly api: ApiServer, private readonly dir: string) {}

  /**
   * A pod of the DaemonSet in these objects, on a node: its environment, the rights of its service account, and kubelet's on the node.
   *
   * @param beside another pod on the same node
   */
  public async pod(objects: readonly any[], node: string, beside?: Pod): Promise<Pod> {
    const { metadata: { namespace }, spec } = objects.find(({ kind }) => kind === 'DaemonSet');
    const { containers: [{ env }], serviceAccountName } = spec.template.spec;
    const home = join(this.dir, `pod-${++this.count}`);
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'bin/oc'), '#!/bin/sh\nexec /usr/bin/kubectl "$@"\n', { mode: 0o755 });
    writeFileSync(join(home, 'kubeconfig'), this.api.kubeconfigOf(namespace, serviceAccountName), { mode: 0o600 });
    const values = {
      ...Object.fromEntries(env.map(({ name, value = node }: { name: string; value?: string }) => [name, value.replace('$(IPSEC_NODE)', node)])),
      IPSEC_MOUNT: '',
      HOME: home,
      KUBECONFIG: join(home, 'kubeconfig'),
      PATH: `${home}/bin:${process.env.PATH}:/usr/sbin:/sbin`,
    };
    const pod = beside ? beside.beside(values) : await Pod.start(join(home, 'pod'), values);
    writeFileSync(join(pod.root, 'bin-of-node/oc'), '#!/bin/sh\nexport HOME=/run\nexec /usr/bin/kubectl "$@"\n', { mode: 0o755 });
    writeFileSync(join(pod.root, 'var/lib/kubelet/kubeconfig'), this.api.kubeconfigOfKubelet(node), { mode: 0o600 });
    this.pods.push(pod);
    return pod.follow();
  }

  /** Ends all pods; the nodes go with them. */
  public async end(): Promise<void> {
    // The one beside another ends first: the node is the other's.
    for (const each of this.pods.reverse()) await each.stop();
    this.pods = [];
  }
}
