import { spawn } from 'child_process';
import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { Node } from './node';
import { Certificate, IMPORT_SCRIPT, must, Pki, REMOVAL_SCRIPT, requireTools, run, scratch } from './tools';

requireTools({ bash: 'bash', certutil: 'libnss3-tools', openssl: 'openssl', pk12util: 'libnss3-tools', python3: 'python3' });

const KILLS = 64;
/** Many runs, one after another: a test that hangs ends all the same. In milliseconds. */
const PATIENCE = 1_200_000;
const seed = Number(process.env.POWER_CUT_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Numbers from 0 to 1, the same for one seed. */
function chance(start: number): () => number {
  let drawn = 0;
  return () => createHash('sha256').update(`${start} ${drawn++}`).digest().readUInt32BE() / 2 ** 32;
}

const dir = scratch('power-cut');
const pki = new Pki(path.join(dir, 'pki'));
const authorities = [pki.authority(), pki.authority('/O=Lab/CN=Lab CA 2')];

/** What a nickname's MachineConfig holds before and after a renewal of everything. */
const states = Object.fromEntries(['left_server', 'node.1', 'storage'].map((nickname) => [nickname, authorities.map((ca, index) => {
  const leaf = pki.leaf(ca, { subject: `/O=Lab/CN=${nickname} ${index}` });
  const inputs = { IPSEC_NICKNAME: nickname, IPSEC_PKCS12: pki.bundle(leaf, { name: nickname }), IPSEC_CA: ca.certificate };
  return { leaf, inputs };
})]));
const nicknames = Object.keys(states);

/** Runs the import in a process group of its own, and kills all of it after a while. Tells whether that came before its end. */
function cutOff(node: Node, inputs: Record<string, string>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', [IMPORT_SCRIPT], {
      detached: true, stdio: 'ignore', env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, ...node.env(inputs) },
    });
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), milliseconds);
    child.on('error', reject);
    child.on('close', (_, signal) => {
      clearTimeout(timer);
      resolve(signal === 'SIGKILL');
    });
  });
}

/** How long an import of these files takes on this machine now, in milliseconds. */
async function duration(node: Node, inputs: Record<string, string>): Promise<number> {
  const before = process.hrtime.bigint();
  expect((await node.startImport(inputs).done).code).toBe(0);
  return Number(process.hrtime.bigint() - before) / 1e6;
}

/** What is wrong with a node whose nicknames must be exactly these certificates, each with its key. */
function faults(node: Node, expected: Record<string, Certificate>): unknown {
  const read = ['-L', '-K'].map((option) => run('certutil', [option, '-d', node.database.url, '-f', node.noPassword]));
  const content = node.database.content();
  const { certificates, keys } = node.imported({}, content);
  return {
    certutil: read.map(({ code, stderr }) => [code, stderr]),
    certificates: certificates.filter((entry) => !entry.startsWith('ipsec-ca/')),
    keys,
    operator: node.operatorEntries(content),
    left: [...fs.readdirSync(node.temporary), ...fs.readdirSync(node.database.dir).filter((file) => file.endsWith('-journal')
      && fs.readFileSync(path.join(node.database.dir, file))[0])],
    verifies: Object.keys(expected).filter((each) => run('certutil', ['-V', '-d', node.database.url, '-n', each, '-u', 'I']).code !== 0),
  };
}

const none = (expected: Record<string, Certificate>) => ({
  certutil: [[0, ''], [0, '']],
  certificates: Object.entries(expected).map(([nickname, leaf]) => `${nickname} u,u,u ${leaf.sha256}`).sort(),
  keys: Object.keys(expected).length,
  operator: Node.operatorEntries(),
  left: [],
  verifies: [],
});

