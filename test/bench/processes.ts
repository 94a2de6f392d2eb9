import { spawnSync } from 'child_process';
import { existsSync, mkdirSync } from 'fs';
import { delimiter, join } from 'path';
import { buildSync } from 'esbuild';

/** Processor time, which other load on the machine lengthens less than the time on a clock, and the largest memory. */
export interface Figure {
  readonly seconds: number;
  readonly megabytes?: number;
}

const ROOT = join(__dirname, '..', '..');
/** Where Node.js finds the packages that the work needs. */
const WORK = join(ROOT, 'node_modules', '.cache', 'bench', 'work.js');

/** Makes the program of the work from its sources, so that no process compiles them once more. */
export function prepareWork(): void {
  if (!existsSync(join(ROOT, 'lib', 'index.js'))) throw new Error("lib/ is what is measured: run 'npx projen compile' first");
  mkdirSync(join(WORK, '..'), { recursive: true });
  buildSync({ entryPoints: [join(__dirname, 'work.ts')], outfile: WORK, bundle: true, platform: 'node', target: 'node20', packages: 'external' });
}

/** A piece of work of `work.ts` in a new process. */
export function workFigure(name: string, count: number, file = ''): Figure {
  return JSON.parse(outputOf(process.execPath, [WORK, name, String(count), file])) as Figure;
}

/** What it costs a new process to load a package and to ask it for names, beside what Node.js costs itself. */
export function importFigure(path: string, names: readonly string[] = []): Figure {
  const script = 'const before = process.cpuUsage(); const [, path, ...names] = process.argv; const face = require(path);'
    + 'if (names.some((name) => face[name] === undefined)) throw new Error(`${path} lacks one of ${names.join(", ")}`);'
    + 'const { user, system } = process.cpuUsage(before); console.log((user + system) / 1e6)';
  return { seconds: Number(outputOf(process.execPath, ['-e', script, path, ...names])) };
}

/** What a command costs from its start to its end, all its threads included. It prints into a pipe, as it does for hooks and pipelines. */
export function commandFigure(command: readonly string[], input = ''): Figure {
  const script = 'TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 3>&2';
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bench', ...command], { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
  const [user, system] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  if (status !== 0) throw new Error(`'${command.join(' ')}' failed:\n${stderr}`);
  return { seconds: user + system };
}

/** The path of a program in PATH. */
export function programIn(name: string, path = process.env.PATH ?? ''): string | undefined {
  return path.split(delimiter).map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/** Takes the figures in turn, so that other load of the machine meets all alike, and gives the median of each by its processor time. */
export function medians<K extends string>(rounds: number, work: ReadonlyMap<K, () => Figure>): Map<K, Figure> {
  const taken = new Map<K, Figure[]>([...work.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) for (const [name, take] of work) taken.get(name)!.push(take());
  return new Map([...taken].map(([name, figures]) => [name, medianOf(figures)]));
}

function medianOf(figures: readonly Figure[]): Figure {
  const sorted = [...figures].sort((one, other) => one.seconds - other.seconds);
  const megabytes = figures.map((figure) => figure.megabytes).filter((own) => own !== undefined);
  return { ...sorted[Math.floor(sorted.length / 2)], ...megabytes.length > 0 ? { megabytes: Math.max(...megabytes) } : {} };
}

function outputOf(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { env: { ...process.env, BENCH_LIB: join(ROOT, 'lib') }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`'${args.join(' ')}' failed:\n${stderr}`);
  return stdout;
}
