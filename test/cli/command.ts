import { spawnSync, SpawnSyncOptions } from 'child_process';
import { rmSync } from 'fs';
import { join } from 'path';
import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '..', '..');

/**
 * What every run may take: 10 s by itself, and here twice that, because the tests beside it share the processor and its caches.
 */
export const CPU_SECONDS = 20;
export const MEMORY_BYTES = 1024 * 1024 * 1024;

export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** The command of this working copy in one file, so that a process is not busy with the compiler; where `cdk8s` is found from. */
const COMMAND = join(ROOT, 'node_modules', '.cache', `command-${process.pid}.js`);
let isMade = false;
afterAll(() => rmSync(COMMAND, { force: true }));

function command(): string {
  if (!isMade) {
    buildSync({
      entryPoints: [join(ROOT, 'src/cli/main.ts')], outfile: COMMAND, bundle: true, platform: 'node', external: ['cdk8s', 'constructs'],
    });
    isMade = true;
  }
  return COMMAND;
}

/** Tells what the process took, on a descriptor of its own, when all else is done. */
const SCRIPT = `process.on('exit', () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); require('fs').writeSync(3, JSON.stringify([(userCPUTime + systemCPUTime) / 1e6, maxRSS * 1024])); });
require(process.argv.splice(1, 1)[0]).main();`;

/**
 * Runs the command as a process, which the kernel ends after twice the CPU time that it may take; a shell around it makes
 * redirections possible, in which \`"$@"\` is the command.
 */
export function runCommand(
  args: readonly string[],
  { redirection = '', ...options }: SpawnSyncOptions & { readonly redirection?: string } = {},
): CommandRun {
  const node = [process.execPath, '-e', SCRIPT, command(), 'openshift-ipsec', ...args];
  const { status, output } = spawnSync('bash', ['-c', `ulimit -t ${2 * CPU_SECONDS}; "$@" ${redirection}`, 'bash', ...node], {
    cwd: ROOT,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    maxBuffer: 512 * 1024 * 1024,
    timeout: 120_000,
    ...options,
  });
  const [, stdout, stderr, usage] = output.map((bytes) => String(bytes ?? ''));
  const [cpuSeconds, memoryBytes] = (usage === '' ? [Infinity, Infinity] : JSON.parse(usage)) as [number, number];
  return { code: status, stdout, stderr, cpuSeconds, memoryBytes };
}
