import { ApiObject, App } from 'cdk8s';
import {
  ExternalIpsecEndpoint,
  IpsecConnectionType,
  NodeSelection,
  RhacmPolicies,
  RhacmPoliciesProps,
  RhacmRemediation,
  RhacmTemplate,
} from '../../../src';
import { objectsOf } from '../../../src/constructs/rollout/written-objects';
import { filledRollout } from '../rollout/filled';

function acm(props: Partial<RhacmPoliciesProps> = {}, filled = filledRollout({})) {
  const construct = new RhacmPolicies(new App(), 'acm', {
    rollout: filled.rollout,
    namespace: 'policies',
    clusterLabels: { ipsec: 'true' },
    ...props,
  });
  const objects = objectsOf(construct.chart).map((object) => object.toJson());
  const templates = objects
    .filter(({ kind }) => kind === 'Policy')
    .flatMap(({ spec }) => spec['policy-templates'].map(({ objectDefinition }: any) => objectDefinition));
  return { construct, objects, templates, enforced: templates.flatMap(({ spec }) => spec['object-templates'] ?? []) };
}

test('one Policy a stage, each after the one before, and one placement for all', () => {
  const { construct, objects } = acm();
  expect(construct.policyNames).toEqual([
    'ipsec-operator',
    'ipsec-nmstate',
    'ipsec-certificates',
    'ipsec-mode',
    'ipsec-endpoints',
    'ipsec-verification',
  ]);
  const policies = objects.filter(({ kind }) => kind === 'Policy');
  expect(policies.map(({ spec }) => spec.dependencies?.map(({ name, compliance }: any) => `${name} ${compliance}`))).toEqual([
    undefined, ['ipsec-operator Compliant'], ['ipsec-nmstate Compliant'], ['ipsec-certificates Compliant'], ['ipsec-mode Compliant'],
    ['ipsec-endpoints Compliant'],
  ]);
  expect(objects.slice(-2)).toEqual([
    {
      apiVersion: 'cluster.open-cluster-management.io/v1beta1',
      kind: 'Placement',
      metadata: { name: 'ipsec', namespace: 'policies' },
      spec: { predicates: [{ requiredClusterSelector: { labelSelector: { matchLabels: { ipsec: 'true' } } } }] },
    },
    {
      apiVersion: 'policy.open-cluster-management.io/v1',
      kind: 'PlacementBinding',
      metadata: { name: 'ipsec', namespace: 'policies' },
      placementRef: { apiGroup: 'cluster.open-cluster-management.io', kind: 'Placement', name: 'ipsec' },
      subjects: construct.policyNames.map((name) => ({ apiGroup: 'policy.open-cluster-management.io', kind: 'Policy', name })),
    },
  ]);
});

test('everything is musthave, and MachineConfig alone mustonlyhave, without a record of what differs', () => {
  const { enforced } = acm();
  expect(enforced.length).toBeGreaterThan(10);
  for (const { complianceType, metadataComplianceType, recordDiff, objectDefinition: { kind } } of enforced) {
    expect([kind, complianceType, metadataComplianceType, recordDiff]).toEqual(
      kind === 'MachineConfig' ? [kind, 'mustonlyhave', 'musthave', 'None'] : [kind, 'musthave', undefined, undefined],
    );
  }
});

test('what looks at a state only informs, also where the rest only informs', () => {
  const gates = ({ templates }: ReturnType<typeof acm>) =>
    templates
      .filter(({ metadata }) => /-(?:pools|available)$/.test(metadata.name))
      .map(({ metadata, spec }) => [metadata.name, spec.remediationAction]);
  expect(gates(acm())).toEqual([['ipsec-mode-pools', 'inform'], ['ipsec-endpoints-available', 'inform']]);
  expect(new Set(acm({ remediation: RhacmRemediation.INFORM }).templates.map(({ spec }) => spec.remediationAction))).toEqual(
    new Set(['inform']),
  );
  const pools = acm().templates.find(({ metadata }) => metadata.name === 'ipsec-mode-pools').spec['object-templates'];
  expect(
    pools.map(({ objectDefinition: { metadata, status } }: any) => [
      metadata.name,
      status.configuration.source.map(({ name }: any) => name),
    ]),
  ).toEqual([['worker', ['99-worker-import-certs', '80-ipsec-worker-extensions']]]);
});

test('the braces of a script are no template of RHACM', () => {
  const { templates } = acm();
  const disabled = templates
    .filter(({ metadata }) => metadata.annotations?.['policy.open-cluster-management.io/disable-templates'] === 'true')
    .map(({ metadata }) => metadata.name);
  expect(disabled).toEqual(['ipsec-verification']);
});

