import { mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, Testing } from 'cdk8s';
import { ca, caCertificates } from './fixtures';
import {
  CertImportDaemonSet, CertImportDaemonSetProps, CliImage, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode,
  IpsecWarnings, NodeSecret, NodeSelection, OpenShiftVersion,
} from '../../../src';
import { nodeScript } from '../../../src/constructs/certificates/import-script';

const DIGEST = `quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:${'0123456789abcdef'.repeat(4)}`;

function made(
  props: Partial<CertImportDaemonSetProps> = {},
  { namespace, version }: { namespace?: string; version?: string } = { namespace: 'ipsec' },
) {
  const app = new App();
  IpsecWarnings.of(app).silence();
  const chart = new Chart(app, 'test', { namespace });
  const cluster = new IpsecClusterConfig(chart, 'cluster', {
    mode: IpsecMode.EXTERNAL,
    openshiftVersion: OpenShiftVersion.of(version ?? '4.16'),
    routingViaHost: true,
  });
  const construct = new CertImportDaemonSet(chart, 'certs', {
    cluster,
    roles: ['worker'],
    secret: NodeSecret.shared('left-server'),
    ...props,
  });
  return { app, chart, cluster, construct };
}

function objects(props: Partial<CertImportDaemonSetProps> = {}, context?: { namespace?: string; version?: string }) {
  const { chart, construct } = made(props, context);
  const manifests = Testing.synth(chart).slice(1);
  const of = (kind: string, name?: string) =>
    manifests.find((each) => each.kind === kind && (name === undefined || each.metadata.name === name));
  const daemonSet = of('DaemonSet');
  const pod = daemonSet.spec.template.spec;
  const [container] = pod.containers;
  const env = Object.fromEntries(container.env.map(({ name, value, valueFrom }: any) => [name, value ?? valueFrom.fieldRef.fieldPath]));
  return { manifests, of, daemonSet, pod, container, env, construct };
}

describe('the objects', () => {
  test('are the DaemonSet, its scripts, and the right to be privileged with nothing else', () => {
    const { manifests, of } = objects();
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'ServiceAccount ipsec/ipsec-cert-import', 'Role ipsec/ipsec-cert-import', 'RoleBinding ipsec/ipsec-cert-import',
      'ConfigMap ipsec/ipsec-cert-import', 'DaemonSet ipsec/ipsec-cert-import',
    ]);
    expect(of('ServiceAccount').automountServiceAccountToken).toBe(false);
    expect(of('Role').rules).toEqual([
      { apiGroups: ['security.openshift.io'], resources: ['securitycontextconstraints'], resourceNames: ['privileged'], verbs: ['use'] },
    ]);
    expect(of('RoleBinding')).toMatchObject({
      roleRef: { kind: 'Role', name: 'ipsec-cert-import' },
      subjects: [{ kind: 'ServiceAccount', name: 'ipsec-cert-import', namespace: 'ipsec' }],
    });
    expect(of('ConfigMap').data).toEqual(
      Object.fromEntries(
        ['ipsec-from-secret.sh', 'ipsec-from-secret-node.sh', 'ipsec-addcert.sh'].map((file) => [file, nodeScript(file).toString()]),
      ),
    );
  });

  test('have names with the nickname, where it is not the default', () => {
    const { daemonSet, env, construct } = objects({ nickname: 'Storage_2' });
    expect([daemonSet.metadata.name, env.IPSEC_NICKNAME, construct.nickname, construct.namespace]).toEqual([
      'ipsec-cert-import-storage-2',
      'Storage_2',
      'Storage_2',
      'ipsec',
    ]);
  });

  test('can bring their namespace, whose pods may be privileged and run on every node', () => {
    expect(objects({ createNamespace: true, namespace: 'ipsec-certs' }).of('Namespace')).toMatchObject({
      metadata: {
        name: 'ipsec-certs',
        annotations: { 'openshift.io/node-selector': '' },
        labels: { 'pod-security.kubernetes.io/enforce': 'privileged', 'security.openshift.io/scc.podSecurityLabelSync': 'false' },
      },
    });
  });

  test('are the same bytes from the same props, and start the pods anew when a script changes', () => {
    expect(JSON.stringify(objects().manifests)).toBe(JSON.stringify(objects().manifests));
    const checksum = (props = {}) => objects(props).daemonSet.spec.template.metadata.annotations['ipsec.cdk8s.io/scripts-sha256'];
    expect(checksum({ caCertificates })).not.toBe(checksum());
  });
});

