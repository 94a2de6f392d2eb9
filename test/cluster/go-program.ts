import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'fs';
import { homedir, tmpdir } from 'os';
import { join } from 'path';

/** The oldest Go that the modules of the operators are written for. Go fetches a newer toolchain by itself where a module wants one. */
const OLDEST = [1, 22];

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk8s-openshift-ipsec', 'cluster');

/** How a program is built, where it is not just what stands in its folder. */
export interface GoBuild {
  readonly tags?: readonly string[];
  /** The module and version of somebody else's program, which the `.patch` files of the folder change; `go.mod` takes it from `./source`. */
  readonly patched?: `${string}@${string}`;
}

/**
 * The path of a program that is built from a folder here, a Go module of its own with its `go.mod` and `go.sum` pinned.
 *
 * It is built once for the bytes of the folder, which takes minutes the first time and needs the module proxy, and kept in the
 * user's cache.
 *
 * @throws when there is no Go, or the build fails
 */
export function goProgram(folder: string, how: GoBuild = {}): string {
  const source = join(__dirname, folder);
  const hash = createHash('sha256').update(how.tags?.join() ?? '');
  for (const file of readdirSync(source)
    .filter((name) => /\.(?:go|mod|sum|s|patch)$/.test(name))
    .sort()) {
    hash.update(`${file}\0`).update(readFileSync(join(source, file)));
  }
  const program = join(CACHE, `${folder.replaceAll('/', '-')}-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(program)) build(source, program, how);
  return program;
}

function build(source: string, program: string, { tags = [], patched }: GoBuild): void {
  requireGo();
  mkdirSync(CACHE, { recursive: true });
  process.stderr.write(`building ${source}, once; the first time takes minutes\n`);
  const unfinished = `${program}.${process.pid}`;
  const buildIn = (folder: string, main: string) =>
    run(folder, 'go', ['build', '-mod=readonly', '-tags', tags.join(','), '-ldflags', '-s -w', '-o', unfinished, main]);
  if (patched === undefined) {
    buildIn(source, '.');
  } else {
    const [path] = patched.split('@');
    const copy = mkdtempSync(join(tmpdir(), 'go-program-'));
    try {
      copyPatched(source, patched, copy);
      buildIn(copy, path);
    } finally {
      rmSync(copy, { recursive: true });
    }
  }
  renameSync(unfinished, program);
}

function copyPatched(source: string, module: string, to: string): void {
  const { Dir: from } = JSON.parse(run(to, 'go', ['mod', 'download', '-json', module])) as { readonly Dir: string };
  const copy = join(to, 'source');
  cpSync(from, copy, { recursive: true, filter: (file) => file !== join(from, 'vendor') });
  // Modules are kept read-only.
  for (const name of ['.', ...readdirSync(copy, { recursive: true, encoding: 'utf8' })]) chmodSync(join(copy, name), 0o755);
  for (const file of readdirSync(source).sort()) {
    if (/^go\.(?:mod|sum)$/.test(file)) copyFileSync(join(source, file), join(to, file));
    if (file.endsWith('.patch')) run(copy, 'git', ['apply', join(source, file)]);
  }
}

function run(cwd: string, command: string, args: readonly string[]): string {
  // No program here needs C, and a machine may have no compiler of it.
  const env = { ...process.env, CGO_ENABLED: '0', GIT_CEILING_DIRECTORIES: join(cwd, '..') };
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`'${command} ${args[0]}' failed in ${cwd}:\n${error?.message ?? stderr + stdout}`);
  return stdout;
}

function requireGo(): void {
  const found = /go(\d+)\.(\d+)/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout ?? '');
  if (found && (Number(found[1]) > OLDEST[0] || Number(found[2]) >= OLDEST[1])) return;
  throw new Error(`these tests need Go ${OLDEST.join('.')} or later, `
    + `${found ? `and 'go version' says ${found[0]}` : "and there is no 'go' in PATH"}: `
    + 'apt-get install -t bookworm-backports golang-go, or https://go.dev/dl');
}
