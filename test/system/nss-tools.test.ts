import * as path from 'path';
import { must, NssDatabase, Pki, requireTools, run, scratch } from './tools';

requireTools({ certutil: 'libnss3-tools', openssl: 'openssl', pk12util: 'libnss3-tools', setsid: 'util-linux' });

// What the rules on import scripts take for granted.
const dir = scratch('nss-tools');
const pki = new Pki(path.join(dir, 'pki'));
const ca = pki.authority();
const leaf = pki.leaf(ca);
let count = 0;
const database = () => new NssDatabase(path.join(dir, `nss${++count}`)).create();

/** Without a terminal, as in a unit. */
const pk12util = (...args: string[]) => run('setsid', ['--wait', 'pk12util', '-d', database().url, ...args]);

test.each([
  ['a bundle with a password', 'secret', []], ['a bundle without one', '', []], ['a bundle without one, beside -K', '', ['-K', '']],
])('pk12util asks for the password of %s at a terminal, and fails where there is none', (_, password, options) => {
  const { code, stdout, stderr } = pk12util('-i', pki.bundle(leaf, { password }), ...options);
  expect([code, stdout + stderr]).toEqual([1, expect.stringContaining('Error opening input terminal for read')]);
});

test('pk12util reads no password from a pipe', () => {
  const { code, stdout, stderr } = run('bash', [
    '-c',
    'echo secret | { setsid --wait pk12util -d "$1" -i "$2"; echo "rc $?"; cat >"$3"; }',
    '-',
    database().url,
    pki.bundle(leaf, { password: 'secret' }),
    path.join(dir, 'rest'),
  ]);
  expect([code, stdout + stderr]).toEqual([0, expect.stringMatching(/^rc 1$/m)]);
});

test.each([['-W', ['-W', 'secret']], ['-w', ['-w', pki.text('secret\n')]]])('pk12util does not ask with %s', (_, options) => {
  expect(pk12util('-i', pki.bundle(leaf, { password: 'secret' }), ...options).code).toBe(0);
});

test('pk12util takes a file with an empty line for no password', () => {
  expect(pk12util('-i', pki.bundle(leaf), '-w', pki.text('\n')).code).toBe(0);
});

test('certutil -A reads PEM and DER, and no PKCS#12', () => {
  const der = path.join(dir, 'ca.der');
  must('openssl', ['x509', '-in', ca.certificate, '-outform', 'DER', '-out', der]);
  const add = (file: string) => run('certutil', ['-A', '-d', database().url, '-n', 'x', '-t', 'CT,C,C', '-i', file]);
  expect([add(ca.certificate).code, add(der).code]).toEqual([0, 0]);
  const { code, stderr } = add(pki.bundle(leaf));
  expect([code, stderr]).toEqual([255, expect.stringContaining('could not decode certificate')]);
  expect(add(pki.text('this is not a certificate\n')).stderr).toContain('could not decode certificate');
});

test.each<[string, readonly string[] | null, boolean]>([
  ['without basic constraints and key usage', ['subjectKeyIdentifier=hash'], false],
  ['without basic constraints that may sign certificates', ['keyUsage=keyCertSign'], true],
  ['of version 1', null, true],
])('openssl verify, as the import script calls it, on a root %s', (what, extensions, takes) => {
  const root = pki.authority(`/CN=Root ${what}`, extensions);
  const below = pki.leaf(root);
  const { code } = run('openssl', [
    'verify',
    '-no-CApath',
    '-no-CAstore',
    '-partial_chain',
    '-CAfile',
    root.certificate,
    below.certificate,
  ]);
  expect(code === 0).toBe(takes);
});
