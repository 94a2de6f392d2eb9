import { X509Certificate } from 'crypto';
import { Testing } from 'cdk8s';
import { bundle, ca, caCertificates, certImport, leaf, PASSWORD } from './fixtures';
import { CaBundle, CertImportMachineConfig, CertImportMachineConfigProps, ImportScript, Pkcs12Bundle } from '../../../src';
import { nodeScript } from '../../../src/constructs/certificates/import-script';
import { fixture, passwordOf } from '../../certificate/fixture';
import { decodeContents } from '../../data-url';
import { makeCa, makeLeaf, makePkcs12, testKey } from '../../pki';
import { externalCluster, quietChart } from '../endpoint/fixtures';

const script = (name: string) => nodeScript(name).toString('latin1');

interface IgnitionFile { path: string; mode: number; overwrite: boolean; contents: { source: string; compression: string } }

const filesOf = (machineConfig: any): [string, string, boolean, string][] => machineConfig.spec.config.storage.files
  .map(({ path, mode, overwrite, contents }: IgnitionFile) => [path, mode.toString(8), overwrite, decodeContents(contents).toString('latin1')]);

describe('the MachineConfigs', () => {
  test('are one a role, with the files, the script and the unit', () => {
    const { construct, machineConfigs, warnings } = certImport({ roles: ['master', 'worker', 'storage'] });
    expect(construct.machineConfigNames).toEqual(['99-master-import-certs', '99-worker-import-certs', '99-storage-import-certs']);
    expect(machineConfigs.map(({ metadata }) => metadata)).toEqual(['master', 'worker', 'storage'].map((role) => ({
      name: `99-${role}-import-certs`,
      labels: { 'machineconfiguration.openshift.io/role': role },
      annotations: {
        'ipsec.cdk8s.io/certificate-subject': 'CN=node1.example.com,O=Test',
        'ipsec.cdk8s.io/certificate-issuer': 'CN=Test CA,O=Test',
        'ipsec.cdk8s.io/certificate-not-after': new Date(new X509Certificate(leaf.pem).validTo).toISOString(),
        'ipsec.cdk8s.io/certificate-sha256': new X509Certificate(leaf.pem).fingerprint256,
        'ipsec.cdk8s.io/private-key': 'password-protected',
      },
    })));
    const [{ spec }] = machineConfigs;
    expect(spec.config.ignition).toEqual({ version: '3.4.0' });
    expect(spec.config.systemd.units).toEqual([{
      name: 'ipsec-import.service',
      enabled: true,
      contents: `[Unit]
Description=Import the IPsec certificate left_server into the NSS database
Before=ipsec.service
StartLimitIntervalSec=0

[Service]
Type=oneshot
Environment=IPSEC_NICKNAME=left_server
Environment=IPSEC_PKCS12=/etc/pki/certs/left_server.p12
Environment=IPSEC_CA=/etc/pki/certs/ca.pem
Environment=IPSEC_PASSWORD_FILE=/etc/pki/ipsec/left_server.password
ExecStart=/usr/local/bin/ipsec-addcert.sh
RemainAfterExit=false
TimeoutStartSec=300
Restart=on-failure
RestartSec=30
RuntimeDirectory=ipsec-import
RuntimeDirectoryMode=0700
StandardOutput=journal

[Install]
WantedBy=multi-user.target ipsec.service
`,
    }, {
      name: 'ipsec-import.path',
      enabled: true,
      contents: `[Unit]
Description=Watch the files of the IPsec certificate left_server

[Path]
PathChanged=/etc/pki/certs/left_server.p12
PathChanged=/etc/pki/certs/ca.pem
PathChanged=/etc/pki/ipsec/left_server.password
Unit=ipsec-import.service

[Install]
WantedBy=multi-user.target
`,
    }]);
    expect(filesOf(machineConfigs[0])).toEqual([
      ['/etc/pki/certs/ca.pem', '400', true, ca.pem],
      [
        '/etc/pki/certs/left_server.p12',
        '400',
        true,
        makePkcs12({ identity: leaf, friendlyName: 'left_server', password: PASSWORD }).toString('latin1'),
      ],
      ['/usr/local/bin/ipsec-addcert.sh', '740', true, script('ipsec-addcert.sh')],
    ]);
    expect(warnings).toEqual([
      "pool-unknown: 'storage' is no MachineConfigPool of the set, nor one that every cluster has (master, worker); "
      + 'name worker, master or a pool of the cluster; acknowledge it where the pool is made elsewhere',
    ]);
  });

  test('with another nickname carry it in all names but the script\'s', () => {
    const { construct, machineConfigs } = certImport({ nickname: 'Storage_2', bundle: bundle({ friendlyName: 'Storage_2' }) });
    expect([construct.nickname, construct.machineConfigNames]).toEqual(['Storage_2', ['99-worker-import-certs-storage-2']]);
    expect(filesOf(machineConfigs[0]).map(([path]) => path)).toEqual([
      '/etc/pki/certs/Storage_2-ca.pem', '/etc/pki/certs/Storage_2.p12', '/usr/local/bin/ipsec-addcert.sh',
    ]);
    const [unit, watch] = machineConfigs[0].spec.config.systemd.units;
    expect([unit.name, watch.name]).toEqual(['ipsec-import-Storage_2.service', 'ipsec-import-Storage_2.path']);
    expect(watch.contents).toContain('\nUnit=ipsec-import-Storage_2.service\n');
    expect(unit.contents).toContain(
      'Environment=IPSEC_NICKNAME=Storage_2\nEnvironment=IPSEC_PKCS12=/etc/pki/certs/Storage_2.p12\nEnvironment=IPSEC_CA=/etc/pki/certs/Storage_2-ca.pem\n',
    );
  });

  test('let systemd decrypt the password for the unit alone, where it is an encrypted credential', () => {
    const { machineConfigs } = certImport({
      nodePasswordFile: '/etc/credstore.encrypted/left_server.password',
      nodePasswordEncrypted: true,
    });
    const [unit] = machineConfigs[0].spec.config.systemd.units;
    expect(unit.contents).toContain('\nLoadCredentialEncrypted=left_server.password:/etc/credstore.encrypted/left_server.password\n');
    expect(unit.contents).not.toContain('IPSEC_PASSWORD_FILE');
  });

  test('follow the cluster\'s Ignition version', () => {
    expect(certImport({}, '4.19').machineConfigs[0].spec.config.ignition.version).toBe('3.5.0');
  });

  test('never hold the password, in any encoding of it', () => {
    const text = JSON.stringify(certImport().machineConfigs);
    for (const form of [
      PASSWORD,
      encodeURIComponent(PASSWORD),
      Buffer.from(PASSWORD).toString('base64'),
      Buffer.from(PASSWORD).toString('hex'),
    ]) {
      expect(text).not.toContain(form);
    }
  });

  test('say that a readable private key was accepted, and why', () => {
    const { machineConfigs, warnings } = certImport({
      bundle: bundle({ password: '' }),
      nodePasswordFile: undefined,
      acceptPrivateKeyInManifest: true,
    });
    expect(machineConfigs[0].metadata.annotations).toMatchObject({
      'ipsec.cdk8s.io/acknowledge.private-key-exposed': 'acceptPrivateKeyInManifest is true',
      'ipsec.cdk8s.io/private-key': 'readable',
    });
    expect(machineConfigs[0].spec.config.systemd.units[0].contents).not.toContain('IPSEC_PASSWORD_FILE');
    expect(warnings).toEqual([]);
  });

  test('are the same bytes from the same files', () => {
    expect(JSON.stringify(certImport().machineConfigs)).toBe(JSON.stringify(certImport().machineConfigs));
  });

  test('of two nicknames that meet in one object name stop the synthesis', () => {
    const chart = quietChart();
    const cluster = externalCluster(chart);
    for (const nickname of ['peer_a', 'peer-a']) {
      new CertImportMachineConfig(chart, nickname, {
        cluster,
        roles: ['worker'],
        caCertificates,
        nickname,
        bundle: bundle({ friendlyName: nickname }),
        nodePasswordFile: '/etc/pki/ipsec/peer',
      });
    }
    expect(() => Testing.synth(chart)).toThrow(
      "test/peer-a: MachineConfig '99-worker-import-certs-peer-a' is there twice: the cluster keeps only the one that is applied last; "
        + 'give one of them another name (object-duplicate)');
  });
});

