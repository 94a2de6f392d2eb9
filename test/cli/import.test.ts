import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { run } from '../../src/cli/main';
import { ENABLE_IPSEC } from '../check/telco';
import { makeCa } from '../pki';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-cli-'));
  mkdirSync(join(folder, 'in'));
});

function command(...args: string[]): { readonly code: number; readonly stdout: string; readonly stderr: string } {
  const [stdout, stderr]: string[][] = [[], []];
  const code = run({ args: ['import', ...args], stdout: (text) => void stdout.push(text), stderr: (text) => void stderr.push(text) });
  return { code, stdout: stdout.join(''), stderr: stderr.join('').replaceAll(folder, '') };
}

const ca = makeCa();
const CONFIG = `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: 99-worker-ca, labels: {machineconfiguration.openshift.io/role: worker}}
spec: {config: {ignition: {version: 3.4.0}, storage: {files: [{path: /etc/pki/ca.pem, mode: 256, overwrite: true, contents: {compression: "", source: "data:;base64,${Buffer.from(ca.pem).toString('base64')}"}}]}}}
`;

const input = (name: string, text: string) => writeFileSync(join(folder, 'in', name), text);

test('writes the program, and the files beside it for the owner alone', () => {
  input('network.yaml', ENABLE_IPSEC);
  input('ca.yaml', CONFIG);
  const { code, stdout, stderr } = command(join(folder, 'in'), '--openshift-version', '4.16', '--out', join(folder, 'out', 'app.ts'));
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.replaceAll(folder, '')).toMatch(/^\/out\/app\.ts: 2 objects of 2 files\n {2}Network 'cluster' \(\/in\/network\.yaml\): IpsecClusterConfig\n/);
  const kept = join(folder, 'out', 'app-files', 'ca.pem');
  expect(readFileSync(kept, 'utf8')).toBe(ca.pem);
  // eslint-disable-next-line no-bitwise
  expect([statSync(kept).mode & 0o777, statSync(join(folder, 'out', 'app-files')).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(readFileSync(join(folder, 'out', 'app.ts'), 'utf8')).not.toContain('BEGIN');
});

test('overwrites nothing, neither the program nor a file beside it, and then writes nothing', () => {
  input('ca.yaml', CONFIG);
  const out = join(folder, 'app.ts');
  mkdirSync(join(folder, 'app-files'));
  writeFileSync(join(folder, 'app-files', 'ca.pem'), 'mine');
  const args = [join(folder, 'in'), '--openshift-version', '4.16', '--out', out];
  expect(command(...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: "openshift-ipsec import: '/app-files/ca.pem' exists, and an import overwrites nothing: take it away, or give another name with '--out'\n",
  });
  expect([existsSync(out), readFileSync(join(folder, 'app-files', 'ca.pem'), 'utf8')]).toEqual([false, 'mine']);
  writeFileSync(out, 'mine too');
  expect(command(...args).stderr).toMatch(/'\/app\.ts' exists, and an import overwrites nothing/);
});

test('a refusal is 1, and writes nothing', () => {
  input('a.yaml', 'apiVersion: v1\nkind: X\nmetadata: {name: a}\nspec: {a: .inf}\n');
  const { code, stderr } = command(join(folder, 'in'), '--openshift-version', '4.16', '--out', join(folder, 'app.ts'));
  expect([code, stderr]).toEqual([1, "/in/a.yaml: X 'a' has Infinity at '/spec/a', which no manifest can hold: take it out\n"
    + 'openshift-ipsec import: refused, and nothing is written: the program would not be equal to what was read\n']);
  expect(readdirSync(folder)).toEqual(['in']);
});

test('what can not be read is 2, and nothing is written', () => {
  input('a.yaml', 'a: [\n');
  const { code, stderr } = command(join(folder, 'in'), '--openshift-version', '4.16', '--out', join(folder, 'app.ts'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/^\/in\/a\.yaml:\d+:\d+: is broken YAML: [^\n]+\nopenshift-ipsec import: refused, and nothing is written: not all of it can be read\n$/);
  expect(readdirSync(folder)).toEqual(['in']);
});

test.each<[string, () => string[], string]>([
  ['no path', () => [], "no folder or file is named: give the one with the manifests; 'openshift-ipsec import --help' tells more"],
  ['a path that is not there', () => ['nowhere'], "'nowhere' does not exist: name a folder or file"],
  ['another language', () => ['--out', 'app.py', '.'], "'--out' ('app.py') must be the name of a TypeScript file, such as app.ts"],
  ['an unknown option', () => ['--outt', 'x'], "unknown option '--outt': did you mean '--out'? 'openshift-ipsec import --help' lists the options"],
  ['a release that is none', () => ['--openshift-version', 'x', '.'], expect.stringContaining("'x'")],
  ['a password in place of its file', () => ['--p12-password-file', 'TopSecret', '--openshift-version', '4.16', '.'],
    "'--p12-password-file' names no file that exists; what was given is not shown, in case it is the password itself"],
])('bad usage: %s', (_, args, message) => {
  const { code, stderr } = command(...args());
  expect(code).toBe(2);
  expect(stderr).toEqual(typeof message === 'string' ? `openshift-ipsec import: ${message}\n` : message);
});

test('a folder that can not be written to is told in one sentence', () => {
  input('network.yaml', ENABLE_IPSEC);
  writeFileSync(join(folder, 'file'), '');
  const { code, stderr } = command(join(folder, 'in'), '--openshift-version', '4.16', '--out', join(folder, 'file', 'app.ts'));
  expect([code, stderr]).toEqual([2, "openshift-ipsec import: '/file/app.ts' or what is beside it can not be written (EEXIST), and nothing was\n"]);
});
