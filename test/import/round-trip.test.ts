import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { importTexts, objectsOf, runProgram, sorted, typeProblems } from './running';
import { demo } from '../../examples/demo';
import { OpenShiftVersion } from '../../src';
import { ImportRefused } from '../../src/import/import';
import { CONFIGURATION_POLICY, ENABLE_IPSEC, ORIGIN_E2E } from '../check/telco';
import { makeCa, makeLeaf, makePkcs12 } from '../pki';

const ROOT = join(__dirname, '..', '..');
const CASES = join(__dirname, '../check/wild-cases');
const SHARED = join(ROOT, '..', '..', 'shared', 'wild-cases');

function yamlBelow(folder: string): { [name: string]: string } {
  const names = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => /\.ya?ml$/.test(name)).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** What is applied of texts: the objects in them, Lists taken apart. */
function applied(texts: { readonly [name: string]: string }): any[] {
  const flat = (object: any): any[] => (object?.kind === 'List' ? object.items.flatMap(flat) : object?.kind && object.apiVersion ? [object] : []);
  return Object.values(texts).flatMap(objectsOf).flatMap(flat);
}

interface Trip { readonly constructs: string[]; readonly whys: string[]; readonly instead: string[]; readonly text: string }

function roundTrip(texts: { readonly [name: string]: string }, request = {}): Trip {
  const imported = importTexts(texts, request);
  expect(sorted(runProgram(imported))).toEqual(sorted(applied(texts)));
  const { statements, text } = imported;
  return {
    text,
    constructs: statements.flatMap(({ objects, candidate }) => objects.map(({ object }) => `${String(object.kind)}: ${candidate.name}`)),
    instead: statements.flatMap(({ instead }) => instead ?? []),
    whys: statements.flatMap(({ plain }) => plain ?? []),
  };
}

afterAll(() => expect(typeProblems()).toEqual([]), 120_000);

describe('what people have comes out as it went in', () => {
  const folders = [CASES, ...existsSync(SHARED) ? [SHARED] : []];
  const cases = folders.flatMap((folder) => readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))).filter((folder) => readdirSync(folder).includes('input.yaml'));

  test.each(cases.map((folder): [string, string] => [folder.slice(-60), folder]))('%s', (_, folder) => {
    const texts = { 'input.yaml': readFileSync(join(folder, 'input.yaml'), 'utf8') };
    // A template that nobody has filled in, and what is no object of Kubernetes.
    if (applied(texts).length === 0 || folder.endsWith('jinja-role-label')) {
      expect(() => importTexts(texts)).toThrow(ImportRefused);
    } else {
      roundTrip(texts);
    }
  });

  test("telco's Network object and policies", () => {
    expect(roundTrip({ 'a.yaml': ENABLE_IPSEC, 'b.yaml': CONFIGURATION_POLICY, 'c.yaml': ORIGIN_E2E })).toMatchObject({
      constructs: ['Network: IpsecClusterConfig', 'ConfigurationPolicy: ApiObject', 'NodeNetworkConfigurationPolicy: ExternalIpsecEndpoint'],
      whys: [expect.stringMatching(/^it is not one of a rollout as RhacmPolicies writes it: /)],
    });
  });
});

describe('our own manifests', () => {
  test('of the demo, and the constructs are the ones that made them', () => {
    const out = mkdtempSync(join(tmpdir(), 'import-demo-'));
    demo([], out);
    const password = readFileSync(join(out, 'pki', 'left_server.password'), 'utf8').trimEnd();
    const texts = yamlBelow(join(out, 'manifests'));
    const imported = importTexts(texts, { passwords: [{ file: 'the.password', password: Buffer.from(password) }] });
    expect(sorted(runProgram(imported, { 'the.password': `${password}\n` }))).toEqual(sorted(applied(texts)));
    expect(imported.statements.map(({ candidate, objects }) => `${candidate.name} of ${objects.length}`)).toEqual([
      'IpsecClusterConfig of 1', 'CertImportMachineConfig of 2', 'ExternalIpsecEndpoint of 1', 'ExternalIpsecEndpoint of 1',
    ]);
    expect(imported.statements.flatMap(({ patches, added }) => [...patches.flat(), ...added])).toEqual([]);
    expect(imported.text).not.toContain(password);
    expect(imported.text).toContain('certificate,\n');
  });

  test('of the demo without its password are MachineConfigs by their files, and the import says what to give', () => {
    const out = mkdtempSync(join(tmpdir(), 'import-demo-'));
    demo([], out);
    const { instead } = roundTrip(yamlBelow(join(out, 'manifests')));
    expect(instead[0]).toMatch(/does not open without a password: .*passwordFile/);
  });
});

