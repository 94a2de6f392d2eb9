import { readFileSync } from 'fs';
import { join } from 'path';
import type { Invocation } from './invocation';
import { writeAll } from './output';
import { shown } from './shown';
import { printableLines } from '../core/printable';

const HELP = `Usage: openshift-ipsec [--help] [--version] COMMAND

Tools around cdk8s-openshift-ipsec.

Commands:
  butane         compiles Butane configs to MachineConfigs; 'openshift-ipsec butane --help' tells how
  check          judges the IPsec configuration in any Kubernetes YAML; 'openshift-ipsec check --help' tells how
  import         turns manifests that exist into a program; 'openshift-ipsec import --help' tells how
  plan           says what a change does to nodes and tunnels; 'openshift-ipsec plan --help' tells how

Options:
  --help, -h     this text
  --version, -V  the version of the package
`;

/** Commands, each loaded only when it is called: a start costs no more than what it needs. */
const COMMANDS: { readonly [name: string]: () => (invocation: Invocation) => number } = {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  butane: () => (require('./butane') as typeof import('./butane')).butane,
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  check: () => (require('./check') as typeof import('./check')).check,
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  import: () => (require('./import') as typeof import('./import')).importCommand,
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  plan: () => (require('./plan') as typeof import('./plan')).plan,
};

/** Runs the command and returns its exit code: 0 done, 2 bad usage, 1 as the command says. */
export function run(invocation: Invocation): number {
  // Names and messages hold what users and files say; no terminal and no CI system must take that for a command.
  const stderr = (text: string) => invocation.stderr(printableLines(text));
  try {
    return dispatch({ ...invocation, stderr });
  } catch (error) {
    if (error instanceof OutputProblem) throw error;
    const problem =
      error instanceof RangeError
        ? 'the input is too deep or too large'
        : error instanceof Error
          ? error.message.split('\n')[0]
          : 'unknown error';
    stderr(`openshift-ipsec: unexpected problem, please report it: ${problem}\n`);
    return 2;
  }
}

function dispatch(invocation: Invocation): number {
  const { args, stdout, stderr } = invocation;
  const [first, ...rest] = args;
  if (first !== undefined && Object.hasOwn(COMMANDS, first)) return COMMANDS[first]()({ ...invocation, args: rest });
  if (first === undefined || first === '--help' || first === '-h') {
    stdout(HELP);
    return 0;
  }
  if (first === '--version' || first === '-V') {
    const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
    stdout(`${version}\n`);
    return 0;
  }
  stderr(`openshift-ipsec: ${shown(first)} is no command or option of this program; 'openshift-ipsec --help' lists them\n`);
  return 2;
}

/** Standard output that takes nothing more: a full disk. */
class OutputProblem extends Error {}

/** The entry of `bin/openshift-ipsec`. */
export function main(): void {
  const terminal = process.stdout.isTTY === true;
  try {
    process.exitCode = run({ args: process.argv.slice(2), stdout: (text) => print(1, text), stderr: (text) => print(2, text), terminal });
  } catch (error) {
    if (!(error instanceof OutputProblem)) throw error;
    process.exitCode = 2;
    print(2, `openshift-ipsec: standard output can not be written: ${error.message}\n`);
  }
}

function print(descriptor: 1 | 2, text: string): void {
  try {
    writeAll(descriptor, text);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    // Whoever reads may stop early (`| head`); that is no failure of this program. Where messages can't go, nothing can be told.
    if (descriptor === 1 && code !== 'EPIPE') throw new OutputProblem(code === 'ENOSPC' ? 'no space is left' : code);
  }
}
