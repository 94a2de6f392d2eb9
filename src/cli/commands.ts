import type { Command } from './command';

/** What `--help` lists, what is completed, and what docs/command.md is made of. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'butane',
    summary: 'compiles Butane configs to MachineConfigs',
    load: () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { butane, HELP } = require('./butane') as typeof import('./butane');
      return { run: butane, help: HELP };
    },
  },
  {
    name: 'check',
    summary: 'judges the IPsec configuration in any Kubernetes YAML',
    load: () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { check, CHECK_HELP } = require('./check') as typeof import('./check');
      return { run: check, help: CHECK_HELP };
    },
  },
  {
    name: 'completion',
    summary: 'prints what bash or zsh needs to complete commands and options',
    load: () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { completion, HELP } = require('./completion') as typeof import('./completion');
      return { run: (invocation) => completion(invocation, COMMANDS), help: HELP };
    },
  },
  {
    name: 'explain',
    summary: 'says what the log of a tunnel that does not come up means',
    load: () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { explain, HELP } = require('./explain') as typeof import('./explain');
      return { run: explain, help: HELP };
    },
  },
  {
    name: 'import',
    summary: 'turns manifests that exist into a program',
    load: () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { importCommand, HELP } = require('./import') as typeof import('./import');
      return { run: importCommand, help: HELP };
    },
  },
  {
    name: 'peer',
    summary: 'writes what the other end of each tunnel needs',
    load: () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { peer, HELP } = require('./peer') as typeof import('./peer');
      return { run: peer, help: HELP };
    },
  },
  {
    name: 'plan',
    summary: 'says what a change does to nodes and tunnels',
    load: () => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { plan, HELP } = require('./plan') as typeof import('./plan');
      return { run: plan, help: HELP };
    },
  },
];

const WIDTH = Math.max(...COMMANDS.map(({ name }) => name.length));

/** `openshift-ipsec --help`. */
export const MAIN_HELP = `Usage: openshift-ipsec [--help] [--version] COMMAND

Tools around cdk8s-openshift-ipsec.

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(WIDTH)}  ${summary}`).join('\n')}

Options:
  --help, -h     this text
  --version, -V  the version of the package

'openshift-ipsec COMMAND --help' tells how a command is called, with an example.
`;
