import { copyFileSync, mkdtempSync, readdirSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { objectsOf, runProgram, sorted, typeProblems } from './running';
import { lab } from '../../examples/lab';
import { operations } from '../../examples/operations';
import { makeThrowawayPki } from '../../examples/throwaway-pki';
import { OpenShiftVersion } from '../../src';
import { importFiles } from '../../src/import/import';

const files = makeThrowawayPki(mkdtempSync(join(tmpdir(), 'import-pki-')));
const password = readFileSync(files.passwordFile, 'utf8').trimEnd();

/** Runs an example where the user's files lie, and returns the folder. */
function run(example: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'import-example-'));
  for (const [from, to] of [[files.ca, 'ca.pem'], [files.bundle, 'left_server.p12'], [files.passwordFile, 'left_server.password']]) {
    copyFileSync(from, join(folder, to));
  }
  const before = process.cwd();
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    process.chdir(folder);
    jest.isolateModules(() => jest.requireActual(`../../examples/${example}`));
  } finally {
    told.mockRestore();
    process.chdir(before);
  }
  return folder;
}

afterAll(() => expect(typeProblems()).toEqual([]), 120_000);

/** The program writes again what is in a folder, and has no password; which constructs it is made of is returned. */
function roundTrip(path: string, version: string, secret: string): string[] {
  const texts = (readdirSync(path, { recursive: true, encoding: 'utf8' })).filter((file) => /\.ya?ml$/.test(file)).sort();
  const expected = texts.flatMap((file) => objectsOf(readFileSync(join(path, file), 'utf8'))).filter(({ kind }) => kind);
  const imported = importFiles({
    paths: [path], out: 'app.ts', version: OpenShiftVersion.of(version), passwords: [{ file: 'the.password', password: Buffer.from(secret) }],
  });
  expect(expected.length).toBeGreaterThan(0);
  expect(sorted(runProgram(imported, { 'the.password': `${secret}\n` }))).toEqual(sorted(expected));
  expect(imported.text).not.toContain(secret);
  return imported.statements.map(({ candidate, objects }) => `${candidate.name} of ${objects.length}`);
}

test.each(['quickstart', 'argocd', 'flux', 'acm'])('the manifests of examples/%s.ts come out as they went in', (example) => {
  const folder = run(example);
  for (const name of readdirSync(folder).filter((entry) => !/^left_server|^ca\.pem$/.test(entry))) {
    roundTrip(join(folder, name), '4.18', password);
  }
}, 120_000);

test('the quickstart is made of the constructs that it was made of', () => {
  expect(roundTrip(join(run('quickstart'), 'dist'), '4.16', password)).toEqual([
    'IpsecClusterConfig of 1', 'CertImportMachineConfig of 2', 'ExternalIpsecEndpoint of 1', 'IpsecGuard of 1', 'IpsecAutoconnect of 1',
  ]);
});

test.each([['paris', '4.16'], ['berlin', '4.18'], ['oslo', '4.20']])('the manifests of examples/fleet.ts for %s come out as they went in', (cluster, version) => {
  expect(roundTrip(join(run('fleet'), 'dist', cluster), version, password)).toEqual([
    'IpsecClusterConfig of 1', 'CertImportMachineConfig of 1', 'ExternalIpsecEndpoint of 1',
  ]);
});

test('the manifests of examples/operations.ts come out as they went in, before and after', () => {
  const out = mkdtempSync(join(tmpdir(), 'import-operations-'));
  operations(out);
  for (const state of ['before', 'after']) {
    const secret = readFileSync(join(out, `pki-${state}`, 'left_server.password'), 'utf8').trimEnd();
    expect(roundTrip(join(out, state), '4.18', secret)).toEqual(expect.arrayContaining([
      'IpsecClusterConfig of 1', 'CertImportMachineConfig of 1', 'ExternalIpsecEndpoint of 1',
    ]));
  }
}, 120_000);

test('the manifests of each scene of examples/lab.ts come out as they went in', () => {
  const out = mkdtempSync(join(tmpdir(), 'import-lab-'));
  lab(out);
  const secret = readFileSync(join(out, 'pki', 'password'), 'utf8').trimEnd();
  const scenes = readdirSync(join(out, 'scenes')).filter((scene) => readdirSync(join(out, 'scenes', scene)).includes('manifests'));
  const made = Object.fromEntries(scenes.map((scene) => {
    const version = scene.startsWith('rotating') ? '4.18' : scene === 'keyfile' ? '4.20.11' : '4.16';
    return [scene, roundTrip(join(out, 'scenes', scene, 'manifests'), version, secret)];
  }));
  expect(made.cluster).toEqual([
    'IpsecClusterConfig of 1', 'CertImportMachineConfig of 2', ...Array(4).fill('ExternalIpsecEndpoint of 1'),
  ]);
  expect(made.guarded).toEqual([...made.cluster, 'IpsecGuard of 1', 'IpsecAutoconnect of 1']);
  expect(made.absent).toContain('IpsecTunnelRemoval of 1');
  expect(scenes.length).toBeGreaterThan(8);
}, 300_000);