describe('the pod', () => {
  test('is what it needs to be to write the node\'s database, and no more', () => {
    const { pod, container } = objects();
    expect(container.securityContext).toEqual({ privileged: true, readOnlyRootFilesystem: true, runAsUser: 0 });
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      serviceAccountName: 'ipsec-cert-import',
    });
    expect(pod).not.toHaveProperty('hostPID');
    expect(pod.volumes).toEqual([
      { name: 'host', hostPath: { path: '/', type: 'Directory' } },
      { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '16Mi' } },
      { name: 'programs', configMap: { name: 'ipsec-cert-import', defaultMode: 0o500 } },
      { name: 'secret', secret: { secretName: 'left-server', defaultMode: 0o400, optional: true } },
    ]);
  });

  test('is told what the program knows, and nothing else', () => {
    const all = objects({
      secret: NodeSecret.shared('left-server', { pkcs12Key: 'keystore.p12', passwordKey: 'password', caKey: 'ca.pem' }),
      caCertificates,
      nodeLabel: 'ipsec.example.com/left-server',
      removeWithSecret: true,
    });
    expect(all.env).toEqual({
      HOME: '/run/ipsec-from-secret',
      IPSEC_NODE: 'spec.nodeName',
      IPSEC_NICKNAME: 'left_server',
      IPSEC_NAMESPACE: 'ipsec',
      IPSEC_SECRET: 'left-server',
      IPSEC_MOUNT: '/run/secrets/ipsec',
      IPSEC_PKCS12_KEY: 'keystore.p12',
      IPSEC_PASSWORD_KEY: 'password',
      IPSEC_CA_KEY: 'ca.pem',
      IPSEC_MORE_CAS: '/opt/ipsec-from-secret/more-ca.pem',
      IPSEC_NODE_LABEL: 'ipsec.example.com/left-server=imported',
      IPSEC_REMOVE: 'yes',
    });
    const program = nodeScript('ipsec-from-secret.sh').toString();
    for (const name of Object.keys(all.env).filter((each) => each !== 'HOME')) expect(program).toContain(name);
    expect(all.of('ConfigMap').data['more-ca.pem']).toBe(ca.pem);
    expect(Object.keys(all.of('ConfigMap').data)).toContain('ipsec-removecert.sh');
  });

  test('runs on the nodes of one role, and tolerates their taint', () => {
    const { pod } = objects({ roles: ['infra'], toleratedTaints: ['example.com/dedicated'] });
    expect(pod.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux', 'node-role.kubernetes.io/infra': '' });
    expect(pod.tolerations).toEqual([
      { key: 'node-role.kubernetes.io/infra', operator: 'Exists' },
      { key: 'example.com/dedicated', operator: 'Exists' },
    ]);
  });

  test('runs on the nodes of any of several roles', () => {
    const { pod } = objects({ roles: ['master', 'worker'] });
    expect(pod.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux' });
    expect(pod.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms).toEqual(
      ['master', 'worker'].map((role) => ({ matchExpressions: [{ key: `node-role.kubernetes.io/${role}`, operator: 'Exists' }] })),
    );
    expect(pod.tolerations.map(({ key }: any) => key)).toEqual([
      'node-role.kubernetes.io/control-plane',
      'node-role.kubernetes.io/master',
      'node-role.kubernetes.io/worker',
    ]);
  });

  test.each([['10%', undefined], ['25%', '25%'], [3, '3']])('is updated on %s of the nodes at a time', (expected, maxUnavailable) => {
    expect(objects({ maxUnavailable: maxUnavailable as string }).daemonSet.spec.updateStrategy.rollingUpdate).toEqual({
      maxUnavailable: expected,
    });
  });
});

describe('a Secret for each node', () => {
  test('is asked for by the API, with the right to get those that are known', () => {
    const { of, pod, container, env } = objects({
      secret: NodeSecret.perNode('ipsec-{node}', { nodes: ['w0.example.com', 'w1.example.com'] }),
    });
    expect(env.IPSEC_SECRET).toBe('ipsec-$(IPSEC_NODE)');
    expect(container.env[0].name).toBe('IPSEC_NODE'); // a variable can use those before it
    expect(env).not.toHaveProperty('IPSEC_MOUNT');
    expect([pod.automountServiceAccountToken, pod.volumes.map(({ name }: any) => name)]).toEqual([true, ['host', 'memory', 'programs']]);
    expect(of('Role', 'ipsec-cert-import-secrets').rules).toEqual([
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['ipsec-w0.example.com', 'ipsec-w1.example.com'], verbs: ['get'] },
    ]);
    expect(of('RoleBinding', 'ipsec-cert-import-secrets').roleRef.name).toBe('ipsec-cert-import-secrets');
  });

  test('may be any of the namespace, where the nodes are not known', () => {
    expect(objects({ secret: NodeSecret.perNode('ipsec-{node}') }).of('Role', 'ipsec-cert-import-secrets').rules).toEqual([
      { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
    ]);
  });
});

