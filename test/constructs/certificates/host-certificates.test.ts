import { mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Testing } from 'cdk8s';
import { ca, caCertificates } from './fixtures';
import { ExternalIpsecEndpoint, HostCertificates, HostCertificatesProps, IpsecWarnings } from '../../../src';
import { decodeContents } from '../../data-url';
import { makeLeaf, makePkcs12, testKey } from '../../pki';
import { endpointProps, externalCluster, quietChart } from '../endpoint/fixtures';

function folderOf(files: { [file: string]: string | Buffer }): string {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return folder;
}

const bundleFor = (host: string, password = `${host}-password`) => makePkcs12({
  identity: makeLeaf({ ca, cn: host, key: testKey('rsa-2048', host) }), friendlyName: 'left_server', password,
});

function hostCertificates(folder: string, props: Partial<HostCertificatesProps> = {}) {
  const chart = quietChart();
  const cluster = externalCluster(chart);
  const construct = new HostCertificates(chart, 'hosts', {
    cluster,
    folder,
    caCertificates,
    nodePasswordFile: '/etc/pki/ipsec/left_server.password',
    ...props,
  });
  return { chart, cluster, construct };
}

describe('certificates of their own for hosts', () => {
  const folder = folderOf({
    'worker-1.example.com.p12': bundleFor('worker-1.example.com'),
    'worker-1.example.com.password': 'worker-1.example.com-password\n',
    'worker-0.example.com.p12': bundleFor('worker-0.example.com'),
    'worker-0.example.com.password': 'worker-0.example.com-password\n',
    'README': 'not a bundle',
  });

  test('give each host a pool of one that inherits worker, its import, and its policy', () => {
    const { chart, cluster, construct } = hostCertificates(folder);
    new ExternalIpsecEndpoint(chart, 'storage', { ...endpointProps(cluster), certificate: construct, nodes: construct.nodes });
    const manifests = Testing.synth(chart);
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Network cluster',
      'MachineConfigPool ipsec-worker-0',
      'MachineConfig 99-ipsec-worker-0-import-certs',
      'MachineConfigPool ipsec-worker-1',
      'MachineConfig 99-ipsec-worker-1-import-certs',
      'NodeNetworkConfigurationPolicy ipsec-storage-worker-0',
      'NodeNetworkConfigurationPolicy ipsec-storage-worker-1',
    ]);
    const [, pool, machineConfig] = manifests;
    expect(pool.spec).toEqual({
      machineConfigSelector: {
        matchExpressions: [{ key: 'machineconfiguration.openshift.io/role', operator: 'In', values: ['worker', 'ipsec-worker-0'] }],
      },
      nodeSelector: { matchLabels: { 'kubernetes.io/hostname': 'worker-0.example.com' } },
    });
    expect(machineConfig.metadata.labels).toEqual({ 'machineconfiguration.openshift.io/role': 'ipsec-worker-0' });
    expect(machineConfig.metadata.annotations['ipsec.cdk8s.io/certificate-subject']).toBe('CN=worker-0.example.com,O=Test');
    expect(
      decodeContents(machineConfig.spec.config.storage.files[1].contents).equals(readFileSync(join(folder, 'worker-0.example.com.p12'))),
    ).toBe(true);
    // All of it in one chart is this test's, and not what it is about.
    expect(IpsecWarnings.of(chart).list().map(({ ruleId }) => ruleId)).toEqual(['policy-same-file']);
  });

  test('name pools by the host alone: with a hash where it is asked for, and short ones', () => {
    const pools = (hosts: string[], props = {}) => {
      const files = hosts.map((host) => [`${host}.p12`, bundleFor(host, '')] as const);
      const own = { acceptPrivateKeyInManifest: true, nodePasswordFile: undefined, ...props };
      return hostCertificates(folderOf(Object.fromEntries(files)), own).construct.poolNames;
    };
    expect(pools(['v.a', 'w.b', 'x'.repeat(60)])).toEqual(['ipsec-v', 'ipsec-w', expect.stringMatching(/^ipsec-x{25}-[0-9a-f]{8}$/)]);
    const hashed = pools(['v.a', 'w.a', 'w.b'], { hashedNames: true });
    expect(hashed).toEqual(
      [/^ipsec-v-[0-9a-f]{8}$/, /^ipsec-w-[0-9a-f]{8}$/, /^ipsec-w-[0-9a-f]{8}$/].map((name) => expect.stringMatching(name)),
    );
    expect(new Set(hashed).size).toBe(3);
    expect(pools(['w.b'], { hashedNames: true })).toEqual([hashed[2]]);
    expect(() => pools(['w.a', 'w.b'])).toThrow(
      new Error(
        "test/hosts: hosts 'w.a' and 'w.b' would both be named 'ipsec-w', because names end at the host's first dot: "
          + "say 'hashedNames: true' from the start, which names every host with a hash; or, "
          + "where the other one is on the cluster already, give the new one a construct of its own with 'hashedNames: true'",
      ),
    );
  });

  test('warn where two hosts have the same one', () => {
    const shared = bundleFor('shared.example.com', '');
    const { chart } = hostCertificates(folderOf({ 'a.p12': shared, 'b.p12': shared }), {
      acceptPrivateKeyInManifest: true,
      nodePasswordFile: undefined,
    });
    Testing.synth(chart);
    expect(IpsecWarnings.of(chart).list().map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([
      "certificate-shared: hosts 'a' and 'b' have the same certificate: a peer with libreswan's default uniqueids=yes "
        + 'keeps one tunnel only; '
        + "have 'uniqueids=no' set on the peer, or give each node a certificate of its own",
    ]);
  });

  test.each<[string, () => string, RegExp]>([
    [
      'a folder that is none',
      () => 'no-such-folder',
      /^test\/hosts: 'folder' \('no-such-folder'\) is no folder \(the path is relative to the working directory, \S+\): name the one with the bundles <host>\.p12$/,
    ],
    [
      'an empty folder',
      () => folderOf({}),
      /^test\/hosts: 'folder' \('\S+'\) holds no bundle: name them <host>\.p12, by the value of the node's label kubernetes\.io\/hostname$/,
    ],
    [
      "a file name that is no host's",
      () => folderOf({ 'Worker_0.p12': 'x' }),
      /^test\/hosts: node name \('Worker_0'\) must be the value of the node's label kubernetes\.io\/hostname: /,
    ],
    [
      'a bundle without its password',
      () => folderOf({ 'a.p12': bundleFor('a') }),
      /^test\/hosts: PKCS#12 file '\S+a\.p12' does not open without a password: write it to '\S+a\.password'$/,
    ],
    ['a password where none is needed', () => folderOf({ 'a.p12': bundleFor('a', ''), 'a.password': 'x' }),
      /^test\/hosts: PKCS#12 file '\S+a\.p12' does not open with the password in '\S+a\.password', but without one: delete that file, or export the bundle with that password$/],
  ])('refuse %s', (_, folderWith, message) => {
    expect(() => hostCertificates(folderWith())).toThrow(message);
  });
});
