import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Yaml } from 'cdk8s';
import { importTexts, objectsOf, runProgram, sorted, typeProblems } from './running';
import {
  ExternalIpsecEndpoint, IpsecAutoconnect, IpsecCertificate, IpsecClusterConfig, IpsecConnectionType, IpsecGuard, IpsecMode, IpsecRollout,
  IpsecWarnings, NodeSelection, OpenShiftVersion, RhacmPolicies, RhacmPoliciesProps, RhacmRemediation, RhacmTemplate,
} from '../../src';
import { files, runExample } from '../examples/run-example';

afterAll(() => expect(typeProblems()).toEqual([]), 120_000);

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: policies}\n';

/** What is written for the hub, of a rollout with a guard before its endpoints and one of these made for each node. */
function hub(props: Partial<RhacmPoliciesProps> = {}): any[] {
  const rollout = new IpsecRollout(new App(), 'ipsec', { pools: ['worker', 'infra'] });
  IpsecWarnings.of(rollout).silence();
  const cluster = new IpsecClusterConfig(rollout.mode, 'cluster', {
    mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.16'), routingViaHost: true,
  });
  const endpoint = (name: string, remoteSubnet: string, left?: string) => new ExternalIpsecEndpoint(rollout.endpoints, name, {
    cluster,
    certificate: IpsecCertificate.fromNickname('left_server'),
    nodes: NodeSelection.role('worker'),
    interfaceName: `ipsec-${name}`,
    left,
    host: `${name}.example.com`,
    remoteSubnet,
    type: IpsecConnectionType.TUNNEL,
  });
  const [storage, backup] = [endpoint('storage', '192.0.2.0/24'), endpoint('backup', '198.51.100.0/24', RhacmTemplate.NODE_NAME)];
  endpoint('site', `${RhacmTemplate.clusterLabel('site')}/32`);
  new IpsecGuard(rollout.certificates, 'guard', { cluster, roles: ['worker', 'infra'], endpoints: [storage] });
  new IpsecAutoconnect(rollout.certificates, 'autoconnect', { cluster, roles: ['worker'], endpoints: [storage] });
  const app = new App();
  const { chart } = new RhacmPolicies(app, 'acm', { rollout, namespace: 'policies', clusterLabels: { ipsec: 'true' }, nodeEndpoints: [backup], ...props });
  return chart.toJson();
}

/** What writes each object now, of policies that come out as they went in. */
function trip(objects: readonly any[], more = '') {
  const text = Yaml.stringify(...objects) + (more && `---\n${more}`);
  const imported = importTexts({ 'hub.yaml': text });
  expect(sorted(runProgram(imported))).toEqual(sorted(objectsOf(text)));
  const { statements, text: program } = imported;
  return {
    program,
    made: statements.map(({ candidate, objects: written }) => `${candidate.name} of ${written.length}`),
    patched: statements.flatMap(({ patches }) => patches.flat().map(({ path }) => path)),
    plain: statements.flatMap(({ plain }) => plain ?? []),
  };
}

const TYPED = [
  'IpsecClusterConfig of 1', 'ExternalIpsecEndpoint of 1', 'IpsecGuard of 2', 'IpsecAutoconnect of 1', 'ExternalIpsecEndpoint of 1',
  'ExternalIpsecEndpoint of 1', 'RhacmPolicies of 5',
];

test('the policies of examples/acm.ts come back as the rollout that they are', () => {
  const folder = join(runExample('acm').folder, 'dist/hub');
  const texts = Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const password = Buffer.from(readFileSync(files.passwordFile, 'utf8').trimEnd());
  const imported = importTexts(texts, { version: OpenShiftVersion.of('4.18'), passwords: [{ file: 'the.password', password }] });
  expect(sorted(runProgram(imported, { 'the.password': password.toString() }))).toEqual(sorted(Object.values(texts).flatMap(objectsOf)));
  expect(imported.statements.map(({ candidate, objects }) => `${candidate.name} of ${objects.length}`)).toEqual([
    'NmstateOperator of 4', 'IpsecClusterConfig of 1', 'CertImportMachineConfig of 1', 'ExternalIpsecEndpoint of 1', 'RhacmPolicies of 7',
  ]);
  expect(imported.statements.flatMap(({ patches }) => patches.flat())).toEqual([]);
  expect(imported.text).toContain("const rollout = new IpsecRollout(new App(), 'ipsec', { pools: ['worker'] });");
  expect(imported.text).toContain('left: RhacmTemplate.NODE_NAME,');
});

test.each<[string, Partial<RhacmPoliciesProps>]>([
  ['as they are', {}],
  ['that only inform', { remediation: RhacmRemediation.INFORM }],
  ['for other clusters, called otherwise', { policyPrefix: 'storage.net', namespace: 'other', clusterLabels: { 'example.com/site': 'oslo', 'a': '' } }],
])('policies %s, with what refers to endpoints of a later stage, come back', (_, props) => {
  const { made, patched, plain } = trip(hub(props));
  expect([made, patched, plain]).toEqual([TYPED, [], []]);
});

test('what lies in the same file goes into a chart of its own', () => {
  expect(trip(hub(), NAMESPACE).made.sort()).toEqual(['ApiObject of 1', ...TYPED].sort());
});