describe('the image', () => {
  test('is the release\'s own by its image stream, and never the latest one of a registry', () => {
    const { daemonSet, container } = objects();
    expect(container.image).toBe('registry.redhat.io/openshift4/ose-cli-rhel9:v4.16');
    expect(JSON.parse(daemonSet.metadata.annotations['image.openshift.io/triggers'])).toEqual([
      {
        from: { kind: 'ImageStreamTag', name: 'cli:latest', namespace: 'openshift' },
        fieldPath: 'spec.template.spec.containers[?(@.name=="import")].image',
      },
    ]);
    expect(objects({}, { namespace: 'ipsec', version: '4.15' }).container.image).toBe('registry.redhat.io/openshift4/ose-cli:v4.15');
  });

  test('by digest, by a release or by a tag is left alone by the cluster', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'release-')), 'release.json');
    writeFileSync(
      file,
      JSON.stringify({
        references: {
          spec: {
            tags: [
              { name: 'cli-artifacts', from: { name: 'x' } },
              { name: 'cli', from: { kind: 'DockerImage', name: DIGEST } },
            ],
          },
        },
      }),
    );
    for (const [image, expected] of [
      [CliImage.digest(DIGEST), DIGEST],
      [CliImage.fromReleaseInfo(file), DIGEST],
      [CliImage.tag('mirror.example.com:5000/ocp/cli:v4.16'), 'mirror.example.com:5000/ocp/cli:v4.16'],
    ] as const) {
      const { daemonSet, container } = objects({ image });
      expect(container.image).toBe(expected);
      expect(daemonSet.metadata.annotations ?? {}).not.toHaveProperty('image.openshift.io/triggers');
    }
    writeFileSync(file, '{}');
    expect(() => CliImage.fromReleaseInfo(file)).toThrow(
      new Error(`release file '${file}' names no image 'cli': write it with 'oc adm release info -o json > release.json'`),
    );
  });
});

test('endpoints take it as their certificate, and nothing is missing then', () => {
  const { chart, cluster, construct } = made({ secret: NodeSecret.perNode('ipsec-{node}') });
  new ExternalIpsecEndpoint(chart, 'storage', {
    cluster,
    certificate: construct,
    nodes: NodeSelection.role('worker'),
    interfaceName: 'ipsec-storage',
    host: 'storage.example.com',
    remoteSubnet: '10.1.2.3/32',
    type: IpsecConnectionType.TUNNEL,
  });
  Testing.synth(chart);
  // That a live policy shares its chart is true of this test, and not what it is about.
  expect(IpsecWarnings.of(chart).list().map(({ ruleId }) => ruleId)).toEqual(['policy-same-file']);
});

test('an endpoint on other nodes than the import is refused', () => {
  const { chart, cluster, construct } = made({ roles: ['master'] });
  new ExternalIpsecEndpoint(chart, 'storage', {
    cluster,
    certificate: construct,
    nodes: NodeSelection.role('worker'),
    interfaceName: 'ipsec-storage',
    host: 'storage.example.com',
    remoteSubnet: '10.1.2.3/32',
    type: IpsecConnectionType.TUNNEL,
  });
  expect(() => Testing.synth(chart)).toThrow(
    "'certificate' ('left_server') is imported for role master and not for worker, the role of these nodes",
  );
});

