import { readFileSync } from 'fs';
import { join } from 'path';

const HELP = `Usage: openshift-ipsec [--help] [--version] COMMAND

Tools around cdk8s-openshift-ipsec.

Commands:
  butane         compiles Butane configs to MachineConfigs; 'openshift-ipsec butane --help' tells how
  check          judges the IPsec configuration in any Kubernetes YAML; 'openshift-ipsec check --help' tells how

Options:
  --help, -h     this text
  --version, -V  the version of the package
`;

/** Where a command writes, and what it was called with; the tests pass their own. */
export interface Invocation {
  readonly args: readonly string[];
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /**
   * Where a command reads what it is piped.
   *
   * @default - standard input
   */
  readonly stdin?: () => Buffer;
}

/** Commands, each loaded only when it is called: a start costs no more than what it needs. */
const COMMANDS: { readonly [name: string]: () => (invocation: Invocation) => number } = {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  butane: () => (require('./butane') as typeof import('./butane')).butane,
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  check: () => (require('./check') as typeof import('./check')).check,
};

/** Runs the command and returns its exit code: 0 done, 2 bad usage, 1 as the command says. */
export function run(invocation: Invocation): number {
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
  stderr(`openshift-ipsec: '${first}' is no command or option of this program; 'openshift-ipsec --help' lists them\n`);
  return 2;
}

/** The entry of `bin/openshift-ipsec`. */
export function main(): void {
  // Whoever reads may stop early (`| head`); that is no failure of this program.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = run({
    args: process.argv.slice(2),
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
}
