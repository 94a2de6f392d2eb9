import { spawnSync } from 'child_process';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'fs';
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

/**
 * The real butane: the program named by the environment variable BUTANE, or built with Go from the module of that release.
 *
 * @throws where neither can be had, naming what is missing
 */
export function findButane(): string {
  if (process.env.BUTANE) {
    if (!existsSync(process.env.BUTANE)) throw new Error(`BUTANE names ${process.env.BUTANE}, which does not exist`);
    return process.env.BUTANE;
  }
  const built = join(tmpdir(), `butane-${RELEASE}`);
  if (!existsSync(built)) build(built);
  return built;
}

/** Runs the tool on a config given as text. */
export function runButane(tool: string, config: string, args: readonly string[] = [], cwd?: string): ToolRun {
  const { status, stdout, stderr } = spawnSync(tool, ['--raw-errors', ...args], {
    input: config,
    encoding: 'utf8',
    cwd,
    maxBuffer: 256 * 1024 * 1024,
  });
  return { status, stdout, stderr };
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
    go(['build', '-modcacherw', '-o', join(folder, 'butane'), './internal'], join(folder, 'source'));
    renameSync(join(folder, 'butane'), target);
  } finally {
    spawnSync('chmod', ['-R', 'u+w', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}
