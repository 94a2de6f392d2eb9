import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'fs';
import { homedir } from 'os';
import { join } from 'path';

/** The oldest Go that the modules of the operators are written for. Go fetches a newer toolchain by itself where a module wants one. */
const OLDEST = [1, 22];

const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk8s-openshift-ipsec', 'cluster');

/**
 * The path of a program that is built from a folder here, a Go module of its own with its `go.mod` and `go.sum` pinned.
 *
 * It is built once for the bytes of the folder, which takes minutes the first time and needs the module proxy, and kept in the
 * user's cache.
 *
 * @throws when there is no Go, or the build fails
 */
export function goProgram(folder: string, tags: readonly string[] = []): string {
  const source = join(__dirname, folder);
  const hash = createHash('sha256').update(tags.join());
  for (const file of readdirSync(source)
    .filter((name) => /\.(?:go|mod|sum|s)$/.test(name))
    .sort()) {
    hash.update(`${file}\0`).update(readFileSync(join(source, file)));
  }
  const program = join(CACHE, `${folder.replaceAll('/', '-')}-${hash.digest('hex').slice(0, 16)}`);
  if (!existsSync(program)) build(source, program, tags);
  return program;
}

function build(source: string, program: string, tags: readonly string[]): void {
  requireGo();
  mkdirSync(CACHE, { recursive: true });
  process.stderr.write(`building ${source}, once; the first time takes minutes\n`);
  const unfinished = `${program}.${process.pid}`;
  const built = spawnSync('go', ['build', '-mod=readonly', '-tags', tags.join(','), '-ldflags', '-s -w', '-o', unfinished, '.'], {
    cwd: source,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`go build failed in ${source}:\n${built.stderr}`);
  renameSync(unfinished, program);
}

function requireGo(): void {
  const found = /go(\d+)\.(\d+)/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout ?? '');
  if (found && (Number(found[1]) > OLDEST[0] || Number(found[2]) >= OLDEST[1])) return;
  throw new Error(`these tests need Go ${OLDEST.join('.')} or later, `
    + `${found ? `and 'go version' says ${found[0]}` : "and there is no 'go' in PATH"}: `
    + 'apt-get install -t bookworm-backports golang-go, or https://go.dev/dl');
}