describe('a Secret of the hub, which the cluster must decrypt', () => {
  const DISABLED = 'policy.open-cluster-management.io/disable-templates';
  const SECRET = RhacmTemplate.hubSecret('policies', 'left-server', 'ca.pem');
  const certificates = (...data: string[]) => {
    const filled = filledRollout({});
    data.forEach((value, i) => new ApiObject(filled.rollout.certificates, `extra-${i}`, {
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `extra-${i}`, namespace: 'ipsec' }, data: { value },
    }));
    return acm({}, filled).templates.filter(({ metadata }) => metadata.name.startsWith('ipsec-certificates')).map(({ metadata, spec }) => [
      metadata.name, metadata.annotations?.[DISABLED], ...spec['object-templates'].map(({ objectDefinition }: any) => objectDefinition.metadata.name),
    ]);
  };
  const machineConfigs = ['99-master-import-certs', '99-worker-import-certs'];

  test('is apart from braces, for whose sake templates are off', () => {
    expect(certificates(SECRET, '{{.kind}}')).toEqual([
      ['ipsec-certificates', undefined, 'extra-0'],
      ['ipsec-certificates-literal', 'true', ...machineConfigs, 'extra-1'],
    ]);
  });

  test('is with all the others where there are none', () => {
    expect(certificates(SECRET, 'text')).toEqual([['ipsec-certificates', undefined, ...machineConfigs, 'extra-0', 'extra-1']]);
    expect(certificates('{{.kind}}')).toEqual([['ipsec-certificates', 'true', ...machineConfigs, 'extra-0']]);
  });

  test('is refused in one object with braces', () => {
    expect(() => certificates(`${SECRET}{{.kind}}`)).toThrow(new Error(
      "acm: ConfigMap 'extra-0' has a Secret of the hub, and braces of its own ('{{'), and RHACM can't decrypt the one and leave the other "
        + 'as it is: put the braces into another object',
    ));
  });
});

test('an endpoint of a role becomes a template over the nodes that the cluster has', () => {
  const filled = filledRollout({});
  const gateway = new ExternalIpsecEndpoint(filled.rollout.endpoints, 'gateway', {
    cluster: filled.cluster,
    certificate: filled.certificate,
    nodes: NodeSelection.role('worker'),
    interfaceName: 'ipsec-gateway',
    left: RhacmTemplate.NODE_NAME,
    host: '192.0.2.20',
    type: IpsecConnectionType.TRANSPORT,
  });
  const { templates } = acm({ nodeEndpoints: [gateway] }, filled);
  const raw = templates.find(({ metadata }) => metadata.name === 'ipsec-endpoints-ipsec-gateway').spec['object-templates-raw'];
  expect(raw.split('\n')[0]).toBe('{{- range $node := (lookup "v1" "Node" "" "" "node-role.kubernetes.io/worker").items }}');
  expect(raw.trimEnd().split('\n').at(-1)).toBe('{{- end }}');
  expect(
    templates
      .find(({ metadata }) => metadata.name === 'ipsec-endpoints')
      .spec['object-templates'].map(({ objectDefinition }: any) => objectDefinition.metadata.name),
  ).toEqual(['ipsec-storage']);
});

test.each<[string, Partial<RhacmPoliciesProps>, string]>([
  [
    'a name too long for a label',
    { namespace: 'n'.repeat(50) },
    `'policyPrefix' ('ipsec') makes '${'n'.repeat(50)}.ipsec-operator' of 65 characters, and RHACM takes 63, `
      + 'because it is a label on the clusters: '
      + 'shorten it, or the namespace',
  ],
  [
    'every cluster',
    { clusterLabels: {} },
    "'clusterLabels' (an empty map) would select every managed cluster: name a label, such as { ipsec: 'true' }",
  ],
  [
    "a label value that can't be one",
    { clusterLabels: { ipsec: 'a b' } },
    "'clusterLabels' has 'ipsec' with the value 'a b', which no label can have: at most 63 letters, digits, '-', '_' and '.'",
  ],
  [
    'another way to have objects',
    { complianceType: 'mustonlyhave' } as object,
    "'complianceType' is no prop of RhacmPolicies, and would have no effect: it takes rollout, namespace, clusterLabels, "
      + 'remediation, nodeEndpoints, policyPrefix',
  ],
])('%s is refused', (_, props, message) => {
  expect(() => acm(props)).toThrow(new Error(`acm: ${message}`));
});

test('an endpoint for each node without a role is refused', () => {
  const filled = filledRollout({});
  const host = new ExternalIpsecEndpoint(filled.rollout.endpoints, 'host', {
    cluster: filled.cluster,
    certificate: filled.certificate,
    nodes: NodeSelection.hostname('worker-0.example.com'),
    interfaceName: 'ipsec-host',
    host: '192.0.2.20',
    type: IpsecConnectionType.TRANSPORT,
  });
  expect(() => acm({ nodeEndpoints: [host] }, filled)).toThrow(
    new Error(
      "acm: 'nodeEndpoints' has ipsec/endpoints/host, which does not select its nodes by a role: give it NodeSelection.role('worker')",
    ),
  );
});

describe('template values', () => {
  test('are what RHACM fills in', () => {
    expect([
      RhacmTemplate.NODE_NAME,
      RhacmTemplate.CLUSTER_NAME,
      RhacmTemplate.clusterLabel('region'),
      RhacmTemplate.hubSecret('policies', 'ipsec', 'left_server.p12'),
    ]).toEqual([
      '{{ $node.metadata.name }}',
      '{{hub .ManagedClusterName hub}}',
      '{{hub index .ManagedClusterLabels "region" hub}}',
      '{{hub fromSecret "policies" "ipsec" "left_server.p12" hub}}',
    ]);
  });

  test.each([
    [
      () => RhacmTemplate.hubSecret('policies', 'a" "b', 'k'),
      "'name' ('a\" \"b') must be the name of an object: lower-case letters, digits, '-' and '.'",
    ],
    [
      () => RhacmTemplate.hubSecret('policies', 'a', 'k" "'),
      "'key' ('k\" \"') must be a key of a Secret: letters, digits, '-', '_' and '.'",
    ],
    [() => RhacmTemplate.clusterLabel('a" "'), "'name' ('a\" \"') must be the name of a label: letters, digits, '-', '_', '.' and '/'"],
  ])('never hold what would end them', (make, message) => {
    expect(make).toThrow(new Error(message));
  });
});
