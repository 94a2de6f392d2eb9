import { execFileSync, spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const SOURCES = join(__dirname, 'judges');
const OUT = join(__dirname, '../../../node_modules/.cache/gitops-judges');

export type Program = 'order' | 'lua' | 'flux' | 'rhacm';

/**
 * A program that runs a GitOps tool's own code, built from the modules that go.mod pins; Go keeps what has not changed. `GITOPS_JUDGES`
 * names a folder where they are built already.
 */
export function build(program: Program): string {
  if (process.env.GITOPS_JUDGES) return join(process.env.GITOPS_JUDGES, program);
  mkdirSync(OUT, { recursive: true });
  const out = join(OUT, program);
  execFileSync('go', ['build', '-ldflags', '-s -w', '-o', out, `./${program}`], { cwd: SOURCES, stdio: ['ignore', 'inherit', 'inherit'] });
  return out;
}

/** What a program prints; its exit code is its own matter. */
export function ask(program: string, args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (error) throw error;
  return stdout + stderr;
}

const folder = mkdtempSync(join(tmpdir(), 'gitops-judges-'));

/** A file with an object, or a text, for a program to read. JSON is YAML. */
export function file(name: string, content: object | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}