describe('the documented procedure', () => {
  const ca = makeCa();
  const leaf = makeLeaf({ ca });
  const butane = readFileSync(join(__dirname, '../documented.test.ts'), 'utf8').match(/const BUTANE = `([^]*?)^`/m)![1];
  const policy = readFileSync(join(__dirname, '../documented.test.ts'), 'utf8').match(/const TRANSPORT = `([^]*?)^`/m)![1]
    .replace('<hostname>', 'worker-0.example.com').replace('<interface_name>', 'ipsec-storage').replace('<cluster_node>', '192.0.2.1')
    .replace('<external_host>', 'host.example.com').replace('<external_address>', '10.1.2.3');
  const texts = {
    ...Object.fromEntries(['master', 'worker'].map((role) =>
      [`99-${role}.bu`, butane.replace('\\${role}', role).replace('${role}', role).replace('$role', role)])),
    'ca.pem': ca.pem,
    'left_server.p12': makePkcs12({ identity: leaf, friendlyName: 'left_server', password: '' }),
    'policy.yaml': policy,
    'network.yaml': ENABLE_IPSEC,
  };

  test('becomes four constructs, with annotations as the only difference', () => {
    const imported = importTexts(texts, { version: undefined });
    expect(imported.statements.map(({ candidate, added, patches }) => [candidate.name, added.length, patches.flat().length])).toEqual([
      ['IpsecClusterConfig', 0, 0], ['CertImportMachineConfig', 6, 0], ['CertImportMachineConfig', 6, 0], ['ExternalIpsecEndpoint', 0, 0],
    ]);
    expect(imported.text).not.toMatch(/BEGIN|MII[A-Za-z0-9]{20}/);
    expect([...imported.files.keys()]).toEqual(['app-files/ca.pem', 'app-files/left_server.p12']);
    const written = runProgram(imported);
    const [master] = written.filter(({ metadata }) => metadata.name === '99-master-import-certs');
    const storage = Object.fromEntries(master.spec.config.storage.files.map(({ path, mode }: any) => [path, mode]));
    expect(storage).toEqual({ '/etc/pki/certs/ca.pem': 0o400, '/etc/pki/certs/left_server.p12': 0o400, '/usr/local/bin/ipsec-addcert.sh': 0o740 });
    expect(sorted(written.filter(({ kind }) => kind !== 'MachineConfig'))).toEqual(sorted(applied({ a: policy, b: ENABLE_IPSEC })));
  });
});

describe('what is near a construct', () => {
  const POLICY = readFileSync(join(CASES, 'proposals-that-are-right/input.yaml'), 'utf8').split('---')[0];

  test('is patched to what it was, and nothing is lost', () => {
    const labelled = POLICY.replace('metadata:\n', 'metadata:\n  labels: {team: "a\'b`c${d}"}\n').replace('type: ipsec\n', 'type: ipsec\n        ipv4: {enabled: true, dhcp: true}\n');
    const { constructs, text } = roundTrip({ 'a.yaml': labelled });
    expect(constructs).toEqual(['NodeNetworkConfigurationPolicy: ExternalIpsecEndpoint']);
    expect(text).toContain('addJsonPatch');
  });

  test('a tunnel that is absent is a removal', () => {
    const absent = 'apiVersion: nmstate.io/v1\nkind: NodeNetworkConfigurationPolicy\nmetadata: {name: x}\nspec:\n  desiredState:\n    interfaces:\n    - {name: x, type: ipsec, state: absent}\n';
    expect(roundTrip({ 'a.yaml': absent }).constructs).toEqual(['NodeNetworkConfigurationPolicy: IpsecTunnelRemoval']);
  });

  test('lists are taken apart, and what the cluster wrote is left out', () => {
    const item = '{apiVersion: v1, kind: ConfigMap, metadata: {name: a, uid: x, resourceVersion: "1", creationTimestamp: null}, data: {k: v}, status: {}}';
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${item}\n- {apiVersion: v1, kind: List, items: [${item.replace('name: a', 'name: b')}]}\n`;
    const { statements } = importTexts({ 'a.yaml': list });
    expect(statements.map(({ objects: [{ leftOut }] }) => leftOut)).toEqual(Array(2).fill([
      'status', 'metadata.creationTimestamp', 'metadata.resourceVersion', 'metadata.uid',
    ]));
    roundTrip({ 'a.yaml': list });
  });

  test('nulls, empty maps, names that are none and deep apiVersions come through', () => {
    roundTrip({
      'a.yaml': 'apiVersion: a/b/c\nkind: X\nmetadata: {generateName: y, labels: {}, finalizers: []}\nspec: {a: null, b: [null, {}], constructor: {x: 1}}\n',
      'b.yaml': 'apiVersion: v1\nkind: X\nmetadata: null\nspec: [1, "012", "yes", "1e3", 1.5, "\\u2028", "a\\tb"]\n',
    });
  });
});

describe('an import is refused', () => {
  test.each<[string, { [name: string]: string }, RegExp]>([
    ['where a file is no YAML', { 'a.yaml': 'a: [\n' }, /^\S+a\.yaml:\d+:\d+: is broken YAML: /],
    ['where there is nothing', { 'a.txt': '' }, /has no Kubernetes object and no Butane config: name their folder$/],
    ['where a Butane config is refused', { 'a.bu': 'variant: openshift\nversion: 4.16.0\nx: 1\nmetadata: {name: a}\n' }, /a\.bu: .*error at \$\.metadata/],
    ['where a number is too long', { 'a.yaml': 'apiVersion: v1\nkind: X\nmetadata: {name: a}\nspec: {count: 12345678901234567890}\n' },
      /X 'a' has a number at '\/spec\/count' of more digits than a program keeps: quote it where it is a text, or keep this file as it is$/],
    ['where a number is none', { 'a.yaml': 'apiVersion: v1\nkind: X\nmetadata: {name: a}\nspec: {count: .nan}\n' },
      /X 'a' has NaN at '\/spec\/count', which no manifest can hold: take it out$/],
  ])('%s', (_, texts, message) => {
    expect(() => importTexts(texts)).toThrow(ImportRefused);
    expect(() => importTexts(texts)).toThrow(message);
  });

  test('without a release that anything names', () => {
    expect(() => importTexts({ 'a.yaml': ENABLE_IPSEC }, { version: undefined })).toThrow(
      "what was read does not say the cluster's release, which decides what may be written: give '--openshift-version', "
      + "such as --openshift-version 4.16 ('oc get clusterversion' prints it)");
    expect(OpenShiftVersion.of('4.16').toString()).toBe('4.16');
  });
});
