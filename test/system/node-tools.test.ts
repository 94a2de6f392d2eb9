import * as fs from 'fs';
import * as path from 'path';
import { Node } from './node';
import { IMPORT_SCRIPT, must, Pki, REMOVAL_SCRIPT, requireTools, Result, run, scratch } from './tools';

requireTools({ bash: 'bash', certutil: 'libnss3-tools', openssl: 'openssl', pk12util: 'libnss3-tools', flock: 'util-linux' });

const dir = scratch('node-tools');
const pki = new Pki(path.join(dir, 'pki'));
const ca = pki.authority();
const leaf = pki.leaf(ca);
const inputs = { IPSEC_PKCS12: pki.bundle(leaf), IPSEC_CA: ca.certificate };
const TOOLS = ['awk', 'bash', 'cat', 'certutil', 'cp', 'flock', 'grep', 'mkdir', 'mv', 'openssl', 'pk12util', 'rm', 'sed', 'sha256sum',
  'sleep', 'sort', 'stat', 'tac', 'timeout'];
const WHERE = must('bash', ['-c', `for tool in ${TOOLS.join(' ')}; do type -P "$tool"; done`]).trim().split('\n');

let count = 0;
let node: Node;
beforeEach(() => node = Node.make(path.join(dir, `node${++count}`), pki, { empty: true }));

/** A node that has only these tools. */
function runWith(tools: readonly string[], script = IMPORT_SCRIPT): Result {
  const bin = path.join(node.dir, 'bin');
  fs.mkdirSync(bin);
  for (const tool of tools) fs.symlinkSync(WHERE[TOOLS.indexOf(tool)], path.join(bin, tool));
  return run(path.join(bin, 'bash'), [script], { env: { ...node.env(inputs), PATH: bin } });
}

/** What a run has left outside of its scratch folder, which it removes. */
const written = () => [...fs.existsSync(node.database.dir) ? fs.readdirSync(node.database.dir) : [], ...fs.readdirSync(node.temporary)];

describe('before anything is written, the import looks for every tool', () => {
  test('which are all that it uses', () => {
    expect(runWith(TOOLS)).toEqual({
      code: 0, signal: null, stderr: '', stdout: `ipsec-addcert: left_server imported, certificate ${leaf.sha256}\n`,
    });
  });

  test.each(TOOLS.filter((tool) => !['bash', 'certutil'].includes(tool)))('and names %s where it is missing', (missing) => {
    expect(runWith(TOOLS.filter((tool) => tool !== missing))).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `ipsec-addcert: ${missing} missing in ${node.dir}/bin, install what brings it (certutil and pk12util: nss-tools)\n`,
    });
    expect(written()).toEqual([]);
  });

  test('and names certutil where libreswan is there without it', () => {
    fs.mkdirSync(path.join(node.dir, 'bin'));
    fs.writeFileSync(path.join(node.dir, 'bin', 'ipsec'), '#!/bin/sh\n', { mode: 0o755 });
    fs.symlinkSync('/bin/bash', path.join(node.dir, 'bin', 'bash'));
    const { code, stderr } = run('/bin/bash', [IMPORT_SCRIPT], { env: { ...node.env(inputs), PATH: path.join(node.dir, 'bin') } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^ipsec-addcert: awk cat .*certutil pk12util missing in /) });
    expect(written()).toEqual([]);
  });

  test('and waits quietly for the first start with libreswan, where neither that nor its tools are there', () => {
    expect(runWith(TOOLS.filter((tool) => !['certutil', 'pk12util'].includes(tool)))).toEqual({
      code: 0,
      signal: null,
      stderr: '',
      stdout: 'ipsec-addcert: libreswan is not installed yet, left_server is imported at the first start with it\n',
    });
    expect(written()).toEqual([]);
  });

  test('as the removal does', () => {
    node.database.create();
    const before = written();
    const result = runWith(TOOLS.filter((tool) => tool !== 'flock'), REMOVAL_SCRIPT);
    expect(result).toMatchObject({
      code: 1,
      stderr: `ipsec-removecert: flock missing in ${node.dir}/bin, install what brings it (certutil and pk12util: nss-tools)\n`,
    });
    expect(written()).toEqual(before);
  });
});

describe('the reason is the true one', () => {
  test('when another import holds the database', () => {
    fs.mkdirSync(node.database.dir);
    const lock = path.join(node.database.dir, '.ipsec-addcert-lock');
    const env = node.env({ ...inputs, IPSEC_WAIT: '1' });
    const held = must('flock', [lock, 'bash', '-c', `bash ${IMPORT_SCRIPT} 2>&1 || true`], { env });
    expect(held).toBe(`ipsec-addcert: another import has held ${node.database.dir} for more than 1 s\n`);
  });

  test('when /run is full', () => {
    if (process.getuid!() !== 0) throw new Error('this test needs root, to mount a small tmpfs');
    must('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', node.temporary]);
    try {
      expect(run('bash', [IMPORT_SCRIPT], { env: node.env(inputs) })).toEqual({
        code: 1,
        signal: null,
        stdout: '',
        stderr: `ipsec-addcert: cannot use ${node.temporary}/ipsec-addcert.left_server: No space left on device\n`,
      });
    } finally {
      must('umount', [node.temporary]);
    }
  });
});

describe('a password file', () => {
  const password = 's3cret';
  const bundle = pki.bundle(leaf, { password });

  test.each([['0644', 0o644, '644'], ['0440', 0o440, '440']])('of mode %s draws a remark, and is used', (_, mode, shown) => {
    const file = pki.text(`${password}\n`);
    fs.chmodSync(file, mode);
    expect(node.import({ ...inputs, IPSEC_PKCS12: bundle, IPSEC_PASSWORD_FILE: file })).toEqual({
      code: 0,
      signal: null,
      stderr: `ipsec-addcert: remark: others than the owner can read the password in ${file} (mode ${shown}), chmod 400 ${file}\n`,
      stdout: `ipsec-addcert: left_server imported, certificate ${leaf.sha256}\n`,
    });
  });

  test('of mode 0400 draws none', () => {
    const file = pki.text(`${password}\n`);
    fs.chmodSync(file, 0o400);
    expect(node.import({ ...inputs, IPSEC_PKCS12: bundle, IPSEC_PASSWORD_FILE: file })).toMatchObject({ code: 0, stderr: '' });
  });
});
