import { readFileSync } from 'fs';
import { join } from 'path';
import { daemonSet as importingDaemonSet, DOCUMENTED_SCRIPT, file, importUnit, machineConfig, Plain, policy, script, unit } from './documents';
import { fixesOf, foundBy } from './judging';
import { nodeScript } from '../../src/constructs/certificates/import-script';
import { fixture } from '../certificate/fixture';
import { makeCa, makeLeaf, makePkcs12, testKey, LeafProps, Pkcs12Props } from '../pki';

const KEY = testKey('rsa-2048', 'rules');
const ca = makeCa({ key: testKey('rsa-2048', 'rules ca') });
const leaf = (props: Partial<LeafProps> = {}) => makeLeaf({ ca, key: KEY, dnsNames: ['worker-0.example.com'], ...props });
const p12 = (props: Partial<Pkcs12Props> = {}) => makePkcs12({ identity: leaf(), friendlyName: 'left_server', ...props });
const PASSWORD = 'correct horse';
const locked = () => p12({ password: PASSWORD });

/** A MachineConfig that imports a bundle as our construct does: by a unit, with a script that holds nothing. */
function imports(
  bundle: Buffer,
  { ca: caPem = ca.pem, nickname = 'left_server', role = 'worker', files = [] as Plain[], extra = '' } = {},
): Plain {
  return machineConfig({
    role,
    name: `99-${role}-import-certs`,
    files: [...(caPem === '' ? [] : [file('/etc/pki/certs/ca.pem', caPem)]), file('/etc/pki/certs/left_server.p12', bundle), ...files],
    units: [importUnit(nickname, extra)],
  });
}

const of = (props: Partial<LeafProps>) => [imports(p12({ identity: leaf(props) }))];
const silentCa = makeCa({ cn: 'Silent', key: testKey('rsa-2048', 'silent'), basicConstraints: false, keyUsage: undefined });
const documented = (bundle: Buffer, caPem: string | Buffer = ca.pem) => machineConfig({
  files: [file('/etc/pki/certs/ca.pem', caPem), file('/etc/pki/certs/left_server.p12', bundle), script()], units: [unit()],
});
/** Our construct's import, of a CA that says nothing of itself. */
const provenByOpenSsl = () => imports(p12({ identity: makeLeaf({ ca: silentCa, key: KEY }) }), {
  ca: silentCa.pem, files: [file('/usr/local/bin/ipsec-addcert.sh', nodeScript('ipsec-addcert.sh'))],
});
const middleCa = makeCa({ cn: 'Middle', key: testKey('rsa-2048', 'middle'), issuer: ca });
const twoCaFiles = (trust: string, password = '') => {
  const middle = middleCa;
  return machineConfig({
    files: [
      file('/etc/pki/certs/middle.pem', middle.pem), file('/etc/pki/certs/root.pem', ca.pem),
      file('/etc/pki/certs/other.pem', makeCa({ cn: 'Other' }).pem),
      file('/etc/pki/certs/left_server.p12', p12({ identity: makeLeaf({ ca: middle, key: KEY }), password })),
      script(`certutil -A -n other -t CT,C,C -i /etc/pki/certs/other.pem -d .\ncertutil -A -n middle -t ,, -i /etc/pki/certs/middle.pem -d .
certutil -A -n root -t ${trust} -i /etc/pki/certs/root.pem -d .\npk12util -W "" -i /etc/pki/certs/left_server.p12 -d .\n`),
    ],
  });
};
const pinned = (trust: string) => machineConfig({
  name: 'pinned',
  files: [file('/etc/pki/certs/peer.pem', leaf().pem), script(`certutil -A -n peer -t "${trust}" -i `
    + '/etc/pki/certs/peer.pem -d .\npk12util -W "" -i /etc/x.p12 -d .\n')],
});
const trusting = (trust: string, root: { readonly pem: string }, then = '') => machineConfig({
  files: [file('/etc/pki/certs/ca.pem', root.pem), script(`certutil -A -n CA -t "${trust}" -i /etc/pki/certs/ca.pem -d .\n${then}\n`)],
});
const severities = (rule: string, documents: Plain[], passwords: string[] = []) =>
  foundBy(rule, documents, { passwords: passwords.map((password) => Buffer.from(password)) }).map(([severity]) => severity);
