import { Chart, Testing } from 'cdk8s';
import { EndpointState, ExternalIpsecEndpoint, IpsecVerification, IpsecVerificationProps, NodeSelection } from '../../../src';
import { monitoring } from '../monitoring/fixture';

/** A verification of what the fixture watches, and what it writes. */
function proof(make: (context: ReturnType<typeof monitoring>) => Partial<IpsecVerificationProps>) {
  const context = monitoring({ days: 100 });
  const chart = new Chart(context.chart, 'verification', { namespace: 'openshift-gitops' });
  new IpsecVerification(chart, 'verification', { cluster: context.cluster, pools: ['worker'], ...make(context) });
  const manifests = Testing.synth(chart);
  const [container] = manifests.find(({ kind }) => kind === 'Job').spec.template.spec.containers;
  const env = new Map<string, string>(container.env.map(({ name, value }: { name: string; value: string }) => [name, value]));
  return { manifests, env, roles: manifests.filter(({ kind }) => kind === 'Role') };
}

const imported = ({ chart }: ReturnType<typeof monitoring>) => chart.node.findChild('certs');

test('endpoints are asked for by their connections and the labels of their nodes, each once and in one order', () => {
  const { env } = proof(({ storage, gateway }) => ({ endpoints: [storage, gateway, storage] }));
  expect(env.get('IPSEC_CONNECTIONS')).toBe(
    'ipsec-gateway@node-role.kubernetes.io/worker= ipsec-storage@kubernetes.io/hostname=worker-0.example.com',
  );
  expect(env.has('IPSEC_FINGERPRINTS')).toBe(false);
});

test('who may then run commands is the pods of the machine-config-daemon, and no others', () => {
  const { roles, manifests } = proof(({ storage }) => ({ endpoints: [storage] }));
  expect(roles.map(({ metadata, rules }) => [metadata, rules])).toEqual([[
    { name: 'ipsec-verification', namespace: 'openshift-machine-config-operator' },
    [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['pods/exec'], verbs: ['create', 'get'] },
    ],
  ]]);
  expect(manifests.filter(({ kind }) => kind === 'RoleBinding').map(({ metadata, roleRef, subjects }) => [metadata.namespace, roleRef.name, subjects]))
    .toEqual([[
      'openshift-machine-config-operator',
      'ipsec-verification',
      [{ apiGroup: '', kind: 'ServiceAccount', name: 'ipsec-verification', namespace: 'openshift-gitops' }],
    ]]);
});

test('nodes may be listed where they are chosen by their labels, and only there', () => {
  const rightsTo = (written: ReturnType<typeof proof>) => written.manifests.find(({ kind }) => kind === 'ClusterRole').rules
    .filter(({ resources }: { resources: string[] }) => resources.includes('nodes'));
  expect(rightsTo(proof(({ storage }) => ({ endpoints: [storage] })))).toEqual([{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }]);
  expect(rightsTo(proof(() => ({})))).toEqual([]);
});

test('nodes that are filled in on the cluster are those that have the connection', () => {
  const { env, manifests } = proof(({ storage, cluster, chart }) => ({
    endpoints: [new ExternalIpsecEndpoint(chart, 'hub', {
      ...storage._props,
      cluster,
      interfaceName: 'ipsec-hub',
      nodes: NodeSelection.hostname('worker-0.{{hub .ManagedClusterName hub}}.example.com'),
      acknowledge: { 'hub-template-outside-policy': 'a PolicyGenerator wraps it' },
    })],
  }));
  expect(env.get('IPSEC_CONNECTIONS')).toBe('ipsec-hub');
  expect(JSON.stringify(manifests.find(({ kind }) => kind === 'ClusterRole'))).not.toContain('"nodes"');
});

test('without endpoints nobody may run anything, and the script is told of none', () => {
  const { roles, env } = proof(() => ({}));
  expect([roles, [...env.keys()].filter((name) => /CONNECTIONS|FINGERPRINTS/.test(name))]).toEqual([[], []]);
});

test('certificates are asked for by the fingerprint in the manifests, as the script on the node prints it', () => {
  let annotation = '';
  const { env } = proof((context) => {
    annotation = context.of('MachineConfig', '99-worker-import-certs')[0].metadata.annotations['ipsec.cdk8s.io/certificate-sha256'];
    return { endpoints: [context.storage], certificates: [imported(context)] };
  });
  expect(annotation).toMatch(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/);
  expect(env.get('IPSEC_FINGERPRINTS')).toBe(annotation.replaceAll(':', ''));
});

describe('refuses', () => {
  test('certificates of no connection', () => {
    expect(() => proof((context) => ({ certificates: [imported(context)] }))).toThrow(new Error(
      "test/verification/verification: 'certificates' needs 'endpoints': nodes are asked for the certificates of connections; "
        + 'name the endpoints, or leave it out',
    ));
  });

  test('a construct that brings no certificate', () => {
    expect(() => proof(({ storage, cluster }) => ({ endpoints: [storage], certificates: [cluster] }))).toThrow(new Error(
      "test/verification/verification: 'certificates' has 'test/cluster', whose MachineConfigs say no certificate: "
        + 'give a CertImportMachineConfig or HostCertificates with its bundle',
    ));
  });

  test('an endpoint that is absent', () => {
    expect(() => proof(({ storage, cluster, chart }) => {
      const absent = new ExternalIpsecEndpoint(chart, 'absent', {
        ...storage._props, cluster, interfaceName: 'ipsec-absent', state: EndpointState.ABSENT,
      });
      return { endpoints: [absent] };
    })).toThrow(new Error(
      "test/verification/verification: 'endpoints' has 'test/absent', which writes no connection that could be watched "
        + '(its state is absent): leave it out',
    ));
  });

  test.each<[string, Partial<IpsecVerificationProps>, string]>([
    ['endpoints that are none', { endpoints: ['ipsec-storage'] as never },
      "test/verification/verification: 'endpoints' (the list 'ipsec-storage') must be a list of ExternalIpsecEndpoints"],
    ['certificates that are none', { certificates: ['left_server'] as never },
      "test/verification/verification: 'certificates' (the list 'left_server') must be a list of constructs that bring certificates, "
        + 'such as CertImportMachineConfigs'],
  ])('%s', (_, props, prop) => {
    expect(() => proof(({ storage }) => ({ endpoints: [storage], ...props }))).toThrow(new Error(prop));
  });
});