describe(`a power cut at any moment (POWER_CUT_SEED=${seed})`, () => {
  test(`is healed by the next run, ${KILLS} times over the length of a run`, async () => {
    const random = chance(seed);
    const node = Node.make(path.join(dir, 'node'), pki);
    const now: Record<string, number> = {};
    const length = Math.max(...await nicknames.reduce<Promise<number[]>>(async (done, nickname) => {
      now[nickname] = 0;
      return [...await done, await duration(node, states[nickname][0].inputs)];
    }, Promise.resolve([])));
    let kills = 0;
    for (let attempt = 0; kills < KILLS; attempt++) {
      expect({ seed, attempt, kills, tooMany: attempt > 4 * KILLS }).toMatchObject({ tooMany: false });
      const nickname = nicknames[Math.floor(random() * nicknames.length)];
      now[nickname] = 1 - now[nickname];
      const { inputs } = states[nickname][now[nickname]];
      const after = (attempt % KILLS + random()) / KILLS * length;
      if (await cutOff(node, inputs, after)) kills++;
      const healed = await node.startImport(inputs).done;
      const expected = Object.fromEntries(nicknames.map((each) => [each, states[each][now[each]].leaf]));
      expect({ seed, attempt, nickname, after, code: healed.code, stderr: healed.stderr, ...faults(node, expected) as object })
        .toEqual({ seed, attempt, nickname, after, code: 0, stderr: '', ...none(expected) });
    }
  }, PATIENCE);

  test('during the very first import is healed by the next run, also where there is no database yet', async () => {
    const random = chance(seed + 1);
    const { leaf, inputs } = states['node.1'][0];
    const rehearsal = Node.make(path.join(dir, 'rehearsal'), pki, { empty: true });
    const length = await duration(rehearsal, inputs);
    for (let kill = 0; kill < 16; kill++) {
      const node = Node.make(path.join(dir, `first${kill}`), pki, { empty: true });
      const after = (kill + random()) / 16 * length;
      await cutOff(node, inputs, after);
      const healed = await node.startImport(inputs).done;
      expect({ seed, kill, after, code: healed.code, stderr: healed.stderr, certificates: node.imported().certificates.slice(-1) })
        .toEqual({ seed, kill, after, code: 0, stderr: '', certificates: [`node.1 u,u,u ${leaf.sha256}`] });
      node.remove();
    }
  }, PATIENCE);

  test('during the making of the database, by whoever makes it, is healed by the next import', async () => {
    const random = chance(seed + 2);
    const { leaf, inputs } = states['node.1'][0];
    const node = Node.make(path.join(dir, 'made'), pki, { empty: true });
    const before = process.hrtime.bigint();
    await make(node);
    const length = Number(process.hrtime.bigint() - before) / 1e6;
    for (let kill = 0; kill < 12; kill++) {
      fs.rmSync(node.database.dir, { recursive: true });
      const after = (kill + random()) / 12 * length;
      await make(node, after);
      const left = fs.readdirSync(node.database.dir);
      const healed = await node.startImport(inputs).done;
      expect({ seed, kill, after, left, code: healed.code, stderr: healed.stderr, certificates: node.imported().certificates.slice(-1) })
        .toEqual({ seed, kill, after, left, code: 0, stderr: '', certificates: [`node.1 u,u,u ${leaf.sha256}`] });
    }
  }, PATIENCE);
});