const worker = { selector: { 'node-role.kubernetes.io/worker': '' } };

/** A pool of one host, and the import for it. */
const ofHost = (pool: string, host: string, bundle: Buffer): Plain[] => [
  {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfigPool',
    metadata: { name: pool },
    spec: { nodeSelector: { matchLabels: { 'kubernetes.io/hostname': host } } },
  },
  imports(bundle, { role: pool }),
];

type Case = readonly [rule: string, what: string, documents: () => Plain[], severities: string[], passwords?: string[]];
const CASES: Case[] = [
  ['certificate-cn-reserved', 'a CN', () => of({ cn: 'ovs_node1' }), ['error']],
  ['certificate-cn-reserved', 'a nickname in a policy', () => [policy({ leftcert: 'ovs_node1' })], ['error']],
  ['certificate-cn-reserved', 'a CN that has it further on', () => of({ cn: 'node_ovs_1' }), []],
  ['certificate-shared', 'pools of two hosts with one certificate', () => {
    const shared = p12();
    return [...ofHost('ipsec-a', 'a', shared), ...ofHost('ipsec-b', 'b', shared)];
  }, ['warning']],
  ['certificate-shared', 'two pools of one host', () => {
    const shared = p12();
    return [...ofHost('ipsec-a', 'a', shared), ...ofHost('ipsec-b', 'a', shared)];
  }, []],
  ['certificate-shared', 'pools of two hosts, each with its own', () => [
    ...ofHost('ipsec-a', 'a', p12()), ...ofHost('ipsec-b', 'b', p12({ identity: leaf({ cn: 'b.example.com' }) })),
  ], []],
  ['certificate-cn-length', '65 characters', () => of({ cn: 'a'.repeat(65) }), ['error']],
  ['certificate-cn-length', '64 characters', () => of({ cn: 'a'.repeat(64) }), []],
  ['certificate-expired', 'yesterday', () => of({ startsIn: -10, days: -1 }), ['error']],
  ['certificate-expired', 'not yet valid', () => of({ startsIn: 1, days: 100 }), ['error']],
  ['certificate-expired', 'tomorrow', () => of({ days: 1 }), []],
  ['certificate-expires-soon', '29 days', () => of({ days: 29 }), ['warning']],
  ['certificate-expires-soon', '31 days', () => of({ days: 31 }), []],
  ['certificate-key-size', '1024 bits', () => of({ key: testKey('rsa-1024', 'rules') }), ['error']],
  ['certificate-key-size', '2048 bits', () => of({}), []],
  ['certificate-key-type', 'an elliptic curve with %cert', () => [...of({ key: testKey('ec', 'rules') }), policy()], ['error']],
  [
    'certificate-key-type',
    'an elliptic curve with authby=ecdsa',
    () => [...of({ key: testKey('ec', 'rules') }), policy({ authby: 'ecdsa' })],
    [],
  ],
  ['certificate-key-type', 'an elliptic curve that no connection is known to use', () => of({ key: testKey('ec', 'rules') }), ['error']],
  ['certificate-signature', 'SHA-1', () => of({ hash: 'sha1' }), ['error']],
  ['certificate-signature', 'SHA-256', () => of({ hash: 'sha256' }), []],
  ['certificate-usage', 'keyEncipherment only', () => of({ keyUsage: [2] }), ['error']],
  ['certificate-usage', 'code signing', () => of({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.3'] }), ['error']],
  ['certificate-usage', 'digitalSignature and serverAuth', () => of({ keyUsage: [0], extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }), []],
  ['certificate-untrusted', 'another CA', () => [imports(p12(), { ca: makeCa({ cn: 'Other' }).pem })], ['error']],
  ['certificate-untrusted', 'no CA file, and the CA not in the bundle', () => [imports(p12(), { ca: '' })], ['warning']],
  ['certificate-untrusted', 'the CA in the bundle', () => [imports(p12({ chain: [ca] }), { ca: '' })], []],
  ['certificate-untrusted', 'the CA in the file', () => of({}), []],
  ['certificate-ca', 'no CA', () => [imports(p12(), { ca: leaf().pem })], ['error']],
  ['certificate-ca', 'no certificate', () => [imports(p12(), { ca: 'nothing here' })], ['error']],
  [
    'certificate-ca',
    'two that the documented script takes one of',
    () => [documented(p12(), ca.pem + makeCa({ cn: 'Other' }).pem)],
    ['warning'],
  ],
  ['certificate-ca', 'one', () => [documented(p12())], []],
  ['certificate-ca', 'what is no certificate, given to certutil', () => [documented(p12(), 'nothing here')], ['error']],
  [
    'certificate-ca',
    'a root that does not say that it is one',
    () => [documented(p12({ identity: makeLeaf({ ca: silentCa, key: KEY }) }), silentCa.pem)],
    ['warning'],
  ],
  ['certificate-ca', 'such a root beside a bundle that does not open', () => [imports(locked(), { ca: silentCa.pem })], ['warning']],
  [
    'certificate-ca',
    'a root and an intermediate CA in two files beside a bundle that does not open',
    () => [twoCaFiles('CT,C,C', PASSWORD)],
    [],
  ],
  ['certificate-ca', 'no root beside a bundle that does not open', () => [imports(locked(), { ca: middleCa.pem })], ['error']],
  [
    'certificate-expired',
    'a CA beside a bundle that does not open',
    () => [imports(locked(), { ca: ca.pem + makeCa({ cn: 'Old', startsIn: -9, days: -1 }).pem })],
    ['warning'],
  ],
  ['certificate-ca', 'such a root where OpenSSL proves the certificate too', () => [provenByOpenSsl()], ['error']],
  [
    'certificate-untrusted',
    'a root that does not say that it is one',
    () => [documented(p12({ identity: makeLeaf({ ca: silentCa, key: KEY }) }), silentCa.pem)],
    [],
  ],
  ['certificate-untrusted', 'a CA file that cannot be read', () => [documented(p12(), 'nothing here')], []],
  ['certificate-untrusted', 'the root in one file, the intermediate CA in another', () => [twoCaFiles('CT,C,C')], []],
  ['certificate-untrusted', 'the root as the certificate of a peer', () => [twoCaFiles('P,,')], ['error']],
  ['certificate-ca', 'the certificate of a peer', () => [documented(p12(), ca.pem), pinned('P,,')], []],
  ['certificate-ca', 'the certificate of a peer, imported as a CA', () => [pinned('CT,C,C')], ['error']],
  ['certificate-ca', 'in DER, which certutil reads', () => [documented(p12(), ca.certificate)], []],
  ['certificate-trust', 'a root without trust', () => [trusting(',,', ca)], ['warning']],
  ['certificate-trust', 'a root without trust that does not say that it is one', () => [trusting(',,', silentCa)], ['error']],
  ['certificate-trust', 'a root that is trusted', () => [trusting('CT,C,C', ca)], []],
  ['certificate-trust', 'a root that is trusted afterwards', () => [trusting(',,', ca, 'certutil -M -n CA -t CT,C,C -d .')], []],
  [
    'certificate-trust',
    'another one that is trusted afterwards',
    () => [trusting(',,', ca, 'certutil -M -n left_server -t u,u,u -d .')],
    ['warning'],
  ],
  ['certificate-trust', 'an intermediate CA without trust', () => [trusting(',,', makeCa({ cn: 'Middle', issuer: ca }))], []],
  [
    'pkcs12-as-certificate',
    'by its name',
    () => [machineConfig({ files: [script('certutil -A -n x -t u,u,u -d . -i /etc/pki/x.p12')] })],
    ['error'],
  ],
  [
    'pkcs12-as-certificate',
    'by its bytes',
    () => [machineConfig({ files: [file('/etc/pki/x.crt', p12()), script('certutil -A -n x -t u,u,u -d . -i /etc/pki/x.crt')] })],
    ['error'],
  ],
  ['pkcs12-as-certificate', 'given to pk12util', () => [documented(p12())], []],
  ['certificate-san', 'left that it does not hold', () => [...of({}), policy({ left: 'worker-1.example.com' })], ['warning']],
  ['certificate-san', 'leftid that it does not hold', () => [...of({}), policy({ leftid: '@worker-1.example.com' })], ['error']],
  ['certificate-san', 'leftid that is an address', () => [...of({}), policy({ leftid: '192.0.2.1' })], ['error']],
  [
    'certificate-san',
    'leftid and left that it holds',
    () => [...of({}), policy({ left: 'worker-0.example.com', leftid: '@worker-0.example.com' })],
    [],
  ],
  ['certificate-san', 'its subject as the id', () => [...of({}), policy()], []],
  ['certificate-nickname', 'another one in the policy', () => [imports(p12()), policy({ leftcert: 'right_server' })], ['error']],
  ['certificate-nickname', 'another role', () => [imports(p12(), { role: 'master' }), policy({}, worker)], ['error']],
  ['certificate-nickname', 'another friendly name', () => [imports(p12({ friendlyName: 'allnodes' }))], ['error']],
  ['certificate-nickname', 'no friendly name', () => [imports(p12({ friendlyName: undefined }))], ['error']],
  ['certificate-nickname', 'no import at all', () => [policy()], ['warning']],
  ['certificate-nickname', 'the script sets the trust of another one', () => [
    machineConfig({ files: [script(DOCUMENTED_SCRIPT.replace('"left_server"', '"allnodes"'))] }), policy(),
  ], ['error']],
  ['certificate-nickname', 'the same', () => [imports(p12()), policy()], []],
  ['certificate-nickname', 'the same in a bundle that does not open', () => [imports(locked()), policy()], []],
  [
    'certificate-nickname',
    'worker for a custom pool',
    () => [imports(p12()), policy({}, { selector: { 'node-role.kubernetes.io/infra': '' } })],
    [],
  ],
  ['pkcs12-unreadable', 'a text', () => [imports(Buffer.from('not a bundle'))], ['error']],
  ['pkcs12-unreadable', 'no MAC', () => [imports(p12({ withMac: false }))], ['error']],
  ['pkcs12-unreadable', 'no key', () => [imports(p12({ keys: [] }))], ['error']],
  ['pkcs12-unreadable', 'a password where the script gives none', () => [documented(locked())], ['error']],
  ['pkcs12-unreadable', 'a password where the script gives none, and we are given it', () => [documented(locked())], ['error'], [PASSWORD]],
  ['pkcs12-unreadable', 'a password that nobody gives us', () => [imports(locked())], []],
  ['pkcs12-unreadable', 'a bundle', () => [documented(p12())], []],
  [
    'pkcs12-legacy-encryption',
    'RC2 and 3DES',
    () => [imports(readFileSync(join(__dirname, '../certificate/fixtures/nss-legacy.p12')))],
    ['warning'],
    ['password', 'secret', 's3cret', 'changeit'],
  ],
  ['pkcs12-legacy-encryption', 'AES', () => of({}), []],
  ['private-key-exposed', 'no password', () => [imports(p12())], ['warning']],
  [
    'private-key-exposed',
    'a password beside it',
    () => [imports(locked(), { files: [file('/etc/pki/certs/left_server.password', `${PASSWORD}\n`)] })],
    ['warning'],
  ],
  [
    'private-key-exposed',
    'a key outside of what the password encrypts',
    () => [imports(fixture('key-in-clear.p12'))],
    ['warning'],
    ['secret'],
  ],
  ['private-key-exposed', 'a key outside of what an unknown password encrypts', () => [imports(fixture('key-in-clear.p12'))], ['warning']],
  ['private-key-exposed', 'an encrypted key in a part that nothing encrypts', () => [imports(fixture('key-inside-clear-safe.p12'))], []],
  [
    'private-key-exposed',
    'a PEM key',
    () => [machineConfig({ files: [file('/etc/x.key', KEY.export({ type: 'pkcs8', format: 'pem' }) as string)] })],
    ['warning'],
  ],
  [
    'private-key-exposed',
    'a PEM key with a password',
    () => [
      machineConfig({
        files: [file('/etc/x.key', KEY.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }) as string)],
      }),
    ],
    [],
  ],
  ['private-key-exposed', 'a password that nobody gives us', () => [imports(locked())], []],
  ['private-key-exposed', 'a password that only we are given', () => [imports(locked())], [], [PASSWORD]],
  ['password-in-manifest', 'in a file', () => [imports(locked(), { files: [file('/etc/ipsec.d/p12-password', PASSWORD)] })], ['error']],
  ['password-in-manifest', 'in a unit', () => [imports(locked(), { extra: `Environment="P12_PASSWORD=${PASSWORD}"` })], ['error']],
  [
    'password-in-manifest',
    'in a script',
    () => [imports(locked(), { files: [script(DOCUMENTED_SCRIPT.replace('-W ""', `-W '${PASSWORD}'`))] })],
    ['error'],
  ],
  [
    'password-in-manifest',
    'in another MachineConfig',
    () => [imports(locked()), machineConfig({ name: 'other', files: [file('/etc/ipsec.d/password', PASSWORD)] })],
    ['error'],
  ],
  [
    'password-in-manifest',
    'one that does not open it',
    () => [imports(locked(), { files: [file('/etc/ipsec.d/password', 'another')] })],
    [],
  ],
  [
    'password-in-manifest',
    'the path of one',
    () => [imports(locked(), { extra: 'Environment=IPSEC_PASSWORD_FILE=/etc/pki/ipsec/left_server.password' })],
    [],
  ],
];

describe('certificates in MachineConfigs', () => {
  test.each(CASES.map((one) => [one[0], one[1], one] as const))('%s: %s', (rule, _, [, , documents, expected, passwords]) => {
    expect(severities(rule, documents(), passwords)).toEqual(expected);
  });

  test('are told about without a password or a byte of a key', () => {
    const documents = [
      imports(locked(), { files: [file('/etc/ipsec.d/password', PASSWORD)], extra: `Environment="P12_PASSWORD=${PASSWORD}"` }),
    ];
    for (const [rule] of CASES) expect(JSON.stringify(foundBy(rule, documents))).not.toContain(PASSWORD);
  });

  test('count as expiring soon by as many days as is asked for', () => {
    expect(foundBy('certificate-expires-soon', of({ days: 50 }), { expiresSoonDays: 60 })).toHaveLength(1);
    expect(foundBy('certificate-expires-soon', of({ days: 50 }), { expiresSoonDays: 40 })).toHaveLength(0);
  });
});

describe('what to do is something that is not done yet', () => {
  test.each<[rule: string, what: string, documents: () => Plain[], fix: string]>([
    [
      'certificate-san',
      'left beside leftid %fromcert',
      () => [...of({}), policy({ left: 'worker-1.example.com', leftid: '%fromcert' })],
      "Issue the certificate with that name in its SAN, or write left: '%defaultroute'.",
    ],
    [
      'certificate-san',
      'leftid',
      () => [...of({}), policy({ leftid: '@worker-1.example.com' })],
      "Issue the certificate with that name or address in its SAN, or use leftid: '%fromcert'.",
    ],
    [
      'certificate-ca',
      'several CAs for certutil',
      () => [documented(p12(), ca.pem + makeCa({ cn: 'Other' }).pem)],
      'Give each CA a file and a certutil -A of its own, or use an import script that takes them all.',
    ],
    ['certificate-ca', 'no certificate', () => [documented(p12(), 'nothing here')], 'Give the certificates of the CAs, in PEM.'],
    [
      'certificate-ca',
      'a root that says nothing of itself',
      () => [documented(p12({ identity: makeLeaf({ ca: silentCa, key: KEY }) }), silentCa.pem)],
      'Issue the certificate of the CA again with basicConstraints=critical,CA:TRUE.',
    ],
    [
      'certificate-ca',
      'no root',
      () => [documented(p12({ identity: makeLeaf({ ca: middleCa, key: KEY }) }), middleCa.pem)],
      'Add the CA that issued itself to the file.',
    ],
    [
      'certificate-untrusted',
      'no CA file',
      () => [imports(p12(), { ca: '' })],
      'Add the CA file to the set, or see that other means import the CA.',
    ],
    [
      'certificate-expired',
      'not yet valid',
      () => of({ startsIn: 1, days: 100 }),
      'Wait until then, or issue it with an earlier beginning.',
    ],
    [
      'certificate-nickname',
      'another friendly name',
      () => [imports(p12({ friendlyName: 'allnodes' }))],
      'Export it again with openssl pkcs12 -export -name ' + "left_server, or say nickname 'allnodes'.",
    ],
    [
      'private-key-exposed',
      'a password beside it',
      () => [imports(locked(), { files: [file('/etc/pki/certs/left_server.password', PASSWORD)] })],
      'Have the password put on the node by other means, and export the bundle again with another one.',
    ],
    ['private-key-exposed', 'a key that nothing encrypts', () => [imports(fixture('key-in-clear.p12'))],
      'Export the bundle again without -keypbe NONE (openssl pkcs12 -export).'],
    [
      'private-key-exposed',
      'a PEM key',
      () => [machineConfig({ files: [file('/etc/x.key', KEY.export({ type: 'pkcs8', format: 'pem' }) as string)] })],
      'Have the key put on the node by other means, or bring it in a PKCS#12 bundle whose password comes by other means.',
    ],
    [
      'machineconfig-import-order',
      'after ipsec.service',
      () => [
        machineConfig({
          files: [script()],
          units: [unit('[Unit]\nAfter=network.target ipsec.service\n[Service]\nExecStart=/usr/local/bin/ipsec-addcert.sh\n')],
        }),
      ],
      'Write Before=ipsec.service in place of After=ipsec.service.',
    ],
  ])('%s: %s', (rule, _, documents, fix) => {
    expect(fixesOf(rule, documents())).toEqual([fix]);
  });
});

describe('what counts as a password in a script', () => {
  test.each([
    ['a variable', `P12_PASSWORD=${PASSWORD.replace(' ', '')}`], ['an exported one in quotes', `export PASSPHRASE='${PASSWORD}'`],
    ['one of a function', `  local P12_PIN="${PASSWORD}"`], ['an argument of pk12util', `pk12util -i x -W '${PASSWORD}'`],
    ['an argument of openssl', `openssl pkcs12 -in x -passin 'pass:${PASSWORD}'`],
    ['what echo writes', `echo ${PASSWORD.replace(' ', '')} >/run/x`], ['what printf writes', `printf '%s' ${PASSWORD.replace(' ', '')} `
      + '| pk12util -i x -w /dev/stdin'],
  ])('%s', (_, line) => {
    const password = line.includes(PASSWORD) ? PASSWORD : PASSWORD.replace(' ', '');
    const documents = [
      imports(p12({ password }), { files: [script(`pk12util -w /run/x -i /etc/pki/certs/left_server.p12 -d .\n${line}\n`)] }),
    ];
    expect(foundBy('password-in-manifest', documents)).toEqual([
      [
        'error',
        '/spec/config/storage/files/2',
        "'/usr/local/bin/ipsec-addcert.sh' holds the password that opens '/etc/pki/certs/left_server.p12' in the same MachineConfig",
      ],
    ]);
  });

  test.each([
    ['-W', 'pk12util (-W)', 'pk12util -W s3cret'], ['-K', 'pk12util (-K)', 'pk12util -W "" -K s3cret'],
    ['pass:', 'openssl (pass:)', 'openssl pkcs12 -in x -passout pass:s3cret\npk12util -W ""'],
  ])('an argument that every process can read, by its option: %s', (_, how, words) => {
    expect(
      foundBy('password-in-arguments', [machineConfig({ files: [script(DOCUMENTED_SCRIPT.replace('pk12util -W ""', words))] })]),
    ).toEqual([
      [
        'warning',
        '/spec/config/storage/files/0',
        `'/usr/local/bin/ipsec-addcert.sh' passes a password as an argument of ${how}, where every process on the node can read it`,
      ],
    ]);
  });
});

describe('a private key in a Secret', () => {
  const pem = KEY.export({ type: 'pkcs8', format: 'pem' }).toString();
  const daemonSet = (secret: string) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'ipsec-cert-import', namespace: 'ipsec' },
    spec: {
      template: {
        spec: {
          containers: [{
            name: 'import',
            command: ['/bin/bash', '/opt/ipsec-from-secret/ipsec-from-secret.sh', 'follow'],
            env: [{ name: 'IPSEC_NICKNAME', value: 'left_server' }, { name: 'IPSEC_SECRET', value: secret }],
          }],
        },
      },
    },
  });
  const secret = (name: string, content: object, namespace = 'ipsec') => (
    { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, ...content });
  const data = { data: { 'tls.key': Buffer.from(pem).toString('base64'), 'tls.crt': 'eA==' } };
  const found = (path: string, name: string) => ['warning', path,
    `Secret '${name}' holds a private key that no password protects, for whoever may read the repository that keeps it`];

  test.each([
    ['that the DaemonSet reads', 'left-server', secret('left-server', data), [found('/data/tls.key', 'left-server')]],
    ['as a text', 'left-server', secret('left-server', { stringData: { 'tls.key': pem } }), [found('/stringData/tls.key', 'left-server')]],
    ['of one of its nodes', 'ipsec-$(IPSEC_NODE)', secret('ipsec-worker-0', data), [found('/data/tls.key', 'ipsec-worker-0')]],
    ['of another name', 'left-server', secret('ingress', data), []],
    ['of no node', 'ipsec-$(IPSEC_NODE)', secret('ipsec-', data), []],
    ['in another namespace', 'left-server', secret('left-server', data, 'default'), []],
    ['that is encrypted', 'left-server', secret('left-server', { stringData: { key: 'Proc-Type: 4,ENCRYPTED\n' + pem } }), []],
    ['that is not there', 'left-server', secret('left-server', { data: { 'tls.crt': 'eA==', 'odd': 7 } }), []],
  ])('%s', (_, name, object, expected) => {
    expect(foundBy('private-key-exposed', [daemonSet(name), object])).toEqual(expected);
  });

  test('without a DaemonSet is somebody else\'s matter', () => {
    expect(foundBy('private-key-exposed', [secret('left-server', data)])).toEqual([]);
  });
});