describe('refuses', () => {
  const SOURCE = 'PKCS#12 content';
  test.each<[string, Partial<CertImportMachineConfigProps>, string]>([
    ['a readable private key', { bundle: bundle({ password: '' }), nodePasswordFile: undefined },
      `${SOURCE} has no password, so that its private key would stand readable in the MachineConfigs: for whoever may read them, `
        + 'the repository that keeps them, '
        + "or the Machine Config Server; protect the bundle with a password and give 'nodePasswordFile', "
        + "or say 'acceptPrivateKeyInManifest: true'"],
    [
      'a readable private key beside a password',
      { bundle: Pkcs12Bundle._fromBytes(fixture('key-in-clear.p12'), SOURCE, passwordOf('key-in-clear')) },
      `${SOURCE} has its private key outside of what its password encrypts, so that its private key would stand readable `
        + 'in the MachineConfigs: '
        + 'for whoever may read them, the repository that keeps them, or the Machine Config Server; '
        + "protect the bundle with a password and give 'nodePasswordFile', or say 'acceptPrivateKeyInManifest: true'",
    ],
    ['a password that the node can\'t find', { nodePasswordFile: undefined },
      `${SOURCE} needs a password, and 'nodePasswordFile' does not say where the node finds it: give an absolute path on the node, `
      + "such as '/etc/pki/ipsec/left_server.password', and have the password put there; it never enters a manifest"],
    ['a password file without a password', { bundle: bundle({ password: '' }) },
      `'nodePasswordFile' ('/etc/pki/ipsec/left_server.password') is given, but ${SOURCE} opens without a password: leave it out, `
        + 'or protect the bundle with that password'],
    ['an encrypted password without its file', { nodePasswordFile: undefined, nodePasswordEncrypted: true },
      "'nodePasswordEncrypted' (true) needs 'nodePasswordFile': the path of the encrypted credential on the node"],
    ['a relative password file', { nodePasswordFile: 'left_server.password' },
      "'nodePasswordFile' (not shown, in case it is the password itself) must be the absolute path of a file on the node, "
        + "such as '/etc/pki/ipsec/left_server.password'"],
    ['a password file with dots', { nodePasswordFile: '/etc/../tmp/x' },
      "'nodePasswordFile' ('/etc/../tmp/x') must be an absolute path on the node, of letters, digits, '_', '@', '+', "
        + "'.' and '-' between slashes, because it stands in a systemd unit"],
    ['a password file with a specifier of systemd', { nodePasswordFile: '/etc/%n' },
      "'nodePasswordFile' ('/etc/%n') must be an absolute path on the node, of letters, digits, '_', '@', '+', "
        + "'.' and '-' between slashes, because it stands in a systemd unit"],
    ['a password file that a reboot takes away', { nodePasswordFile: '/run/secrets/left_server' },
      "'nodePasswordFile' ('/run/secrets/left_server') must outlive a reboot, and /run does not: the import runs at every boot; "
        + 'put it under /etc or /var/lib'],
    ['a password file that is the bundle', { nodePasswordFile: '/etc/pki/certs/left_server.p12' },
      "'nodePasswordFile' ('/etc/pki/certs/left_server.p12') is a place where this MachineConfig, systemd or NSS keeps its own files: "
        + 'name the file that holds the password'],
    ['no role', { roles: [] }, "'roles' (an empty list) must name at least one MachineConfigPool, such as 'worker'"],
    ['a role twice', { roles: ['worker', 'worker'] }, "'roles' has 'worker' twice: each pool gets one MachineConfig, name it once"],
    ['a role that is none', { roles: ['Worker'] },
      "'roles' has 'Worker', which can't be the name of a MachineConfigPool: at most 63 lower-case letters, digits, '-' and '.', "
        + "such as 'worker'"],
    ['a nickname that can\'t be a file name', { nickname: '../x' },
      "'nickname' ('../x') must be at most 64 letters, digits, '.', '_' and '-', beginning and ending with a letter or digit, "
        + 'without two dots in a row: files, a systemd unit and the MachineConfig are named by it'],
    ['a nickname with two dots in a row', { nickname: 'a..b' },
      "'nickname' ('a..b') must be at most 64 letters, digits, '.', '_' and '-', beginning and ending with a letter or digit, "
        + 'without two dots in a row: files, a systemd unit and the MachineConfig are named by it'],
    ['the nickname of the documented CA', { nickname: 'CA' },
      "'nickname' ('CA') is the name under which the documented script keeps the CA, which the import cleans up: choose another one"],
    [
      'a path for a bundle',
      { bundle: 'left_server.p12' as any },
      "'bundle' ('left_server.p12') must be a Pkcs12Bundle, such as Pkcs12Bundle.fromFile('left_server.p12')",
    ],
    [
      'a path for CAs',
      { caCertificates: undefined },
      "'caCertificates' (not given) must be a CaBundle, such as CaBundle.fromFile('ca.pem')",
    ],
    [
      'one role as a text',
      { roles: 'worker' as any },
      "'roles' ('worker') must be a list of MachineConfigPools, such as ['master', 'worker']",
    ],
    [
      'a script that is none',
      { importScript: 'rotation_safe' as any },
      "'importScript' ('rotation_safe') must be one of rotation-safe, documented",
    ],
    ['a text for a decision', { acceptPrivateKeyInManifest: 'no' as any }, "'acceptPrivateKeyInManifest' ('no') must be true or false"],
    ['another nickname with the documented script', { nickname: 'other', importScript: ImportScript.DOCUMENTED },
      "'nickname' ('other') must be 'left_server' with ImportScript.DOCUMENTED, which has the name in its text; "
        + 'use ImportScript.ROTATION_SAFE'],
    ['a password with the documented script', { importScript: ImportScript.DOCUMENTED },
      `${SOURCE} needs a password, and ImportScript.DOCUMENTED passes an empty one; use ImportScript.ROTATION_SAFE`],
    ['several CAs with the documented script', {
      importScript: ImportScript.DOCUMENTED,
      bundle: bundle({ password: '' }),
      nodePasswordFile: undefined,
      acceptPrivateKeyInManifest: true,
      caCertificates: CaBundle.fromPem(ca.pem + makeCa({ cn: 'Other CA' }).pem),
    }, 'CA PEM text holds 2 certificates, and ImportScript.DOCUMENTED imports the first one only; use ImportScript.ROTATION_SAFE'],
  ])('%s', (_, props, message) => {
    expect(() => certImport(props)).toThrow(new Error(`test/certs: ${message}`));
  });

  test.each(['/dev/shm/x', '/run/x', '/sys/x', '/tmp/x', '/var/run/x', '/var/tmp/x', '/proc/x'])(
    'a password file that a reboot takes away: %s', (nodePasswordFile) => {
      expect(() => certImport({ nodePasswordFile })).toThrow(`'nodePasswordFile' ('${nodePasswordFile}') must outlive a reboot, and `);
    });

  test.each(['/usr/local/bin/ipsec-addcert.sh', '/etc/pki/certs/ca.pem', '/etc/systemd/system/x', '/var/lib/ipsec/nss/cert9.db'])(
    'a password file that is another one: %s', (nodePasswordFile) => {
      expect(() => certImport({ nodePasswordFile })).toThrow('keeps its own files: name the file that holds the password');
    });

  test('two scripts for one pool, because both are one file on the node', () => {
    const chart = quietChart();
    const cluster = externalCluster(chart);
    new CertImportMachineConfig(chart, 'documented', {
      cluster,
      roles: ['worker'],
      caCertificates,
      bundle: bundle({ password: '' }),
      acceptPrivateKeyInManifest: true,
      importScript: ImportScript.DOCUMENTED,
    });
    new CertImportMachineConfig(chart, 'safe', {
      cluster,
      roles: ['master', 'worker'],
      caCertificates,
      nickname: 'other',
      bundle: bundle({ friendlyName: 'other' }),
      nodePasswordFile: '/etc/pki/ipsec/other',
    });
    expect(() => Testing.synth(chart)).toThrow(
      "test/safe: '/usr/local/bin/ipsec-addcert.sh' is also in MachineConfig '99-worker-import-certs' of role "
        + "'worker', with other contents: the one whose name sorts last wins, and imports both certificates; "
        + 'import all certificates of a role by the '
        + 'same script (machineconfig-file-conflict)',
    );
  });
});

