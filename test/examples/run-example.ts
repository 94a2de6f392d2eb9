import { copyFileSync, mkdtempSync, readdirSync, readFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { makeThrowawayPki } from '../../examples/throwaway-pki';

/** The files of the user. */
export const files = (() => {
  const directory = mkdtempSync(join(tmpdir(), 'gitops-pki-'));
  return makeThrowawayPki(directory);
})();

/** Runs an example where the user's files lie, and returns the folder and what it told. */
export function runExample(example: string): { folder: string; warnings: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'gitops-example-'));
  for (const [from, to] of [
    [files.ca, 'ca.pem'],
    [files.bundle, 'left_server.p12'],
    [files.passwordFile, 'left_server.password'],
  ]) {
    copyFileSync(from, join(folder, to));
  }
  const before = process.cwd();
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    process.chdir(folder);
    jest.isolateModules(() => jest.requireActual(`../../examples/${example}`));
    return { folder, warnings: told.mock.calls.map(([text]) => String(text)) };
  } finally {
    told.mockRestore();
    process.chdir(before);
  }
}

/** The objects in the files of a folder, in their order. */
export const objects = (folder: string): any[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((document) => document.toJSON()));
