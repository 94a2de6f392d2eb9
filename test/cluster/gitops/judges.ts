import { execFileSync, spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const SOURCES = join(__dirname, 'judges');
const OUT = join(__dirname, '../../../node_modules/.cache/gitops-judges');

export type Program = 'order' | 'flux' | 'rhacm' | 'PolicyGenerator';

/** Where the ones are that are programs of their own modules. */
const PACKAGES: { readonly [program: string]: string } = {
  PolicyGenerator: 'open-cluster-management.io/policy-generator-plugin/cmd/PolicyGenerator',
};

/**
 * A program that runs a GitOps tool's own code, built from the modules that go.mod pins; Go keeps what has not changed. `GITOPS_JUDGES`
 * names a folder where they are built already.
 */
export function build(program: Program): string {
  if (process.env.GITOPS_JUDGES) return join(process.env.GITOPS_JUDGES, program);
  mkdirSync(OUT, { recursive: true });
  const out = join(OUT, program);
  const from = PACKAGES[program] ?? `./${program}`;
  execFileSync('go', ['build', '-mod=readonly', '-ldflags', '-s -w', '-o', out, from], { cwd: SOURCES, stdio: ['ignore', 'inherit', 'inherit'] });
  return out;
}

/** What a program prints; its exit code is its own matter. */
export function ask(program: string, args: readonly string[], cwd?: string): string {
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26, cwd });
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