describe('refuses a certificate', () => {
  const refusal = (
    cn: string,
    message: string,
    props: Parameters<typeof makeLeaf>[0] | undefined = undefined,
    nickname = 'left_server',
  ) => {
    const identity = makeLeaf({ ca, cn, ...props });
    expect(() => certImport({ nickname, bundle: bundle({ identity, friendlyName: nickname }) })).toThrow(
      new Error(`test/certs: ${message}`),
    );
  };

  test('whose CN is reserved for traffic between pods', () => {
    refusal('ovs_node1', "PKCS#12 content: certificate CN 'ovs_node1' begins with 'ovs_', which is reserved for pod-to-pod IPsec "
      + 'certificates; issue it with another CN (certificate-cn-reserved)');
  });

  test('whose nickname is reserved for traffic between pods', () => {
    refusal('node1.example.com', "nickname 'ovs_x' begins with 'ovs_', which is reserved for pod-to-pod IPsec certificates; choose "
      + 'another nickname (certificate-cn-reserved)', undefined, 'ovs_x');
  });

  test('under another friendly name, or under none', () => {
    expect(() => certImport({ bundle: bundle({ friendlyName: 'node1' }) })).toThrow(new Error(
      "test/certs: PKCS#12 content has the friendly name 'node1', and NSS imports it under that name, not under the nickname "
        + "'left_server'; export it again with openssl pkcs12 -export -name left_server, or say nickname 'node1' "
        + '(certificate-nickname)'));
    expect(() => certImport({ bundle: bundle({ friendlyName: undefined }) })).toThrow(
      "PKCS#12 content has no friendly name, and NSS makes one up instead of the nickname 'left_server'; "
        + 'export it with openssl pkcs12 -export -name left_server; ');
  });

  test('that another CA issued', () => {
    expect(() =>
      certImport({ caCertificates: CaBundle.fromPem(makeCa({ cn: 'Other CA', key: testKey('rsa-2048', 'other') }).pem) }),
    ).toThrow(
      new Error(
        "test/certs: PKCS#12 content: certificate 'CN=node1.example.com,O=Test' was issued by 'CN=Test CA,O=Test', and CA PEM text does "
          + 'not hold a CA to which its chain leads; add that CA to the CA file, or the intermediate CAs to the bundle (openssl '
          + 'pkcs12 -export -certfile) (certificate-untrusted)',
      ),
    );
  });

  test('whose own root stands in the bundle alone: the node trusts the roots of the CA file', () => {
    const other = CaBundle.fromPem(makeCa({ cn: 'Peer CA', key: testKey('rsa-2048', 'peer') }).pem);
    expect(() => certImport({ caCertificates: other, bundle: bundle({ chain: [ca] }) })).toThrow(
      /and CA PEM text does not hold a CA to which its chain leads; add that CA to the CA file/,
    );
    const both = CaBundle.fromPem(ca.pem + other._content.toString());
    expect(certImport({ caCertificates: both, bundle: bundle({ chain: [ca] }) }).warnings).toEqual([]);
  });

  test('that has expired, on the day that the clock says it is', () => {
    const identity = makeLeaf({ ca, days: 10 });
    const day = (offset: number) => String(Math.floor(Date.now() / 1000) + offset * 86_400);
    const before = process.env.SOURCE_DATE_EPOCH;
    try {
      process.env.SOURCE_DATE_EPOCH = day(11);
      expect(() => certImport({ bundle: bundle({ identity }) })).toThrow(
        /^test\/certs: PKCS#12 content: certificate 'CN=node1\.example\.com,O=Test' expired on \d{4}-\d\d-\d\dT\S+, and libreswan does not load it; issue a new one \(certificate-expired\)$/,
      );
      process.env.SOURCE_DATE_EPOCH = day(5);
      expect(certImport({ bundle: bundle({ identity }) }).warnings).toEqual([
        expect.stringMatching(/^certificate-expires-soon: PKCS#12 content: certificate 'CN=node1\.example\.com,O=Test' /),
      ]);
    } finally {
      if (before === undefined) delete process.env.SOURCE_DATE_EPOCH;
      else process.env.SOURCE_DATE_EPOCH = before;
    }
  });
});
