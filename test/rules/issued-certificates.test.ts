import { App, Chart, Testing } from 'cdk8s';
import { daemonSet, Plain, policy } from './documents';
import { fixesOf, foundBy } from './judging';
import { CertImportDaemonSet, HostCertManagerCertificates, IpsecClusterConfig, IpsecMode, OpenShiftVersion } from '../../src';
import { DocumentSet } from '../../src/documents/document-set';
import { RULES } from '../../src/rules/catalogue';
import { Judge } from '../../src/rules/judge';

// What cert-manager is asked for is judged before it is issued, where a DaemonSet of the set brings it to the nodes.

function certificate(spec: Plain, { name = 'ipsec-w0', namespace = 'ipsec' } = {}): Plain {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, namespace },
    spec: { secretName: name, commonName: 'w0.example.com', dnsNames: ['w0.example.com'], issuerRef: { name: 'ipsec' }, ...spec },
  };
}

const broughtByDaemonSet = (spec: Plain) => [certificate(spec), daemonSet('ipsec-$(NODE_NAME)')];

test.each<[rule: string, what: string, spec: Plain, pointer: string, message: string]>([
  ['certificate-cn-reserved', 'a CN of traffic between pods', { commonName: 'ovs_w0' }, '/spec/commonName',
    "certificate CN 'ovs_w0' begins with 'ovs_', which is reserved for pod-to-pod IPsec certificates"],
  ['certificate-cn-length', 'a CN of 65 characters', { commonName: 'w'.repeat(65) }, '/spec/commonName',
    `certificate CN '${'w'.repeat(65)}' has 65 characters, and X.509 allows 64`],
  ['certificate-key-type', 'an elliptic curve', { privateKey: { algorithm: 'ECDSA', size: 256 } }, '/spec/privateKey/algorithm',
    "certificate 'CN=w0.example.com' has a key of type ecdsa, and a connection with leftrsasigkey '%cert' signs with RSA"],
  ['certificate-key-type', 'Ed25519', { commonName: undefined, privateKey: { algorithm: 'Ed25519' } }, '/spec/privateKey/algorithm',
    "certificate 'ipsec-w0' has a key of type ed25519, and a connection with leftrsasigkey '%cert' signs with RSA"],
  ['certificate-key-size', '1024 bits', { privateKey: { algorithm: 'RSA', size: 1024 } }, '/spec/privateKey/size',
    "certificate 'CN=w0.example.com' has an RSA key of 1024 bits, and 2048 is the least that NSS and FIPS mode take"],
  ['certificate-usage', 'encipherment alone', { usages: ['key encipherment', 'server auth'] }, '/spec/usages',
    "certificate 'CN=w0.example.com' has key usage keyEncipherment, and NSS wants digitalSignature or nonRepudiation for IPsec"],
  ['certificate-usage', 'code signing', { usages: ['digital signature', 'code signing'] }, '/spec/usages',
    "certificate 'CN=w0.example.com' has extended key usage codeSigning, and NSS wants one of serverAuth, clientAuth, emailProtection, "
      + 'ipsecEndSystem, ipsecTunnel, ipsecUser, ipsecIKE, iKEIntermediate for IPsec'],
])('%s: %s', (rule, _, spec, pointer, message) => {
  expect(foundBy(rule, broughtByDaemonSet(spec))).toEqual([['error', pointer, message]]);
  // Without the DaemonSet it is somebody else's, and so it is in another namespace or with another Secret.
  expect(foundBy(rule, [certificate(spec)])).toEqual([]);
  expect(foundBy(rule, [certificate(spec, { namespace: 'web' }), daemonSet('ipsec-$(NODE_NAME)')])).toEqual([]);
  expect(foundBy(rule, [certificate(spec, { name: 'web-w0' }), daemonSet('ipsec-$(NODE_NAME)')])).toEqual([]);
});

