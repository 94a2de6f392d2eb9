import { readFileSync } from 'fs';
import { join } from 'path';

const HELP = `Usage: openshift-ipsec [--help] [--version]

Tools around cdk8s-openshift-ipsec.

Options:
  --help, -h     this text
  --version, -V  the version of the package
`;

/** Where a command writes, and what it was called with; the tests pass their own. */
export interface Invocation {
  readonly args: readonly string[];
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** Runs the command and returns its exit code: 0 done, 2 bad usage. */
export function run({ args, stdout, stderr }: Invocation): number {
  const [first] = args;
  if (first === undefined || first === '--help' || first === '-h') {
    stdout(HELP);
    return 0;
  }
  if (first === '--version' || first === '-V') {
    const { version } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
    stdout(`${version}\n`);
    return 0;
  }
  stderr(`openshift-ipsec: '${first}' is no command or option of this program; 'openshift-ipsec --help' lists them\n`);
  return 2;
}

/** The entry of `bin/openshift-ipsec`. */
export function main(): void {
  process.exitCode = run({
    args: process.argv.slice(2),
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
}
