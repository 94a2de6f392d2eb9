import { App, Chart, Duration, Testing } from 'cdk8s';
import { CertificateKeyAlgorithm, HostCertManagerCertificates, HostCertManagerCertificatesProps } from '../../../src';

function made(props: Partial<HostCertManagerCertificatesProps> = {}, namespace: string | undefined = 'ipsec') {
  const chart = new Chart(new App(), 'test', { namespace });
  const construct = new HostCertManagerCertificates(chart, 'ids', {
    hosts: ['w0.example.com', 'w1.example.com'], issuer: { name: 'ipsec', kind: 'ClusterIssuer' }, secretName: 'ipsec-{node}', ...props,
  });
  return { construct, certificates: Testing.synth(chart) };
}

test('each host has a Certificate, in the shape that the DaemonSet reads', () => {
  const { construct, certificates } = made({ organization: 'Example' });
  expect(certificates).toEqual(['w0', 'w1'].map((host) => ({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: `ipsec-${host}.example.com`, namespace: 'ipsec' },
    spec: {
      secretName: `ipsec-${host}.example.com`,
      commonName: `${host}.example.com`,
      dnsNames: [`${host}.example.com`],
      subject: { organizations: ['Example'] },
      duration: '2160h0m0s',
      renewBefore: '720h0m0s',
      privateKey: { algorithm: 'RSA', size: 3072, rotationPolicy: 'Always' },
      usages: ['digital signature', 'key encipherment', 'server auth', 'client auth'],
      issuerRef: { name: 'ipsec', kind: 'ClusterIssuer', group: 'cert-manager.io' },
    },
  })));
  expect(construct.nodeSecret._names).toEqual(['ipsec-w0.example.com', 'ipsec-w1.example.com']);
});

test('keys, times and issuers can be others', () => {
  const [{ spec }] = made({
    algorithm: CertificateKeyAlgorithm.RSA_4096,
    duration: Duration.minutes(90),
    renewBefore: Duration.seconds(1801),
    issuer: { name: 'ca', kind: 'VaultThing', group: 'example.com' },
  }).certificates;
  expect(spec).toMatchObject({
    duration: '1h30m0s',
    renewBefore: '0h30m1s',
    privateKey: { size: 4096 },
    issuerRef: { name: 'ca', kind: 'VaultThing', group: 'example.com' },
  });
});

test('a host that is too long for a common name has it as DNS name alone', () => {
  const host = `w0.${'x'.repeat(62)}.example.com`;
  const [{ spec }] = made({ hosts: [host] }).certificates;
  expect([spec.commonName, spec.dnsNames]).toEqual(['w0', [host]]);
});

test.each<[string, Partial<HostCertManagerCertificatesProps>, string]>([
  ['no hosts', { hosts: [] }, "'hosts' (an empty list) must name at least one node, such as 'worker-0.example.com'"],
  ['a host twice', { hosts: ['a', 'a'] }, "'hosts' has 'a' twice: each host gets one certificate, name it once"],
  ['a host of traffic between pods', { hosts: ['ovs_a'] },
    "'hosts' has 'ovs_a', and certificates whose name begins with 'ovs_' are those that the cluster makes for traffic between pods: "
      + "name the node as 'oc get nodes' does"],
  [
    'a host that is none',
    { hosts: ['A b'] },
    "'hosts' has 'A b', which can't be the name of a node and a DNS name: name the node as 'oc get nodes' does",
  ],
  [
    'an issuer that is none',
    { issuer: { name: 'I p' } },
    "'issuer.name' ('I p') can't be the name of an issuer: lower-case letters, digits, '-' and '.'",
  ],
  ['a kind that cert-manager has not', { issuer: { name: 'a', kind: 'VaultThing' } },
    "'issuer.kind' ('VaultThing') must be 'Issuer' or 'ClusterIssuer', which are what cert-manager.io has: "
      + "give 'issuer.group' for an issuer of another group"],
  [
    'a group that is none',
    { issuer: { name: 'a', group: 'a b' } },
    "'issuer.group' ('a b') can't be an API group, such as 'cert-manager.io'",
  ],
  ['a key that libreswan can\'t use', { algorithm: 'ECDSA' as any }, "'algorithm' ('ECDSA') must be one of RSA-2048, RSA-3072, RSA-4096"],
  [
    'a short time',
    { duration: Duration.minutes(59) },
    "'duration' (0h59m0s) must be an hour at least, which is the least that cert-manager takes",
  ],
  ['a time beyond the issuer\'s', { issuer: { name: 'a', maxDuration: Duration.days(30) } },
    "'duration' (2160h0m0s) is longer than the issuer's 'maxDuration' (720h0m0s): the certificate would end with the issuer's, "
      + "or not be issued; give a shorter 'duration'"],
  [
    'a late renewal',
    { renewBefore: Duration.minutes(4) },
    "'renewBefore' (0h4m0s) must be five minutes at least, which is the least that cert-manager takes",
  ],
  [
    'a renewal before the beginning',
    { renewBefore: Duration.days(90) },
    "'renewBefore' (2160h0m0s) must be shorter than 'duration' (2160h0m0s): the certificate would be issued anew for ever",
  ],
  [
    'a name without the node',
    { secretName: 'ipsec' },
    "'pattern' ('ipsec') must have {node} once, where the name of the node goes: 'ipsec-{node}'; "
      + 'a Secret for all nodes is NodeSecret.shared',
  ],
])('%s is refused', (_, props, message) => expect(() => made(props)).toThrow(new Error(`test/ids: ${message}`)));

test('without a namespace it is refused', () => {
  const chart = new Chart(new App(), 'test');
  expect(
    () => new HostCertManagerCertificates(chart, 'ids', { hosts: ['a'], issuer: { name: 'ipsec' }, secretName: 'ipsec-{node}' }),
  ).toThrow(
    new Error(
      "test/ids: 'namespace' (not set) must say where the Certificates and their Secrets are, such as 'ipsec': "
        + 'give it here or to the chart',
    ),
  );
});
