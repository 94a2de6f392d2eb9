import { copyFileSync, mkdtempSync, readdirSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { objectsOf, runProgram, sorted, typeProblems } from './running';
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

test.each(['quickstart', 'argocd', 'flux', 'acm'])('the manifests of examples/%s.ts come out as they went in', (example) => {
  const folder = run(example);
  for (const name of readdirSync(folder).filter((entry) => !/^left_server|^ca\.pem$/.test(entry))) {
    const path = join(folder, name);
    const texts = (readdirSync(path, { recursive: true, encoding: 'utf8' })).filter((file) => /\.ya?ml$/.test(file)).sort();
    const expected = texts.flatMap((file) => objectsOf(readFileSync(join(path, file), 'utf8'))).filter(({ kind }) => kind);
    const imported = importFiles({
      paths: [path], out: 'app.ts', version: OpenShiftVersion.of('4.18'), passwords: [{ file: 'the.password', password: Buffer.from(password) }],
    });
    expect(expected.length).toBeGreaterThan(0);
    expect(sorted(runProgram(imported, { 'the.password': `${password}\n` }))).toEqual(sorted(expected));
    expect(imported.text).not.toContain(password);
  }
}, 120_000);
