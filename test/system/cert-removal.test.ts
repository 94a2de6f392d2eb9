import { spawn, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Testing } from 'cdk8s';
import { IMPORT_SCRIPT, REMOVAL_SCRIPT, requireTools } from './tools';
import { CertRemovalMachineConfig } from '../../src';
import { externalCluster, quietChart } from '../constructs/endpoint/fixtures';
import { Identity, makeCa, makeLeaf, makePkcs12, testKey } from '../pki';

requireTools({
  'ignition-validate': 'ignition',
  'certutil': 'libnss3-tools',
  'pk12util': 'libnss3-tools',
  'openssl': 'openssl',
  'shellcheck': 'shellcheck',
});

const key = (name: string) => testKey('rsa-2048', name);
const ca = makeCa({ cn: 'Storage CA', key: key('ca') });
const otherCa = makeCa({ cn: 'Backup CA', key: key('other ca') });
const leaf = makeLeaf({ ca, cn: 'node1.example.com', key: key('leaf') });
const otherLeaf = makeLeaf({ ca, cn: 'node1.backup.example.com', key: key('other leaf') });
const sha = ({ certificate }: Identity) => createHash('sha256').update(certificate).digest('hex');

let directory: string;
let nss: string;
let password: string | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'removal-'));
  nss = join(directory, 'nss');
  mkdirSync(nss);
  password = undefined;
  writeFileSync(join(directory, 'none'), '\n');
});
afterEach(() => rmSync(directory, { recursive: true }));

function nssTool(tool: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
const auth = () => password ?? join(directory, 'none');
const certutil = (...args: string[]) => nssTool('certutil', '-d', `sql:${nss}`, '-f', auth(), ...args);

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(directory, name), content, { mode: 0o600 });
  return join(directory, name);
}

/** A database, and in it what the cluster has for traffic between pods: nothing here may touch that. */
function database(): void {
  certutil('-N');
  const podCa = makeCa({ cn: 'pod CA', key: key('pod ca') });
  certutil('-A', '-n', 'ovs_ca', '-t', 'CT,C,C', '-a', '-i', file('pod-ca.pem', podCa.pem));
  importBundle('ovs_cert', makeLeaf({ ca: podCa, cn: 'ovs_node1', key: key('pod leaf') }));
}

function importBundle(nickname: string, identity: Identity): void {
  const path = file(`${nickname}.p12`, makePkcs12({ identity, friendlyName: nickname, password: 'secret' }));
  nssTool('pk12util', '-d', `sql:${nss}`, '-k', auth(), '-i', path, '-w', file('password', 'secret\n'));
  certutil('-M', '-n', nickname, '-t', 'u,u,u');
}

/** What the import script leaves: the entries, and the record of which CAs the nickname uses. */
function imported(nickname: string, identity: Identity, cas: Identity[]): void {
  importBundle(nickname, identity);
  for (const each of cas) certutil('-A', '-n', `ipsec-ca/${sha(each).slice(0, 16)}`, '-t', 'CT,C,C', '-a', '-i', file('ca.pem', each.pem));
  writeFileSync(
    join(nss, `.ipsec-addcert.${nickname}`),
    [...cas.map((each) => `${sha(each)} CT,C,C ipsec-ca/${sha(each).slice(0, 16)}`), `${sha(identity)} u,u,u ${nickname}`, ''].join('\n'),
  );
}

function remove(nickname: string, env: { [name: string]: string } = {}) {
  const { status, stdout, stderr } = spawnSync('bash', [REMOVAL_SCRIPT], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      TMPDIR: directory,
      IPSEC_NICKNAME: nickname,
      IPSEC_NSS_DIR: nss,
      IPSEC_WAIT: '5',
      ...(password ? { IPSEC_NSS_PASSWORD_FILE: password } : {}),
      ...env,
    },
  });
  return {
    status,
    said: [...stdout.trimEnd().split('\n'), ...stderr.trimEnd().split('\n')]
      .filter((line) => line !== '')
      .map((line) => line.replace('ipsec-removecert: ', '')),
  };
}

const entries = () =>
  certutil('-L')
    .split('\n')
    .slice(4)
    .filter((line) => line !== '')
    .map((line) => line.replace(/ +/g, ' ').trim())
    .sort();