test.each<[string, () => unknown, string]>([
  [
    'no namespace',
    () => objects({}, {}),
    "test/certs: 'namespace' (not set) must say where the pods run and the Secrets are, such as 'ipsec': give it here or to the chart",
  ],
  [
    'a namespace that is none',
    () => objects({ namespace: 'a.b' }),
    "test/certs: 'namespace' ('a.b') can't be a namespace: at most 63 lower-case letters, digits and '-', "
      + 'beginning and ending with a letter or digit',
  ],
  ['no unavailable node', () => objects({ maxUnavailable: '0' }),
    "test/certs: 'maxUnavailable' ('0') must be a number of nodes from 1, or a share from '1%' to '100%': with none, "
      + 'no update of the DaemonSet could begin'],
  [
    'a priority class that is none',
    () => objects({ priorityClassName: 'Very_High' }),
    "test/certs: 'priorityClassName' ('Very_High') can't be the name of a PriorityClass, such as 'system-node-critical'",
  ],
  ['a taint with an effect', () => objects({ toleratedTaints: ['dedicated=x:NoSchedule'] }),
    "test/certs: 'toleratedTaints' has 'dedicated=x:NoSchedule', which can't be the key of a taint: "
      + "a name such as 'dedicated' or 'example.com/dedicated', without a value or effect"],
  [
    'a label with a value',
    () => objects({ nodeLabel: 'a=b' }),
    "test/certs: 'nodeLabel' ('a=b') can't be the key of a label: a name such as 'ipsec.example.com/left-server', without a value",
  ],
  ['a label of Kubernetes', () => objects({ nodeLabel: 'node-role.kubernetes.io/ipsec' }),
    "test/certs: 'nodeLabel' ('node-role.kubernetes.io/ipsec') is in a domain of Kubernetes, whose labels a node may not give itself: "
      + "use one of your own, such as 'ipsec.example.com/left-server'"],
  [
    'a Secret as a text',
    () => objects({ secret: 'left-server' as any }),
    "test/certs: 'secret' ('left-server') must be a NodeSecret, such as NodeSecret.shared('left-server')",
  ],
  ['the latest image', () => CliImage.tag('mirror.example.com/cli:latest'),
    "'image' ('mirror.example.com/cli:latest') must be an image with a tag of a version, "
      + "such as 'mirror.example.com/ose-cli-rhel9:v4.16', and not 'latest', which is another image tomorrow"],
  ['an image without a tag', () => CliImage.tag('mirror.example.com:5000/cli'),
    "'image' ('mirror.example.com:5000/cli') must be an image with a tag of a version, such as 'mirror.example.com/ose-cli-rhel9:v4.16', "
      + "and not 'latest', which is another image tomorrow"],
  ['a digest that is none', () => CliImage.digest('quay.io/x@sha256:abc'),
    "'image' ('quay.io/x@sha256:abc') must be an image by its digest, such as quay.io/…@sha256:…: "
      + "'oc adm release info --image-for=cli' prints that of the cluster's release"],
  [
    'a shared name with the node',
    () => NodeSecret.shared('ipsec-{node}'),
    "'name' ('ipsec-{node}') has {node}, and NodeSecret.shared is one Secret for all nodes: use NodeSecret.perNode",
  ],
  [
    'a name that is none',
    () => NodeSecret.shared('Left'),
    "'name' ('Left') can't be the name of a Secret: at most 253 lower-case letters, digits, '-' and '.', "
      + 'beginning and ending with a letter or digit',
  ],
  [
    'a pattern without the node',
    () => NodeSecret.perNode('ipsec'),
    "'pattern' ('ipsec') must have {node} once, where the name of the node goes: 'ipsec-{node}'; "
      + 'a Secret for all nodes is NodeSecret.shared',
  ],
  [
    'no nodes',
    () => NodeSecret.perNode('ipsec-{node}', { nodes: [] }),
    "'nodes' (an empty list) must name at least one node, or be left out where they are not known",
  ],
  ['a node twice', () => NodeSecret.perNode('ipsec-{node}', { nodes: ['a', 'a'] }), "'nodes' has 'a' twice: name each node once"],
  [
    'a node that is none',
    () => NodeSecret.perNode('ipsec-{node}', { nodes: ['A'] }),
    "'nodes' has 'A', which can't be the name of a node in 'ipsec-{node}': lower-case letters, digits, '-' and '.', "
      + 'at most 253 with the rest',
  ],
  [
    'a key that is none',
    () => NodeSecret.shared('a', { caKey: 'a/b' }),
    "'caKey' ('a/b') can't be the key of a Secret: letters, digits, '-', '_' and '.', at most 253",
  ],
  ['a bundle and a certificate', () => NodeSecret.shared('a', { pkcs12Key: 'a.p12', certificateKey: 'tls.crt' }),
    "'certificateKey' ('tls.crt') is given together with 'pkcs12Key', whose bundle holds both the certificate and its key: "
      + 'leave one of them out'],
  ['a password without a bundle', () => NodeSecret.shared('a', { passwordKey: 'password' }),
    "'passwordKey' ('password') is the password of a bundle, and 'pkcs12Key' names none: "
      + 'a private key in PEM must stand without a password'],
])('%s is refused', (_, make, message) => expect(make).toThrow(new Error(message)));

test('a nickname of OVN-Kubernetes is refused, which the node\'s script would refuse at each look', () => {
  expect(() => made({ nickname: 'ovs_left' })).toThrow(
    "certs: nickname 'ovs_left' begins with 'ovs_', which is reserved for pod-to-pod IPsec certificates; choose another nickname "
      + '(certificate-cn-reserved)',
  );
});
