import { gzipSync } from 'zlib';
import { stringify } from 'yaml';
import { checkInputs } from '../../src/check/check';
import { external, machineConfig, Plain, policy } from '../rules/documents';

const yaml = (...documents: unknown[]) => documents.map((document) => stringify(document, { version: '1.1' })).join('---\n');
const check = (text: string, name = 'x.yaml', named = true) => checkInputs([{ name, text, named }]);
const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));
const configMap = (data: Plain, rest: Plain = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'manifests', namespace: 'spoke-1' },
  data,
  ...rest,
});
const broken = policy({ type: 'x' });
const OF_TYPE = 'libreswan-option-value';

/** Pointer, the rest of the line from the column on, and the name of the object. */
function places(text: string): unknown[] {
  return check(text).findings.filter(({ rule }) => rule === OF_TYPE)
    .map(({ path, line, column, object }) => [path, text.split('\n')[line - 1].slice(column - 1), object.name]);
}

describe('the place of a finding inside a text', () => {
  const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: manifests\ndata:\n';

  test('is its own line and column where the text stands there line by line', () => {
    expect(places(`${head}  a.yaml: |\n${indent(yaml(external(), broken), 4)}`)).toEqual([['/data/a.yaml', 'x', 'ipsec-storage']]);
    expect(places(`${head}  a.yaml: |-\n${indent(`\n# first\n${yaml(broken)}`, 4)}`)).toEqual([['/data/a.yaml', 'x', 'ipsec-storage']]);
    expect(places(`${head}  a.yaml: |2\n${indent(yaml(broken), 4)}`.replace('|2', '|'))).toEqual([['/data/a.yaml', 'x', 'ipsec-storage']]);
    expect(places(`${head}  a.yaml: |\n${indent(yaml(broken), 4)}`.replaceAll('\n', '\r\n'))).toEqual([
      ['/data/a.yaml', 'x\r', 'ipsec-storage'],
    ]);
  });

  test('is its own line also in a text inside a text', () => {
    const inner = `${head}  b.yaml: |\n${indent(yaml(broken), 4)}`;
    expect(places(`${head}  a.yaml: |\n${indent(inner, 4)}`)).toEqual([['/data/a.yaml', 'x', 'ipsec-storage']]);
  });

  test('is the field where the text has no lines of its own', () => {
    expect(places(`${head}  a.yaml: ${JSON.stringify(yaml(broken))}\n`)).toEqual([
      ['/data/a.yaml', JSON.stringify(yaml(broken)), 'ipsec-storage'],
    ]);
    const folded = `${head}  a.json: >\n    ${JSON.stringify(broken)}\n`;
    expect(places(folded)).toEqual([['/data/a.json', '>', 'ipsec-storage']]);
    const encoded = Buffer.from(yaml(broken)).toString('base64');
    expect(places(yaml({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: encoded } }))).toEqual([
      ['/data/a', expect.any(String), 'ipsec-storage'],
    ]);
  });

  test('is the line where a template stands in it', () => {
    const raw = indent(
      `{{- range $i := list 1 2 }}\n- complianceType: musthave\n  objectDefinition:\n${indent(yaml(broken), 4)}{{- end }}\n`,
      4,
    );
    const text = 'apiVersion: policy.open-cluster-management.io/v1\nkind: ConfigurationPolicy\nmetadata:\n  name: '
      + `c\nspec:\n  object-templates-raw: |\n${raw}`;
    expect(places(text)).toEqual([['/spec/object-templates-raw', 'x', 'ipsec-storage']]);
    expect(places(text.replace('type: x', 'type: x{{/* why */}}'))).toEqual([]);
  });

  test('shows no secret of a Secret', () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      stringData: { 'a.yaml': yaml(policy({ psk: 'hunter2', type: 'x' })) },
    };
    for (const text of [yaml(secret), JSON.stringify(secret)]) {
      const { findings } = check(text);
      expect(findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['psk-in-manifest', OF_TYPE]));
      expect(findings.map(({ excerpt, message }) => excerpt.text + message).join()).not.toContain('hunter2');
    }
  });
});

describe('a state in a file of a MachineConfig', () => {
  const state = stringify(broken.spec.desiredState);
  const ids = (file: Plain, units: Plain[] = []) => {
    const { findings } = check(yaml(machineConfig({ files: [file], units })));
    return findings.map(({ rule, path }) => [rule, path]);
  };

  test('is judged in whatever encoding, where nmstate reads it', () => {
    const found = expect.arrayContaining([[OF_TYPE, '/spec/config/storage/files/0/contents/source']]);
    const gzip = { compression: 'gzip', source: `data:;base64,${gzipSync(state).toString('base64')}` };
    expect(ids({ path: '/etc/nmstate/tunnel.yml', mode: 384, contents: gzip })).toEqual(found);
    expect(ids({ path: '/etc/nmstate/tunnel.yml', mode: 384, contents: { source: `data:,${encodeURIComponent(state)}` } })).toEqual(found);
    expect(
      ids({ path: '/etc/tunnel', mode: 384, contents: gzip }, [
        { name: 'a.service', contents: 'ExecStart=/usr/bin/nmstatectl apply /etc/tunnel\n' },
      ]),
    ).toEqual(found);
    expect(ids({ path: '/etc/tunnel', mode: 384, contents: gzip })).toEqual([]);
  });
});