const keys = () =>
  spawnSync('certutil', ['-d', `sql:${nss}`, '-f', auth(), '-K'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.startsWith('<')).length;

const PODS = ['ovs_ca CT,C,C', 'ovs_cert u,u,u'];

describe('removing a certificate', () => {
  test('takes it, its key and its CAs, and nothing of the cluster\'s', () => {
    database();
    imported('left_server', leaf, [ca, otherCa]);
    const { status, said } = remove('left_server');
    expect({ status, said: said.sort() }).toEqual({
      status: 0,
      said: [
        `removed ipsec-ca/${sha(ca).slice(0, 16)}`,
        `removed ipsec-ca/${sha(otherCa).slice(0, 16)}`,
        'removed left_server',
        'left_server is not in ' + nss,
      ].sort(),
    });
    expect(entries()).toEqual(PODS);
    expect(keys()).toBe(1);
    expect(existsSync(join(nss, '.ipsec-addcert.left_server'))).toBe(false);
    expect(readdirSync(directory).filter((name) => name.startsWith('ipsec-removecert'))).toEqual([]);
  });

  test('changes nothing the second time, which is every boot', () => {
    database();
    imported('left_server', leaf, [ca]);
    remove('left_server');
    const before = [readFileSync(join(nss, 'cert9.db')), readFileSync(join(nss, 'key4.db'))];
    expect(remove('left_server')).toEqual({ status: 0, said: [`left_server is not in ${nss}`] });
    expect([readFileSync(join(nss, 'cert9.db')), readFileSync(join(nss, 'key4.db'))]).toEqual(before);
  });

  test('leaves the CAs that another certificate uses', () => {
    database();
    imported('left_server', leaf, [ca]);
    imported('backup', otherLeaf, [ca, otherCa]);
    expect(remove('backup').status).toBe(0);
    expect(entries()).toEqual([`ipsec-ca/${sha(ca).slice(0, 16)} CT,C,C`, 'left_server u,u,u', ...PODS].sort());
    expect(remove('left_server').status).toBe(0);
    expect(entries()).toEqual(PODS);
  });

  test('takes the trust from a CA that another certificate needs only in its chain', () => {
    database();
    imported('left_server', leaf, [ca]);
    imported('backup', otherLeaf, []);
    writeFileSync(join(nss, '.ipsec-addcert.backup'), `${sha(ca)} ,, ipsec-ca/${sha(ca).slice(0, 16)}\n`);
    expect(remove('left_server').status).toBe(0);
    expect(entries()).toEqual([`ipsec-ca/${sha(ca).slice(0, 16)} ,,`, 'backup u,u,u', ...PODS].sort());
  });

  test('takes what a renewal that was cut off left beside it', () => {
    database();
    imported('left_server', leaf, [ca]);
    certutil('--rename', '-n', 'left_server', '--new-n', 'ipsec-old/left_server/1.0');
    importBundle('half', otherLeaf);
    certutil('--rename', '-n', 'half', '--new-n', `ipsec-new/left_server/${sha(otherLeaf)}`);
    expect(remove('left_server').status).toBe(0);
    expect(entries()).toEqual(PODS);
    expect(keys()).toBe(1);
  });

  test('takes what the documented script left: two of one name, one that pk12util named, and its CA', () => {
    database();
    certutil('-A', '-n', 'CA', '-t', 'CT,C,C', '-a', '-i', file('ca.pem', ca.pem));
    importBundle('left_server', leaf);
    importBundle('left_server', makeLeaf({ ca, cn: 'node1.example.com', key: key('renewed leaf') }));
    const path = file(
      'third.p12',
      makePkcs12({
        identity: makeLeaf({ ca, cn: 'node2.example.com', key: key('third leaf') }),
        friendlyName: 'left_server',
        password: 'secret',
      }),
    );
    nssTool('pk12util', '-d', `sql:${nss}`, '-k', auth(), '-i', path, '-w', file('password', 'secret\n'));
    expect(entries().filter((line) => line.startsWith('node2.example.com - '))).toHaveLength(1);
    expect(remove('left_server').status).toBe(0);
    expect(entries()).toEqual(PODS);
    expect(keys()).toBe(1);
  });

  test('leaves a key that another certificate uses', () => {
    database();
    importBundle('left_server', leaf);
    certutil(
      '-A',
      '-n',
      'twin',
      '-t',
      'u,u,u',
      '-a',
      '-i',
      file('twin.pem', makeLeaf({ ca, cn: 'twin.example.com', key: key('leaf') }).pem),
    );
    expect(remove('left_server').status).toBe(0);
    expect(entries().map((line) => line.split(' ')[0])).toEqual(['ovs_ca', 'ovs_cert', 'twin']);
    expect(keys()).toBe(2);
  });

  test('works on a database with a password of its own', () => {
    password = file('nss-password', 'of the database\n');
    database();
    imported('left_server', leaf, [ca]);
    expect(remove('left_server').status).toBe(0);
    expect(entries()).toEqual(PODS);
  });

  test('does not take a nickname that only begins alike', () => {
    database();
    imported('left_server', leaf, [ca]);
    imported('left_server.2', otherLeaf, [otherCa]);
    expect(remove('left_server').status).toBe(0);
    expect(entries()).toEqual([`ipsec-ca/${sha(otherCa).slice(0, 16)} CT,C,C`, 'left_server.2 u,u,u', ...PODS].sort());
    expect(keys()).toBe(2);
  });

  test('is done where there is no database', () => {
    expect(remove('left_server')).toEqual({ status: 0, said: [`there is no database in ${nss}`] });
    expect(readdirSync(nss)).toEqual([]);
  });
});

describe('fails, with one sentence and nothing taken,', () => {
  test('when the password of the database is wrong', () => {
    password = file('nss-password', 'of the database\n');
    database();
    imported('left_server', leaf, [ca]);
    const { status, said } = remove('left_server', { IPSEC_NSS_PASSWORD_FILE: file('wrong', 'wrong\n'), IPSEC_WAIT: '0' });
    expect(status).toBe(1);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(new RegExp(`^cannot [a-z A-Z_]+ ${nss}: could not authenticate`));
    expect(entries()).toContain('left_server u,u,u');
  });

  test('when an import holds the database', async () => {
    database();
    const holder = spawn('flock', ['--no-fork', join(nss, '.ipsec-addcert-lock'), 'sleep', '10']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    try {
      expect(remove('left_server', { IPSEC_WAIT: '0' })).toEqual({ status: 1, said: [`an import has held ${nss} for more than 0 s`] });
    } finally {
      holder.kill();
    }
  });

  test.each([['ovs_cert'], ['CA'], ['a b'], ['../x']])('for %s, which no import can have', (nickname) => {
    database();
    expect(remove(nickname)).toEqual({ status: 1, said: [`nickname '${nickname}' must be letters, digits, . _ - and not CA or ovs_`] });
  });
});

describe('what ipsec-addcert.sh imported', () => {
  function add(nickname: string, identity: Identity, cas: Identity[]): void {
    const { status, stderr } = spawnSync('bash', [IMPORT_SCRIPT], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        TMPDIR: directory,
        IPSEC_NICKNAME: nickname,
        IPSEC_NSS_DIR: nss,
        IPSEC_PKCS12: file('in.p12', makePkcs12({ identity, friendlyName: nickname, password: 'secret' })),
        IPSEC_CA: file('in.pem', cas.map(({ pem }) => pem).join('')),
        IPSEC_PASSWORD_FILE: file('in.password', 'secret\n'),
      },
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }

  test('and renewed, is gone with its CA; what it imported besides stays, and can be imported again', () => {
    database();
    add('left_server', leaf, [ca]);
    add('backup', otherLeaf, [ca, otherCa]);
    const backup = entries().filter((line) => !line.startsWith('left_server'));
    add('left_server', makeLeaf({ ca, cn: 'node9.example.com', key: key('renewed leaf') }), [ca]);
    expect(remove('left_server').status).toBe(0);
    expect(entries()).toEqual(backup);
    expect(keys()).toBe(2);
    add('left_server', leaf, [ca]);
    expect(entries()).toContain('left_server u,u,u');
    for (const nickname of ['backup', 'left_server']) expect(remove(nickname).status).toBe(0);
    expect(entries()).toEqual(PODS);
  });
});

test('the MachineConfig is taken by ignition-validate without a word', () => {
  const chart = quietChart();
  new CertRemovalMachineConfig(chart, 'removal', { cluster: externalCluster(chart), roles: ['worker'] });
  const { config } = Testing.synth(chart)[1].spec;
  // Debian's Ignition reads specifications up to 3.3.0, and the config uses nothing newer.
  const input = JSON.stringify({ ...config, ignition: { version: '3.3.0' } });
  const { status, stdout, stderr } = spawnSync('ignition-validate', ['-'], { input, encoding: 'utf8' });
  expect([status, stdout, stderr]).toEqual([0, '', '']);
});

test('the script is clean for shellcheck', () => {
  expect(spawnSync('shellcheck', [REMOVAL_SCRIPT], { encoding: 'utf8' }).stdout).toBe('');
});
