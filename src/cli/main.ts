import { fstatSync, readFileSync } from 'fs';
import { join } from 'path';
import { COMMANDS, MAIN_HELP } from './commands';
import type { Invocation } from './invocation';
import { meant } from './meant';
import { writeAll } from './output';
import { shown } from './shown';
import { printableLines } from '../core/printable';

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
  const command = COMMANDS.find(({ name }) => name === first);
  if (command) return command.load().run({ ...invocation, args: rest });
  if (first === undefined || first === '--help' || first === '-h') {
    stdout(MAIN_HELP);
    return 0;
  }
  if (first === '--version' || first === '-V') {
    const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
    stdout(`${version}\n`);
    return 0;
  }
  const known = first.startsWith('-') ? ['--help', '--version'] : COMMANDS.map(({ name }) => name);
  stderr(`openshift-ipsec: ${shown(first)} is no command or option of this program${meant(first, known, "'openshift-ipsec --help' lists them")}\n`);
  return 2;
}

/** Standard output that takes nothing more: a full disk. */
class OutputProblem extends Error {}

/** The entry of `bin/openshift-ipsec`. */
export function main(): void {
  const terminal = isTerminal();
  try {
    process.exitCode = run({ args: process.argv.slice(2), stdout: (text) => print(1, text), stderr: (text) => print(2, text), terminal });
  } catch (error) {
    if (!(error instanceof OutputProblem)) throw error;
    process.exitCode = 2;
    print(2, `openshift-ipsec: standard output can not be written: ${error.message}\n`);
  }
}

/** Whether standard output is a terminal. To ask Node.js makes a stream of it, whose modules take as long as all of a small run. */
function isTerminal(): boolean {
  try {
    return fstatSync(1).isCharacterDevice() && process.stdout.isTTY === true;
  } catch {
    return false;
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
