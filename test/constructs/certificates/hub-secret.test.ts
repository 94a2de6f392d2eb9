import { Testing } from 'cdk8s';
import { caCertificates } from './fixtures';
import { CertImportMachineConfig, CertImportMachineConfigProps, IpsecWarnings, Pkcs12Bundle } from '../../../src';
import { externalCluster, quietChart } from '../endpoint/fixtures';

const bundle = Pkcs12Bundle.fromHubSecret({ namespace: 'policies', name: 'left-server', key: 'left_server.p12' });
const PASSWORD = '/etc/pki/ipsec/left_server.password';

function made(props: Partial<CertImportMachineConfigProps> = {}) {
  const chart = quietChart();
  const construct = new CertImportMachineConfig(chart, 'certs', {
    cluster: externalCluster(chart, '4.16'),
    roles: ['master', 'worker'],
    caCertificates,
    bundle,
    nodePasswordFile: PASSWORD,
    ...props,
  });
  return { chart, machineConfigs: construct.machineConfigs.map((object) => object.toJson()) };
}

test('the MachineConfig holds the template in the bundle\'s place, and nothing that only a bundle could tell', () => {
  for (const { metadata, spec } of made().machineConfigs) {
    expect(spec.config.storage.files[1]).toEqual({
      path: '/etc/pki/certs/left_server.p12',
      mode: 0o400,
      overwrite: true,
      contents: { compression: '', source: 'data:;base64,{{hub fromSecret "policies" "left-server" "left_server.p12" hub}}' },
    });
    expect(metadata.annotations).toBeUndefined();
  }
});

test('outside a policy it is not synthesized', () => {
  const { chart } = made();
  expect(() => Testing.synth(chart)).toThrow(
    "the contents of '/etc/pki/certs/left_server.p12' are a hub template, and no policy holds this MachineConfig; "
      + 'have RhacmPolicies write the object '
      + 'into a policy, in an app of its own, and apply that alone; acknowledge it where a PolicyGenerator wraps this file '
      + '(hub-template-outside-policy)',
  );
});

test('that nobody has looked inside is said once, for all roles', () => {
  const { chart } = made({ acknowledge: { 'hub-template-outside-policy': 'a PolicyGenerator wraps the file' } });
  Testing.synth(chart);
  expect(IpsecWarnings.of(chart).list().map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([
    "pkcs12-unseen: the bundle '/etc/pki/certs/left_server.p12' is in a Secret on the hub, and nobody has looked into it; "
      + 'check the bundle with openshift-ipsec before it is put on the hub, and acknowledge this',
  ]);
});

test('a key without a password must be accepted, because it stands readable in the managed cluster', () => {
  expect(() => made({ nodePasswordFile: undefined })).toThrow(
    new Error(
      "test/certs: the bundle of the hub's Secret policies/left-server can't be looked into at synthesis: where it has a password, "
        + "say with 'nodePasswordFile' where the node finds it, such as '/etc/pki/ipsec/left_server.password'; where it has none, "
        + 'its private key will stand readable in the MachineConfigs of the managed '
        + "clusters: say 'acceptPrivateKeyInManifest: true'",
    ),
  );
  expect(made({ nodePasswordFile: undefined, acceptPrivateKeyInManifest: true }).machineConfigs[0].metadata.annotations)
    .toEqual({ 'ipsec.cdk8s.io/acknowledge.private-key-exposed': 'acceptPrivateKeyInManifest is true' });
});

test('what only the bundle could tell is an error', () => {
  expect(bundle.friendlyName).toBeUndefined();
  for (const ask of [() => bundle.subject, () => bundle.issuer, () => bundle.notAfter, () => bundle.fingerprintSha256]) {
    expect(ask).toThrow(
      new Error(
        "the bundle of the hub's Secret policies/left-server is not there at synthesis, and nothing can be said of its certificate: "
          + 'ask the hub, or read the bundle from a file',
      ),
    );
  }
});

test.each<[string, object, string]>([
  [
    'a namespace',
    { namespace: 'a"b' },
    "'namespace' ('a\"b') must be a name in Kubernetes: lower-case letters, digits, '-' and '.', "
      + 'beginning and ending with a letter or digit',
  ],
  [
    'a name',
    { name: 'A' },
    "'name' ('A') must be a name in Kubernetes: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit",
  ],
  ['a key', { key: '" hub}}' }, "'key' ('\" hub}}') can't be the key of a Secret: letters, digits, '-', '_' and '.', at most 253"],
])('%s that is none is refused', (_, props, message) => {
  expect(() => Pkcs12Bundle.fromHubSecret({ namespace: 'policies', name: 'left-server', key: 'a.p12', ...props })).toThrow(
    new Error(message),
  );
});