/** Makes a database as libreswan does at its first start. */
function make(node: Node, killedAfter?: number): Promise<void> {
  fs.mkdirSync(node.database.dir);
  return new Promise((resolve, reject) => {
    const child = spawn('certutil', ['-N', '-d', node.database.url, '--empty-password'], { stdio: 'ignore' });
    const timer = killedAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killedAfter);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

// certutil opens it for writing, and makes it, but sets no password: as it is left by a kill between the two.
describe.each([['empty', ''], ['of FIPS', 'Database-1\n']])('a database that has not got its password yet, the %s one', (_, password) => {
  const { leaf, inputs } = states['node.1'][0];
  let node: Node;
  let env: Record<string, string>;
  let open: string[];
  beforeEach(() => {
    node = Node.make(path.join(dir, 'without-password'), pki, { empty: true });
    const file = path.join(node.dir, 'password');
    fs.writeFileSync(file, password, { mode: 0o400 });
    env = node.env(password ? { IPSEC_NSS_PASSWORD_FILE: file } : {});
    open = ['-d', node.database.url, '-f', password ? file : node.noPassword];
    fs.mkdirSync(node.database.dir);
    expect(must('certutil', ['-L', '-X', ...open])).toContain('Database needs user init');
    expect(run('certutil', ['-K', ...open]).stderr).toContain('could not authenticate');
  });

  /** Whether the database is open with the password that it should have, and with it alone. */
  function expectPassword(keys: RegExp): void {
    const said = run('certutil', ['-K', ...open]);
    expect(said.stdout + said.stderr).toMatch(keys);
    const without = run('certutil', ['-K', '-d', node.database.url, '-f', node.noPassword]);
    expect(without.stderr.includes('SEC_ERROR_BAD_PASSWORD')).toBe(password !== '');
  }

  test('gets it from the import', () => {
    expect(run('bash', [IMPORT_SCRIPT], { env: { ...env, ...inputs } })).toEqual({
      code: 0, signal: null, stderr: '', stdout: `ipsec-addcert: node.1 imported, certificate ${leaf.sha256}\n`,
    });
    expectPassword(/^< 0> rsa /m);
  });

  test('keeps the one that somebody else sets a moment before the import', () => {
    const bin = path.join(node.dir, 'bin');
    fs.mkdirSync(bin);
    fs.writeFileSync(path.join(bin, 'certutil'), `#!/bin/bash
PATH=\${PATH#*:}
if [[ " $* " == *' -N '* && " $* " == *' sql:${node.database.dir} '* ]]; then certutil -N ${open.join(' ')}; fi
exec certutil "$@"
`, { mode: 0o755 });
    const imported = run('bash', [IMPORT_SCRIPT], { env: { ...env, ...inputs, PATH: `${bin}:${process.env.PATH}:/usr/sbin:/sbin` } });
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expectPassword(/^< 0> rsa /m);
  });

  test('gets it from the removal, which then finds nothing to take', () => {
    expect(run('bash', [REMOVAL_SCRIPT], { env: { ...env, IPSEC_NICKNAME: 'node.1' } })).toEqual({
      code: 0, signal: null, stderr: '', stdout: `ipsec-removecert: node.1 is not in ${node.database.dir}\n`,
    });
    expectPassword(/no keys found/);
  });
});

// As SQLite leaves it when the power goes while pages are written: they are in the file, and what they were is in the journal.
const HALF_WRITE = `
import os, signal, sqlite3, sys
c = sqlite3.connect(sys.argv[1], isolation_level=None)
c.execute('pragma cache_size=1'); c.execute('begin exclusive')
table = c.execute("select name from sqlite_master where type = 'table'").fetchone()[0]
c.execute('update %s set id = id + 1000000' % table); c.execute('create table filler (x)')
for i in range(50): c.execute('insert into filler values (?)', (os.urandom(4000),))
os.kill(os.getpid(), signal.SIGKILL)
`;

describe.each(['cert9.db', 'key4.db'])('a journal that a power cut left beside %s', (file) => {
  let node: Node;
  const { leaf, inputs } = states.storage[0];
  beforeEach(() => {
    node = Node.make(path.join(dir, `journal-${file}`), pki);
    expect(node.import(inputs).code).toBe(0);
    run('python3', ['-c', HALF_WRITE, path.join(node.database.dir, file)]);
    expect(fs.existsSync(path.join(node.database.dir, `${file}-journal`))).toBe(true);
    const read = run('certutil', [file === 'cert9.db' ? '-L' : '-K', '-d', node.database.url, '-f', node.noPassword]);
    expect(read.stderr).toContain('SEC_ERROR_BAD_DATABASE');
  });

  test('is taken back by the import', () => {
    expect(node.import(inputs)).toEqual({ code: 0, signal: null, stderr: '', stdout: 'ipsec-addcert: storage is up to date\n' });
    expect(faults(node, { storage: leaf })).toEqual(none({ storage: leaf }));
  });

  test('is taken back by the removal', () => {
    const removed = run('bash', [REMOVAL_SCRIPT], { env: node.env({ IPSEC_NICKNAME: 'storage' }) });
    expect({ code: removed.code, stderr: removed.stderr }).toEqual({ code: 0, stderr: '' });
    expect(faults(node, {})).toEqual(none({}));
  });
});

// A cut between the making of the journal and its first line. SQLite has not touched the database yet, and leaves such a file alone.
describe.each([['an empty', ''], ['a wiped', '\0'.repeat(512)]])('%s journal that a power cut left', (_, content) => {
  test.each(['cert9.db', 'key4.db'])('beside %s hinders neither import nor removal', (file) => {
    const node = Node.make(path.join(dir, 'inert-journal'), pki);
    const { leaf, inputs } = states.storage[0];
    const journal = path.join(node.database.dir, `${file}-journal`);
    fs.writeFileSync(journal, content);
    expect(node.import(inputs)).toMatchObject({ code: 0, stderr: '' });
    expect(faults(node, { storage: leaf })).toEqual(none({ storage: leaf }));
    fs.writeFileSync(journal, content);
    expect(node.import(inputs)).toEqual({ code: 0, signal: null, stderr: '', stdout: 'ipsec-addcert: storage is up to date\n' });
    const removed = run('bash', [REMOVAL_SCRIPT], { env: node.env({ IPSEC_NICKNAME: 'storage' }) });
    expect({ code: removed.code, stderr: removed.stderr }).toEqual({ code: 0, stderr: '' });
    expect(faults(node, {})).toEqual(none({}));
  });
});

test('a scratch folder that a kill left holds no private key that could be read without a password that is gone', async () => {
  const { inputs } = states.storage[0];
  const length = await duration(Node.make(path.join(dir, 'timing'), pki), inputs);
  let databases = 0;
  for (let kill = 0; kill < 24; kill++) {
    const node = Node.make(path.join(dir, 'scratch'), pki);
    await cutOff(node, inputs, kill / 24 * length);
    const stage = path.join(node.temporary, 'ipsec-addcert.storage', 'stage');
    if (!fs.existsSync(path.join(stage, 'key4.db'))) continue;
    databases++;
    const read = run('certutil', ['-K', '-d', `sql:${stage}`, '-f', node.noPassword]);
    expect([kill, read.code, read.stdout.includes('rsa')]).toEqual([kill, 255, false]);
  }
  expect(databases).toBeGreaterThan(0);
});

describe('a stranger\'s', () => {
  let node: Node;
  beforeEach(() => node = Node.make(path.join(dir, 'stranger'), pki));
  const { leaf, inputs } = states['node.1'][0];
  const stranger = pki.leaf(pki.authority('/O=Other/CN=CA'), { subject: '/O=Other/CN=stranger' });

  /** A key alone, as it is left when its certificate is deleted; its id. */
  function loneKey(label: string): string {
    const before = node.database.content().keys;
    node.database.importBundle(pki.bundle(stranger, { name: label }));
    must('certutil', ['-D', '-d', node.database.url, '-n', label]);
    return node.database.content().keys.find((key) => !before.includes(key))!;
  }

  test.each(['node-1', 'node.10', 'xnode.1'])('key %s, to which the nickname node.1 is alike, stays', (label) => {
    const key = loneKey(label);
    expect(node.import(inputs).code).toBe(0);
    expect(node.import(states['node.1'][1].inputs).code).toBe(0);
    expect(node.database.content().keys).toContain(key);
    expect(run('bash', [REMOVAL_SCRIPT], { env: node.env({ IPSEC_NICKNAME: 'node.1' }) }).code).toBe(0);
    expect(node.database.content().keys).toContain(key);
  });

  test('certificate and key under the nickname stay, and the message tells how to give them up', () => {
    node.database.importBundle(pki.bundle(stranger, { name: 'node.1' }));
    const before = node.database.content();
    const command = `certutil -F -n node.1 -d sql:${node.database.dir}`;
    expect(node.import(inputs)).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `ipsec-addcert: the database has a certificate 'node.1' that this script did not import (sha256 ${stranger.sha256}): `
        + `choose another nickname, or give it up with ${command} and start the import again\n`,
    });
    expect(node.database.content()).toEqual(before);
    must('bash', ['-c', command]);
    expect(node.import(inputs).code).toBe(0);
    expect(faults(node, { 'node.1': leaf })).toEqual(none({ 'node.1': leaf }));
  });

  test('key without certificate under the nickname stays, and the message tells how to give it up', () => {
    const key = loneKey('node.1');
    const before = node.database.content();
    const command = `certutil -F -k ${key} -d sql:${node.database.dir}`;
    expect(node.import(inputs)).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'ipsec-addcert: the database has a key \'node.1\' without certificate that this script did not import: '
        + `choose another nickname, or give it up with ${command} and start the import again\n`,
    });
    expect(node.database.content()).toEqual(before);
    must('bash', ['-c', command]);
    expect(node.import(inputs).code).toBe(0);
    expect(faults(node, { 'node.1': leaf })).toEqual(none({ 'node.1': leaf }));
  });
});