describe('an object inside another', () => {
  test('is acknowledged by an annotation on what holds it', () => {
    const annotations = { 'ipsec.cdk8s.io/acknowledge.libreswan-option-value': 'known' };
    const { findings, summary } = check(yaml(configMap({ a: yaml(broken) }, { metadata: { name: 'manifests', annotations } })));
    expect([findings.map(({ rule }) => rule), summary.acknowledged]).toEqual([['certificate-nickname'], 1]);
  });

  test('is no conflict with the same object kept as it is', () => {
    const ids = check(yaml(policy(), configMap({ a: yaml(policy()) }))).findings.map(({ rule }) => rule);
    expect(ids).toEqual(['certificate-nickname']);
  });

  test('is not looked for without end', () => {
    let text = yaml(broken);
    for (let i = 0; i < 12; i++) text = yaml(configMap({ a: text }));
    expect(check(text).findings).toEqual([]);
    let work: unknown = broken;
    for (let i = 0; i < 12; i++) work = { apiVersion: 'v1', kind: 'List', items: [work] };
    expect(check(JSON.stringify(work)).findings).toEqual([]);
  });
});

describe('silence', () => {
  test('says how many objects were judged, those inside others among them and their holders not', () => {
    const { summary } = check(
      yaml(external(), configMap({ a: yaml(policy(), machineConfig()) }), configMap({ b: 'x' }), {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'n' },
      }),
    );
    expect(summary).toMatchObject({ objects: 5, judged: 3 });
  });

  test.each<[string, string, string, string[]]>([
    [
      'a file without an object',
      'x.yaml',
      'a: 1\n',
      ["'x.yaml' holds no Kubernetes object and no nmstate state with IPsec, so that nothing in it is judged"],
    ],
    [
      'an empty one',
      'x.yaml',
      '',
      ["'x.yaml' holds no Kubernetes object and no nmstate state with IPsec, so that nothing in it is judged"],
    ],
    [
      'a Butane config',
      'x.bu',
      'variant: openshift\nversion: 4.16.0\n',
      ["'x.bu' is a Butane config, in which nothing is judged: check what 'openshift-ipsec butane' makes of it"],
    ],
    [
      'one by another name',
      'x.yaml',
      'variant: openshift\nversion: 4.16.0\n',
      ["'x.yaml' is a Butane config, in which nothing is judged: check what 'openshift-ipsec butane' makes of it"],
    ],
    ['a file with an object', 'x.yaml', yaml(external()), []],
    ['manifests that are broken', 'x.yaml', yaml(configMap({ 'a.yaml': 'kind: MachineConfig\na: [\n' })),
      ["'/data/a.yaml' of ConfigMap 'manifests' looks like manifests and was not judged: it is broken YAML"]],
    ['manifests in JSON that are broken', 'x.yaml', yaml(configMap({ 'a.json': '{"kind": "MachineConfig"' })),
      ["'/data/a.json' of ConfigMap 'manifests' looks like manifests and was not judged: it is broken YAML"]],
    ['a template that is no YAML', 'x.yaml', yaml(configMap({ 'a.yaml': 'kind: MachineConfig\na: [{{ x }}\n' })),
      [
        "'/data/a.yaml' of ConfigMap 'manifests' looks like manifests and was not judged: it is a template, "
          + 'which is YAML only once it is filled in',
      ]],
    ['a text that is something else', 'x.yaml', yaml(configMap({ 'ipsec.conf': 'conn a\n\tleft: [ipsec\n' })), []],
  ])('is explained: %s', (_, name, text, expected) => {
    expect(check(text, name).notes).toEqual(expected);
  });

  test('is not explained for files that nobody named', () => {
    expect(check('a: 1\n', 'x.yaml', false).notes).toEqual([]);
  });
});

describe('an object that is there twice', () => {
  const twice = (one: unknown, other: unknown, name = 'b.yaml') =>
    checkInputs([
      { name: 'a.yaml', text: yaml(one) },
      { name, text: yaml(other) },
    ])
      .findings.filter(({ rule }) => rule === 'object-duplicate')
      .map(({ message, fix }) => [message, fix]);

  test('is told with the other file; a Network object has no other name', () => {
    expect(twice(external(), external())).toEqual([[
      "Network 'cluster' is there twice, here and in 'a.yaml': one call is one cluster, "
        + 'and the cluster keeps only the one that is applied last',
      'Keep one of them, with what both say; where they are for two clusters, check each cluster in a call of its own.',
    ]]);
    expect(twice(policy(), policy())).toEqual([[
      "NodeNetworkConfigurationPolicy 'ipsec-storage' is there twice, here and in 'a.yaml': one call is one cluster, "
        + 'and the cluster keeps only the one that is applied last',
      'Give one of them another name; where they are for two clusters, check each cluster in a call of its own.',
    ]]);
  });

  test('is told in one file too', () => {
    expect(check(yaml(external(), external())).findings.map(({ message }) => message)).toContain(
      "Network 'cluster' is there twice, both times in this file: one call is one cluster, "
        + 'and the cluster keeps only the one that is applied last');
  });
});