test('what somebody added to the policies is patched into them', () => {
  const objects = hub();
  const [first] = objects;
  first.metadata.annotations = { 'policy.open-cluster-management.io/standards': 'NIST SP 800-53' };
  first.spec['policy-templates'][0].objectDefinition.spec.evaluationInterval = { compliant: '1h' };
  const { made, patched } = trip(objects);
  expect(made).toEqual(TYPED);
  expect(patched).toEqual(['/metadata/annotations', '/spec/policy-templates/0/objectDefinition/spec/evaluationInterval']);
});

const NOT_OURS = "it is not one of a rollout as RhacmPolicies writes it: a Policy for each stage, called '<rollout>-<stage>' with a stage of "
  + "operator, nmstate, certificates, mode, endpoints, verification, and a Placement and a PlacementBinding called '<rollout>', all in one "
  + 'namespace';

describe('policies stay plain objects, and it is said why', () => {
  const find = (objects: any[], kind: string, name = 'ipsec') => objects.find(({ kind: each, metadata }) => each === kind && metadata.name === name);
  const template = (objects: any[], stage: string, name = `ipsec-${stage}`) => find(objects, 'Policy', `ipsec-${stage}`)
    .spec['policy-templates'].map(({ objectDefinition }: any) => objectDefinition).find(({ metadata }: any) => metadata.name === name).spec;

  test.each<[string, (objects: any[]) => unknown, string]>([
    ['their Placement selects clusters in another way', (objects) => { find(objects, 'Placement').spec = { clusterSets: ['a'] }; },
      "Placement 'ipsec' selects clusters in another way than by 'matchLabels', which is all that RhacmPolicies writes"],
    ['there is none', (objects) => objects.splice(objects.findIndex(({ kind }) => kind === 'Placement'), 1), NOT_OURS],
    ['a stage is of another library', (objects) => objects.push({ ...objects[0], metadata: { name: 'ipsec-other', namespace: 'policies' } }), NOT_OURS],
    ['a stage has more than a rollout', (objects) => objects[0].spec['policy-templates'].push({ objectDefinition: { kind: 'IamPolicy' } }),
      "RhacmPolicies writes Policy 'ipsec-certificates' in another way (/spec/policy-templates)"],
    ['an object must not be there', (objects) => { template(objects, 'mode')['object-templates'][0].complianceType = 'mustnothave'; },
      "RhacmPolicies writes Policy 'ipsec-mode' in another way (/spec/policy-templates/0/objectDefinition/spec/object-templates/0/complianceType)"],
    ['one stage is enforced and another is not', (objects) => { template(objects, 'mode').remediationAction = 'inform'; },
      "RhacmPolicies writes Policy 'ipsec-mode' in another way (/spec/policy-templates/0/objectDefinition/spec/remediationAction)"],
    ['a template over nodes is another', (objects) => {
      const raw = template(objects, 'endpoints', 'ipsec-endpoints-ipsec-backup');
      raw['object-templates-raw'] = raw['object-templates-raw'].replace('range $node', 'range $each');
    }, "RhacmPolicies writes Policy 'ipsec-endpoints' in another way (/spec/policy-templates)"],
    ['what is made for each node is none of ours', (objects) => {
      const raw = template(objects, 'endpoints', 'ipsec-endpoints-ipsec-backup');
      raw['object-templates-raw'] = raw['object-templates-raw'].replace('type: ipsec', 'type: ethernet');
    }, 'what it makes for each node is no connection that ExternalIpsecEndpoint writes: the library has no construct for it'],
    ['their pools can be none', (objects) => { template(objects, 'mode', 'ipsec-mode-pools')['object-templates'][0].objectDefinition.metadata.name = 'A b'; },
      expect.stringMatching(/^ipsec: 'pools' .*'A b'/) as unknown as string],
  ])('where %s', (_, change, why) => {
    const objects = JSON.parse(JSON.stringify(hub()));
    change(objects);
    const { plain, made } = trip(objects);
    expect(plain).toContainEqual(why);
    if (why !== NOT_OURS) expect(made).toEqual(Array(5).fill('ApiObject of 1'));
  });

  test('where they are another rollout than the first', () => {
    const { made, plain } = trip([...hub(), ...hub({ policyPrefix: 'second' })]);
    expect(made.sort()).toEqual([...TYPED, ...Array(5).fill('ApiObject of 1')].sort());
    expect(plain).toEqual(Array(5).fill(
      "the policies of rollout 'ipsec' are in the program already, and a program has one: import these from a folder of their own"));
  });

  test('where somebody wrote them by hand', () => {
    const { plain } = trip(objectsOf(`
apiVersion: policy.open-cluster-management.io/v1
kind: Policy
metadata: {name: policy-ipsec, namespace: policies}
spec:
  remediationAction: enforce
  disabled: false
  policy-templates:
  - objectDefinition:
      apiVersion: policy.open-cluster-management.io/v1
      kind: ConfigurationPolicy
      metadata: {name: policy-ipsec}
      spec:
        remediationAction: enforce
        severity: low
        object-templates:
        - complianceType: musthave
          objectDefinition:
            apiVersion: operator.openshift.io/v1
            kind: Network
            metadata: {name: cluster}
            spec: {defaultNetwork: {ovnKubernetesConfig: {ipsecConfig: {mode: External}, gatewayConfig: {routingViaHost: true}}}}
---
apiVersion: cluster.open-cluster-management.io/v1beta1
kind: Placement
metadata: {name: placement-ipsec, namespace: policies}
spec: {}
`));
    expect(plain).toEqual([NOT_OURS, NOT_OURS]);
  });
});
