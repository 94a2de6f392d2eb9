import { App, Chart, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { CONFIGURATION_POLICY, ENABLE_IPSEC, ORIGIN_E2E, RELEASE_STEP } from './telco';
import {
  CertImportMachineConfig, EndpointState, ExternalIpsecEndpoint, ImportScript, IpsecClusterConfig, IpsecConnectionType, IpsecEncapsulation,
  IpsecMode, IpsecWarnings, NodeSelection, OpenShiftVersion, PeerIdentity, Platform,
} from '../../src';
import { checkInputs } from '../../src/check/check';
import type { JudgeOptions } from '../../src/documents/facts';
import { LIBRESWAN_OPTIONS } from '../../src/openshift/libreswan-options';
import { valuesOf } from '../../src/openshift/libreswan-values';
import { bundle, caCertificates } from '../constructs/certificates/fixtures';
import { DOCUMENTED_SCRIPT, external, file, machineConfig, policy, script, unit } from '../rules/documents';

const check = (text: string, options: JudgeOptions = {}) => checkInputs([{ name: 'x.yaml', text }], options);
const ids = (text: string, options: JudgeOptions = {}) =>
  check(text, options).findings.map(({ rule, severity }) => (severity === 'error' ? rule : `${rule} (warning)`));
const yaml = (...documents: unknown[]) => documents.map((document) => stringify(document, { version: '1.1' })).join('---\n');

describe('YAML as people have it', () => {
  test.each<[string, string, string[]]>([
    ['telco-reference switches External on, with nothing to complain about', ENABLE_IPSEC, []],
    ['telco-reference writes one policy a node by RHACM, which shares a certificate and accepts any of the CA', CONFIGURATION_POLICY,
      ['certificate-nickname (warning)', 'libreswan-peer-unverified (warning)']],
    ['the e2e test of OpenShift', ORIGIN_E2E, ['certificate-nickname (warning)', 'libreswan-peer-unverified (warning)']],
    ['a CI step of OpenShift still writes the empty ipsecConfig', RELEASE_STEP, ['network-mode-missing']],
    [
      'the documented import',
      yaml(machineConfig({ files: [script(DOCUMENTED_SCRIPT)], units: [unit()] }), policy()),
      ['machineconfig-import-fragile (warning)', 'policy-same-file (warning)'],
    ],
    ['things that are no Kubernetes objects', 'a: 1\n---\n- b\n---\n~\n---\nkind: [x]\n', []],
    ['an empty file', '', []],
    ['comments of Helm', `# Source: chart/templates/network.yaml\n${ENABLE_IPSEC}---\n# Source: chart/templates/empty.yaml\n`, []],
  ])('%s', (_, text, expected) => {
    expect(ids(text)).toEqual(expected);
  });

  test('is read as Kubernetes reads it: no is false, 0400 is octal, a date is a text', () => {
    expect(ids(yaml(policy()).replace('leftmodecfgclient: false', 'leftmodecfgclient: no').replace('ikev2: insist', 'ikev2: no')))
      .toEqual(['certificate-nickname (warning)', 'libreswan-ikev2 (warning)', 'libreswan-option-value']);
    expect(ids(yaml(machineConfig({ files: [file('/etc/x', 'x')] })).replace('mode: 256', 'mode: 0400'))).toEqual([]);
    expect(ids(yaml(machineConfig({ files: [file('/etc/x', 'x')] })).replace('mode: 256', 'mode: 0o400'))).toEqual([]);
    expect(ids(yaml(policy({}, { selector: { date: '2026-01-01' } })).replace('"2026-01-01"', '2026-01-01'))).not.toContain(
      'policy-selector-invalid',
    );
  });

  const SAMPLES: { readonly [type: string]: unknown } = { 'boolean': false, 'seconds': 30, 'lifetime': '8h', 'yes, no or number': 'no' };
  test.each(LIBRESWAN_OPTIONS.map((option) => [option.key, valuesOf(option)?.[0] ?? SAMPLES[option.type] ?? 'x'] as const))(
    'knows the libreswan key %s', (key, value) => {
      expect(
        ids(yaml(policy({ [key]: value })), { version: OpenShiftVersion.of('4.22') }).filter((id) =>
          /unknown|version|option-value/.test(id),
        ),
      ).toEqual([]);
    });

  test('refuses any other key', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z][a-z-]{0,30}$/), (key) => {
      fc.pre(!LIBRESWAN_OPTIONS.some((option) => option.key === key));
      expect(ids(yaml(policy({ [key]: 'x' })))).toContain('libreswan-option-unknown');
    }), { numRuns: 30 });
  });
});

