import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** The release whose output is the measure. */
const RELEASE = 'v0.29.0';

/** What a run of the tool gave. */
export interface ToolRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A config for the tool. */
export interface Request {
  readonly config: string;
  readonly args?: readonly string[];
  /** Where it runs; here, where nothing is given. */
  readonly folder?: string;
}

/** Runs its main once for each line that it is asked. */
const MANY = join(__dirname, 'butane-many.go');

/**
 * What the real butane gives for each config: the program named by the environment variable BUTANE, which is started for each, or one
 * built with Go from the module of that release, which is started once.
 *
 * @throws where neither can be had, naming what is missing
 */
export function runButane(requests: readonly Request[]): ToolRun[] {
  const named = process.env.BUTANE;
  if (named && !existsSync(named)) throw new Error(`BUTANE names ${named}, which does not exist`);
  return named ? requests.map((request) => runOnce(named, request)) : runMany(builtButane(), requests);
}

/** Builds it where it is not there yet. */
export function builtButane(): string {
  const built = join(tmpdir(), `butane-${RELEASE}-${createHash('sha256').update(readFileSync(MANY)).digest('hex').slice(0, 12)}`);
  if (!existsSync(built)) build(built);
  return built;
}

function argsOf({ args = [] }: Request): string[] {
  return ['--raw-errors', ...args];
}

/** A process of its own for a config. */
export function runOnce(tool: string, request: Request): ToolRun {
  const { status, stdout, stderr } = spawnSync(tool, argsOf(request), {
    input: request.config,
    encoding: 'utf8',
    cwd: request.folder,
    maxBuffer: 256 * 1024 * 1024,
  });
  return { status, stdout, stderr };
}

function runMany(tool: string, requests: readonly Request[]): ToolRun[] {
  const lines = requests.map((request) => JSON.stringify({
    Args: argsOf(request), Folder: request.folder ?? process.cwd(), Config: request.config,
  }));
  const { status, stdout, stderr } = spawnSync(tool, {
    input: lines.map((line) => `${line}\n`).join(''), encoding: 'utf8', env: { ...process.env, MANY: '1' }, maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`butane ended with ${status}:\n${stderr}`);
  return stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as ToolRun);
}

function build(target: string): void {
  const go = (args: string[], cwd: string) => {
    const result = spawnSync('go', args, { cwd, encoding: 'utf8', env: { ...process.env, GOFLAGS: '-mod=mod' } });
    if (result.error) {
      throw new Error(
        'the comparison with the real butane needs Go (Debian package golang-go, 1.24 or later), or the environment variable BUTANE',
      );
    }
    if (result.status !== 0) {
      throw new Error(`go ${args.join(' ')} failed; set BUTANE to a butane ${RELEASE} instead:\n${result.stderr}${result.stdout}`);
    }
    return result.stdout;
  };
  const folder = mkdtempSync(join(tmpdir(), 'butane-build-'));
  try {
    // `go install` asks for the list of all releases, which not every module proxy has.
    const module = JSON.parse(go(['mod', 'download', '-json', `github.com/coreos/butane@${RELEASE}`], folder)) as { Dir: string };
    cpSync(module.Dir, join(folder, 'source'), { recursive: true, filter: (source) => !source.endsWith('_test.go') });
    const main = join(folder, 'source/internal/main.go');
    const asFunction = readFileSync(main, 'utf8').replace('func main()', 'func tool()').replaceAll('os.Exit(', 'exit(');
    writeFileSync(main, asFunction);
    cpSync(MANY, join(folder, 'source/internal/many.go'));
    go(['build', '-modcacherw', '-o', join(folder, 'butane'), './internal'], join(folder, 'source'));
    renameSync(join(folder, 'butane'), target);
  } finally {
    spawnSync('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}