test('a DaemonSet may not import under a name of OVN-Kubernetes', () => {
  const env = [{ name: 'IPSEC_NICKNAME', value: 'ovs_left' }];
  const command = ['/bin/bash', '/opt/ipsec-from-secret/ipsec-from-secret.sh', 'follow'];
  expect(foundBy('certificate-cn-reserved', [{
    apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'x' }, spec: { template: { spec: { containers: [{ command, env }] } } },
  }])).toEqual([['error', '/spec/template/spec/containers/0/env/0/value',
    "nickname 'ovs_left' begins with 'ovs_', which is reserved for pod-to-pod IPsec certificates"]]);
});

describe('a leftcert that nothing brings to the nodes is told in full', () => {
  const LEFTCERT = '/spec/desiredState/interfaces/0/libreswan/leftcert';
  const other = policy({ leftcert: 'right_server' }, worker);

  test.each<[string, Plain[], Plain, string, string]>([
    ['by a MachineConfig under another name', [imports(p12())], other, 'error',
      "'leftcert' ('right_server') is imported by none of the MachineConfigs in the set, which import 'left_server'"],
    ['by a DaemonSet under another name', [importingDaemonSet('left-server')], other, 'error',
      "'leftcert' ('right_server') is imported by none of the objects in the set, which import 'left_server'"],
    ['by MachineConfigs for other nodes under another name', [imports(p12(), { role: 'master' })], other, 'error',
      "'leftcert' ('right_server') is imported by none of the MachineConfigs in the set, which import nothing for these nodes"],
    ['for another role', [imports(p12(), { role: 'master' })], policy({}, worker), 'error',
      "'leftcert' ('left_server') is imported for role master and not for worker, the role of these nodes"],
    ['by nothing', [], other, 'warning', "'leftcert' ('right_server') is imported by nothing in the set"],
  ])('%s', (_, brought, connection, severity, message) => {
    expect(foundBy('certificate-nickname', [...brought, connection])).toEqual([[severity, LEFTCERT, message]]);
  });
});
