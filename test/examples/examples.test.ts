import { spawnSync } from 'child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { demo } from '../../examples/demo';
import { makeThrowawayPki } from '../../examples/throwaway-pki';
import { InputError } from '../../src';
import { decodeContents } from '../data-url';
import { makeCa, makeLeaf, makePkcs12 } from '../pki';

const ROOT = join(__dirname, '..', '..');
const scratch = () => mkdtempSync(join(tmpdir(), 'examples-'));
const objects = (file: string) => parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJSON());

describe('the demo', () => {
  const FILES = ['0000-ipsec-certificates-c81c74bc.yaml', '0001-ipsec-mode-c8c453f6.yaml', '0002-ipsec-endpoints-c81283d2.yaml'];
  const out = scratch();
  let told: string;
  beforeAll(() => { told = demo([], out); });

  test('writes every manifest of the main job, in files that sort in the order of application', () => {
    const manifests = join(out, 'manifests');
    expect(readdirSync(manifests)).toEqual([...FILES, 'apply.sh']);
    expect(
      FILES
        .flatMap((file) => objects(join(manifests, file)))
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ).toEqual([
      'MachineConfig 99-master-import-certs',
      'MachineConfig 99-worker-import-certs',
      'Network cluster',
      'NodeNetworkConfigurationPolicy ipsec-storage-worker-0',
      'NodeNetworkConfigurationPolicy ipsec-gateway',
    ]);
    const [storage, gateway] = objects(join(manifests, FILES[2])).map(
      ({ spec }) => spec.desiredState.interfaces[0].libreswan.type,
    );
    expect([storage, gateway]).toEqual(['transport', 'tunnel']);
  });

  test('names each object, the private key\'s places, the reboots and the warnings', () => {
    for (const text of [
      "Network 'cluster'", "MachineConfig '99-master-import-certs', MachineConfig '99-worker-import-certs'",
      "NodeNetworkConfigurationPolicy 'ipsec-gateway'",
      'every node reboots once', 'goes into no manifest', 'ipsec/endpoints/gateway: ', ...FILES, 'apply.sh', '(certificate-shared)',
    ]) expect(told).toContain(text);
  });

  test('puts the bundle into the manifests as it is, and the password nowhere', () => {
    const [{ spec }] = objects(join(out, 'manifests', FILES[0]));
    const bundle = spec.config.storage.files.find(({ path }: { path: string }) => path.endsWith('.p12'));
    expect(decodeContents(bundle.contents).equals(readFileSync(join(out, 'pki', 'left_server.p12')))).toBe(true);
    const password = readFileSync(join(out, 'pki', 'left_server.password'), 'utf8').trim();
    for (const file of readdirSync(join(out, 'manifests'))) {
      expect(readFileSync(join(out, 'manifests', file), 'utf8')).not.toContain(password);
    }
  });

  test('marks the manifest that has the key in it, so that the search of docs/keys.md finds it', () => {
    const [line] = /^grep .*$/m.exec(readFileSync(join(__dirname, '..', '..', 'docs', 'keys.md'), 'utf8'))!;
    const command = line.replace(/dist$/, 'manifests');
    expect(spawnSync('bash', ['-c', command], { cwd: out, encoding: 'utf8' }).stdout).toBe(`manifests/${FILES[0]}\n`);
  });

  test('keeps the key and its password out of Git', () => {
    const git = (...args: string[]) => spawnSync('git', ['-C', out, ...args], { encoding: 'utf8' }).stdout;
    git('init', '--quiet');
    expect(git('status', '--porcelain', '--untracked-files=all').split('\n').filter((line) => line !== '').sort()).toEqual(
      ['.gitignore', 'manifests/apply.sh', ...FILES.map((file) => `manifests/${file}`)].map((file) => `?? ${file}`).sort(),
    );
  });

  test('takes the user\'s own files, and gives the same bytes from them each time', () => {
    const files = makeThrowawayPki(join(scratch(), 'own'));
    const args = ['--ca', files.ca, '--bundle', files.bundle, '--password-file', files.passwordFile];
    const written = () => {
      const to = scratch();
      demo(args, to);
      expect(existsSync(join(to, 'pki'))).toBe(false);
      return readdirSync(join(to, 'manifests')).map((file) => readFileSync(join(to, 'manifests', file), 'utf8'));
    };
    expect(written()).toEqual(written());
  });
});

