import { execFileSync } from 'child_process';
import { mkdtempSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { join } from 'path';

/** The folder of an installed package: the one beside this package, or else a copy in a temporary folder. */
export function packageFolder(name: string, version: string): string {
  try {
    return folderOf(name, __filename);
  } catch {
    const directory = mkdtempSync(join(tmpdir(), 'npm-'));
    execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', directory, `${name}@${version}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return folderOf(name, join(directory, 'x.js'));
  }
}

function folderOf(name: string, from: string): string {
  return join(createRequire(from).resolve(`${name}/package.json`), '..');
}