describe('places', () => {
  test('are the value, or the key where the value is no scalar or may be a secret', () => {
    const text = yaml(policy({ type: 'Tunnel', psk: 'hunter2' }));
    const places = check(text).findings.map(({ rule, line, column, excerpt }) => [
      rule,
      text.split('\n')[line - 1].slice(column - 1),
      excerpt.text.slice(excerpt.caret),
    ]);
    expect(places).toEqual([
      ['certificate-nickname', 'left_server', 'left_server'],
      ['libreswan-option-value', 'Tunnel', 'Tunnel'],
      ['psk-in-manifest', 'psk: hunter2', 'psk:…'],
    ]);
  });

  test('go through Lists, RHACM policies and several documents', () => {
    const broken = policy({ type: 'x' });
    const list = { apiVersion: 'v1', kind: 'List', items: [external(), broken] };
    const held = (objectDefinition: unknown, complianceType = 'musthave') => ({
      apiVersion: 'policy.open-cluster-management.io/v1',
      kind: 'Policy',
      metadata: { name: 'p', namespace: 'ztp' },
      spec: {
        'policy-templates': [{
          objectDefinition: {
            apiVersion: 'policy.open-cluster-management.io/v1',
            kind: 'ConfigurationPolicy',
            metadata: { name: 'c' },
            spec: { 'object-templates': [{ complianceType, objectDefinition }] },
          },
        }],
      },
    });
    const found = (document: unknown) =>
      check(yaml({ a: 1 }, document))
        .findings.filter(({ rule }) => rule === 'libreswan-option-value')
        .map(({ path, line, object }) => [path, line, object.kind]);
    expect(found(list)).toEqual([
      ['/items/1/spec/desiredState/interfaces/0/libreswan/type', expect.any(Number), 'NodeNetworkConfigurationPolicy'],
    ]);
    const inside = '/spec/policy-templates/0/objectDefinition/spec/object-templates/0/objectDefinition';
    expect(found(held(broken))).toEqual([
      [`${inside}/spec/desiredState/interfaces/0/libreswan/type`, expect.any(Number), 'NodeNetworkConfigurationPolicy'],
    ]);
    expect(found(held(broken, 'mustnothave'))).toEqual([]);
    expect(ids(yaml(held(external(), 'mustonlyhave')))).toEqual(['network-mustonlyhave']);
  });

  test('are found again where the nodes of a document were not kept', () => {
    const text = `# ${'x'.repeat(17 * 1024 * 1024)}\n---\n${yaml(policy({ type: 'x' }))}`;
    const [, { line, excerpt }] = check(text).findings;
    expect([line, excerpt.text]).toEqual([
      text.split('\n').findIndex((candidate) => candidate.includes('type: x')) + 1,
      expect.stringContaining('type: x'),
    ]);
  });

  test('never show a secret, however the document is laid out', () => {
    const documents = [
      policy({ 'psk': 'hunter2', 'pskk': 'hunter2', 'type': 'x', 'my-secret': 'hunter2' }),
      machineConfig({ role: '', files: [file('/a', 'hunter2'.repeat(40), 644)], units: [unit('ExecStart=pk12util -W hunter2 -i x')] }),
    ];
    const encoded = Buffer.from('hunter2'.repeat(40)).toString('base64').slice(0, 40);
    for (const text of [
      yaml(...documents),
      documents.map((document) => JSON.stringify(document)).join('\n---\n'),
      documents.map((document) => JSON.stringify(document, null, 2)).join('\n---\n'),
    ]) {
      const { findings } = check(text);
      expect(findings.length).toBeGreaterThan(5);
      const shown = findings.map(({ excerpt, message }) => `${excerpt.text}\n${message}`).join('\n');
      expect(shown).not.toContain('hunter2');
      expect(shown).not.toContain(encoded);
    }
  });

  test('show no control characters', () => {
    expect(check(`${yaml(policy({ type: 'x' })).trimEnd()} # \u001b[31m\u202e\n`).findings[1].excerpt.text).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('acknowledgements', () => {
  const annotated = (annotations: object) => yaml(policy({ ikev2: 'never' }, { annotations }));

  test('take a finding away and are counted', () => {
    const { findings, summary } = check(
      annotated({
        'ipsec.cdk8s.io/acknowledge.libreswan-ikev2': 'the peer is old',
        'ipsec.cdk8s.io/acknowledge.certificate-nickname': 'a DaemonSet',
      }),
    );
    expect([findings, summary]).toEqual([[], { errors: 0, warnings: 0, acknowledged: 2, objects: 1, judged: 1 }]);
  });

  test('need a reason and a rule', () => {
    expect(ids(annotated({ 'ipsec.cdk8s.io/acknowledge.libreswan-ikev2': '', 'ipsec.cdk8s.io/acknowledge.nonsense': 'x' })).sort())
      .toEqual(['acknowledgement-unknown (warning)', 'acknowledgement-unknown (warning)', 'certificate-nickname (warning)', 'libreswan-ikev2 (warning)']);
  });
});

describe('bad input', () => {
  const problems = (text: string) => check(text).problems.map(({ line, message }) => [line, message]);

  test.each<[string, string, unknown[]]>([
    ['broken YAML', 'a: [1\nb: 2\n', [[expect.any(Number), expect.stringMatching(/^is broken YAML: /)]]],
    ['a key twice', 'a: 1\na: 2\n', [[2, 'is broken YAML: a key is there twice']]],
    [
      'a bomb of anchors',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
        .join('\n')}\n`,
      [[6, 'uses its anchors so often that it looks like an attack (a YAML bomb)']],
    ],
    ['depth', `${'['.repeat(100_000)}`, [[1, 'is nested more than 200 levels deep']]],
    ['a cycle', 'a: &a\n  b: [*a]\n', [[2, "has an anchor that contains itself: '*a' stands inside of '&a'"]]],
    ['an anchor of nobody', 'a: *b\n', [[1, expect.stringMatching(/anchor/)]]],
    ['a merge of no map', 'a: &a [1]\nb: {<<: *a}\n', [[2, expect.stringContaining('merges maps')]]],
    [
      'too much of it',
      `- a\n- b: [${'1,'.repeat(1_000_000)}]`,
      [[1, 'has more than 1800000 YAML tokens, which is more than a run has the time for: split it']],
    ],
    [
      'a Helm template',
      'apiVersion: v1\n{{- if .Values.x }}\nkind: x\n{{- end }}\n',
      [
        [
          expect.any(Number),
          expect.stringMatching(
            /^is broken YAML: .*; it looks like a template: check what 'helm template', or whatever fills it in, makes of it$/,
          ),
        ],
      ],
    ],
    [
      'a Jinja template',
      'apiVersion: v1\n{% if x %}\nkind: x\n{% endif %}\n',
      [
        [
          expect.any(Number),
          expect.stringMatching(/^is broken YAML: .*; it looks like a Jinja template: check what your tool makes of it$/),
        ],
      ],
    ],
    [
      'an expression that is no YAML',
      'apiVersion: v1\nkind: {{ x }}-y\n',
      [[2, expect.stringMatching(/; it looks like a template: check what 'helm template', or whatever fills it in, makes of it$/)]],
    ],
  ])('%s is one line', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('leaves the other documents of the file to be checked', () => {
    expect(ids(`${RELEASE_STEP}---\na: [\n---\n${RELEASE_STEP.replace('name: cluster', 'name: other')}`)).toEqual([
      'network-mode-missing',
      'network-name',
      'network-mode-missing',
    ]);
  });

  test('of any kind makes the rules fail on nothing', () => {
    const anything = fc.anything({ withNullPrototype: false, withBigInt: false, maxDepth: 4 });
    const near = fc.record({
      apiVersion: fc.constantFrom(
        'operator.openshift.io/v1',
        'nmstate.io/v1',
        'machineconfiguration.openshift.io/v1',
        'policy.open-cluster-management.io/v1',
        'v1',
      ),
      kind: fc.constantFrom(
        'Network',
        'NodeNetworkConfigurationPolicy',
        'MachineConfig',
        'MachineConfigPool',
        'ConfigurationPolicy',
        'Policy',
        'List',
      ),
      metadata: anything,
      items: anything,
      spec: fc.record({
        'defaultNetwork': fc.record({
          ovnKubernetesConfig: fc.oneof(anything, fc.record({ ipsecConfig: anything, mtu: anything, gatewayConfig: anything })),
        }),
        'migration': fc.record({ mtu: anything }),
        'nodeSelector': anything,
        'desiredState': fc.record({
          interfaces: fc.array(
            fc.record({
              name: anything,
              type: fc.constant('ipsec'),
              state: anything,
              libreswan: fc.oneof(anything, fc.dictionary(fc.constantFrom(...LIBRESWAN_OPTIONS.map(({ key }) => key)), anything)),
            }),
          ),
        }),
        'config': fc.oneof(
          anything,
          fc.record({
            ignition: anything,
            storage: fc.record({
              files: fc.array(
                fc.record({
                  path: anything,
                  mode: anything,
                  contents: fc.oneof(anything, fc.record({ source: anything, compression: anything })),
                }),
              ),
            }),
            systemd: fc.record({ units: anything }),
          }),
        ),
        'object-templates': fc.array(fc.record({ complianceType: anything, objectDefinition: anything })),
        'object-templates-raw': anything,
        'policy-templates': anything,
        'extensions': anything,
        'paused': anything,
      }),
    });
    fc.assert(fc.property(fc.array(near, { maxLength: 4 }), (documents) => {
      const text = documents.map((document) => JSON.stringify(document)).join('\n---\n');
      expect(() =>
        check(text, { version: OpenShiftVersion.of('4.16'), platform: Platform.AWS, hostedControlPlane: true, rhelComputeNodes: true }),
      ).not.toThrow();
    }), { numRuns: 150 });
  });
});

describe('what our constructs write', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const props = fc.record({
    version: fc.constantFrom('4.15', '4.16', '4.18.3', '4.19.22', '4.22'),
    mode: fc.constantFrom(IpsecMode.EXTERNAL, IpsecMode.FULL),
    platform: fc.constantFrom(undefined, Platform.BARE_METAL, Platform.VSPHERE),
    encapsulation: fc.constantFrom(undefined, IpsecEncapsulation.ALWAYS),
    script: fc.constantFrom(ImportScript.ROTATION_SAFE, ImportScript.DOCUMENTED),
    nickname: fc.constantFrom('left_server', 'vpn.node'),
    roles: fc.constantFrom(['worker'], ['master', 'worker'], ['worker', 'infra']),
    endpoints: fc.uniqueArray(fc.record({
      interfaceName: name,
      nodes: fc.constantFrom(
        NodeSelection.hostname('worker-0.example.com'),
        NodeSelection.hostnames(['a.example.com', 'b.example.com']),
        NodeSelection.role('worker'),
        NodeSelection.labels({ zone: 'a' }),
        NodeSelection.all(),
      ),
      host: fc.constantFrom('storage.example.com', '192.0.2.10'),
      type: fc.constantFrom(IpsecConnectionType.TRANSPORT, IpsecConnectionType.TUNNEL),
      state: fc.constantFrom(EndpointState.PRESENT, EndpointState.PRESENT, EndpointState.ABSENT),
      peerIdentity: fc.constantFrom(undefined, PeerIdentity.fromCertificate(), PeerIdentity.of('storage')),
      dpd: fc.boolean(),
      libreswanExtra: fc.constantFrom(undefined, { 'new-key': 'x' }),
      ipsecInterfaceNumber: fc.constantFrom(undefined, 3),
      acknowledge: fc.constantFrom(undefined, { 'certificate-shared': 'uniqueids=no' }),
    }), { selector: ({ interfaceName }) => interfaceName, maxLength: 4 }),
  });

  test('has no error, whatever the props', () => {
    fc.assert(fc.property(props, ({ version, mode, platform, encapsulation, script: importScript, nickname: wanted, roles, endpoints }) => {
      const app = new App();
      IpsecWarnings.of(app).silence();
      const chart = new Chart(app, 'chart');
      const full = mode === IpsecMode.FULL && version !== '4.15';
      const cluster = new IpsecClusterConfig(chart, 'cluster', {
        mode,
        platform,
        openshiftVersion: OpenShiftVersion.of(version),
        routingViaHost: true,
        encapsulation: full ? encapsulation : undefined,
      });
      const documented = importScript === ImportScript.DOCUMENTED;
      const nickname = documented ? 'left_server' : wanted;
      const certificate = new CertImportMachineConfig(chart, 'certs', {
        cluster,
        roles: [...roles],
        caCertificates,
        importScript,
        nickname,
        bundle: bundle({ friendlyName: nickname, ...documented ? { password: '' } : {} }),
        ...documented ? { acceptPrivateKeyInManifest: true } : { nodePasswordFile: '/etc/pki/ipsec/password' },
      });
      for (const [i, { dpd, ...endpoint }] of endpoints.entries()) {
        new ExternalIpsecEndpoint(chart, endpoint.interfaceName, {
          ...endpoint,
          cluster,
          certificate,
          // Each has a peer of its own: the kernel has one policy for a subnet.
          host: endpoint.host === '192.0.2.10' ? `192.0.2.${10 + i}` : endpoint.host,
          remoteSubnet: `192.0.2.${10 + i}/32`,
          ...(dpd ? { dpddelay: 30, dpdtimeout: 120 } : {}),
        });
      }
      const report = check(Yaml.stringify(...chart.toJson()), { version: OpenShiftVersion.of(version), platform });
      expect(report.findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
      expect(report.problems).toEqual([]);
    }), { numRuns: 60 });
  });
});