describe('a mistake in the demo\'s files is one sentence and no stack trace:', () => {
  const files = makeThrowawayPki(join(scratch(), 'pki'));
  const wrong = join(scratch(), 'wrong.password');
  writeFileSync(wrong, 'not it\n');
  const expired = join(scratch(), 'expired.p12');
  const ca = makeCa();
  const expiredCa = join(scratch(), 'ca.pem');
  writeFileSync(expiredCa, ca.pem);
  writeFileSync(
    expired,
    makePkcs12({ identity: makeLeaf({ ca, days: -1, startsIn: -30 }), friendlyName: 'left_server', password: 'throwaway-password' }),
  );

  test.each<[string, string[], RegExp]>([
    [
      'a misspelt path',
      ['--ca', 'no-such-ca.pem', '--bundle', files.bundle],
      /^CA file 'no-such-ca\.pem' does not exist \(the path is relative to the working directory, \S+\)$/,
    ],
    ['the wrong password', ['--ca', files.ca, '--bundle', files.bundle, '--password-file', wrong],
      /^PKCS#12 file '\S+' does not open with the password in '\S+': it is the wrong one, or the bundle is damaged \(one line end after the password is dropped, every other character counts\)$/],
    [
      'no password',
      ['--ca', files.ca, '--bundle', files.bundle],
      /^PKCS#12 file '\S+' does not open without a password: name the file that holds it as 'passwordFile'$/,
    ],
    [
      'a PEM for a p12',
      ['--ca', files.ca, '--bundle', files.ca],
      /^PKCS#12 file '\S+' is a PEM file, not PKCS#12: make a bundle of it with openssl pkcs12 -export -name left_server .*$/,
    ],
    ['a p12 for a PEM', ['--ca', files.bundle, '--bundle', files.bundle], /^CA file '\S+' is PKCS#12, not PEM: .*$/],
    ['an expired certificate', ['--ca', expiredCa, '--bundle', expired, '--password-file', files.passwordFile],
      /^ipsec\/certificates\/certs: PKCS#12 file '\S+': certificate 'CN=node1\.example\.com,O=Test' expired on \S+, and libreswan does not load it; issue a new one \(certificate-expired\)$/],
    [
      'half of the files',
      ['--ca', files.ca],
      /^'--ca' and '--bundle' go together, with or without '--password-file': name both for your own files, or none for a throwaway PKI$/,
    ],
    ['a password for nothing', ['--password-file', wrong], /^'--ca' and '--bundle' go together, /],
  ])('%s', (_, args, message) => {
    expect(() => demo(args, scratch())).toThrow(InputError);
    expect(() => demo(args, scratch())).toThrow(message);
  });

  test('told on standard error, with exit code 1', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [
      require.resolve('ts-node/dist/bin'), '--transpile-only', '--project', 'examples/tsconfig.json', 'examples/demo.ts', '--ca', 'nope',
      '--bundle', 'nope',
    ], { cwd: ROOT, encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([
      1,
      '',
      `error: CA file 'nope' does not exist (the path is relative to the working directory, ${ROOT})\n`,
    ]);
  });
});

test('the program of the README is the file in examples, in both languages', () => {
  for (const [language, file] of [['ts', 'quickstart.ts'], ['python', 'quickstart.py']]) {
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(`\`\`\`${language}\n${readFileSync(join(ROOT, 'examples', file), 'utf8')}\`\`\``);
  }
  expect(readFileSync(join(ROOT, 'docs/several-clusters.md'), 'utf8')).toContain(readFileSync(join(ROOT, 'examples', 'fleet.ts'), 'utf8'));
});

test('the quickstart of the first tunnel is the file in examples, and writes a file for each stage', () => {
  const quickstart = readFileSync(join(ROOT, 'examples', 'quickstart.ts'), 'utf8');
  expect(readFileSync(join(ROOT, 'docs/first-tunnel.md'), 'utf8')).toContain(`\`\`\`ts\n${quickstart}\`\`\``);

  const directory = scratch();
  const files = makeThrowawayPki(join(directory, 'pki'));
  for (const [from, to] of [
    [files.ca, 'ca.pem'],
    [files.bundle, 'left_server.p12'],
    [files.passwordFile, 'left_server.password'],
  ]) {
    copyFileSync(from, join(directory, to));
  }
  const before = process.cwd();
  try {
    process.chdir(directory);
    jest.requireActual('../../examples/quickstart');
  } finally {
    process.chdir(before);
  }
  const dist = join(directory, 'dist');
  const written = readdirSync(dist).sort().map((file) => [file, objects(join(dist, file)).map(({ kind, metadata: { name } }) => `${kind} ${name}`)]);
  expect(written).toEqual([
    ['0000-ipsec-certificates-c81c74bc.k8s.yaml', [
      'MachineConfig 99-master-import-certs', 'MachineConfig 99-worker-import-certs', 'MachineConfig 99-worker-ipsec-guard',
      'MachineConfig 99-worker-ipsec-autoconnect',
    ]],
    ['0001-ipsec-mode-c8c453f6.k8s.yaml', ['Network cluster']],
    ['0002-ipsec-endpoints-c81283d2.k8s.yaml', ['NodeNetworkConfigurationPolicy ipsec-storage-worker-0']],
  ]);
});