test.each<[what: string, spec: Plain]>([
  ['nothing but names, for which cert-manager makes RSA keys of 2048 bits', {}],
  ['usages that NSS takes', { usages: ['signing', 'ipsec end system'] }],
  ['no repudiation', { usages: ['content commitment', 'any'] }],
  ['a CN that has the prefix further on', { commonName: 'w_ovs_0' }],
  ['parts that a template fills in', {
    commonName: '{{ cn }}', privateKey: { algorithm: '${ALGORITHM}', size: '${SIZE}' }, usages: ['{{ usage }}', 'key encipherment'],
  }],
  ['usages that a template fills in', { usages: '{{ usages }}' }],
  ['a spec that is none', { privateKey: 'RSA', usages: { a: 1 }, dnsNames: 'w0', commonName: 1 }],
])('no rule says anything of %s', (_, spec) => {
  const { findings } = new Judge(RULES.filter(({ id }) => id.startsWith('certificate-'))).judge(new DocumentSet(broughtByDaemonSet(spec)));
  expect(findings.map(({ message }) => message)).toEqual([]);
});

test('a key that no connection signs with as RSA may be another one', () => {
  const spec = { privateKey: { algorithm: 'ECDSA' } };
  const found = (settings: Plain) => foundBy('certificate-key-type', [...broughtByDaemonSet(spec), policy(settings)]).length;
  expect([found({}), found({ authby: 'ecdsa' }), found({ authby: 'ecdsa', leftcert: 'another' })]).toEqual([1, 0, 1]);
});

describe('names in the certificate', () => {
  const set = (spec: Plain, settings: Plain) => [...broughtByDaemonSet(spec), policy(settings)];

  test('an id that it will not hold is refused by the peer', () => {
    expect(foundBy('certificate-san', set({ ipAddresses: ['10.0.0.1'] }, { leftid: '@w9.example.com' }))).toEqual([[
      'error', expect.stringMatching(/\/leftid$/),
      "'leftid' ('@w9.example.com') is not among the subject alternative names of certificate 'CN=w0.example.com' "
        + '(w0.example.com, 10.0.0.1), so that the peer refuses the node',
    ]]);
  });

  test.each<[string, Plain, string]>([
    ['a DNS name', {}, '@W0.example.com'],
    ['an address', { ipAddresses: ['10.0.0.1'] }, '10.0.0.1'],
    ['a wildcard', { dnsNames: ['*.example.com'] }, '@w9.example.com'],
    ['names that a template fills in', { dnsNames: ['{{ host }}'] }, '@w9.example.com'],
  ])('%s that it holds, or may hold, passes', (_, spec, leftid) => {
    expect(foundBy('certificate-san', set(spec, { leftid }))).toEqual([]);
  });
});

test('each certificate is counted as judged, and any other one is not', () => {
  const set = new DocumentSet([...broughtByDaemonSet({}), certificate({}, { namespace: 'web' })]);
  expect([set.objectCount, set.judgedCount]).toEqual([3, 2]);
});

test('the fix is what the certificate\'s issuer can do', () => {
  expect(fixesOf('certificate-key-type', broughtByDaemonSet({ privateKey: { algorithm: 'ECDSA' } }))).toEqual([
    'Issue it for an RSA key of 3072 bits.',
  ]);
});

test('what the library writes for cert-manager is what its DaemonSet reads, and draws no finding', () => {
  const chart = new Chart(new App(), 'test', { namespace: 'ipsec' });
  const { nodeSecret } = new HostCertManagerCertificates(chart, 'ids', {
    hosts: ['w0.example.com', 'w1.example.com'], issuer: { name: 'ipsec', kind: 'ClusterIssuer' }, secretName: 'ipsec-{node}',
  });
  const cluster = new IpsecClusterConfig(chart, 'ipsec', { mode: IpsecMode.EXTERNAL, openshiftVersion: OpenShiftVersion.of('4.20') });
  new CertImportDaemonSet(chart, 'import', {
    nickname: 'left_server', secret: nodeSecret, cluster, roles: ['worker'],
  });
  const set = new DocumentSet(Testing.synth(chart));
  expect(set.issuedCertificates.map(({ subject, nicknames }) => [subject.name, nicknames])).toEqual([
    ['ipsec-w0.example.com', ['left_server']], ['ipsec-w1.example.com', ['left_server']],
  ]);
  expect(new Judge(RULES).judge(set).findings.filter(({ subject }) => subject.kind === 'Certificate')).toEqual([]);
});
