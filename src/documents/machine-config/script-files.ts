import { Command, callsOf, hasOption, literalOf } from './commands';
import type { NssText } from './scripts';

/** Options that name a file with a certificate or a bundle; passwords (`-w`, `-k`, `-f`) come by other means on purpose. */
const INPUTS: readonly (readonly [program: string, options: readonly string[]])[] = [
  ['certutil', ['-i']],
  ['pk12util', ['-i']],
  ['openssl', ['-in', '-certfile', '-CAfile', '-CA', '-untrusted']],
];

/** What is there without a MachineConfig: made while the node runs, or part of its image. */
const BY_OTHERS = new RegExp(`^/(?:${[
  'dev', 'proc', 'run', 'sys', 'tmp', 'var/run', 'var/tmp', 'usr(?!/local/)', 'var/lib/kubelet', 'etc/kubernetes',
  'etc/pki/(?:ca-trust|tls|java|consumer|entitlement|rpm-gpg|product|nssdb)',
].join('|')})/`);

/** The files that a script has certutil, pk12util and openssl read, which somebody must have brought to the node. */
export function inputsOf({ text, commands }: NssText): string[] {
  // A template writes parts of it, and perhaps of its paths.
  if (text.includes('{{')) return [];
  const inputs = INPUTS.flatMap(([program, options]) => callsOf(program, commands)
    .flatMap((command) => options.map((option) => fileOf(command, option))))
    .filter((path) => path !== undefined && /^\/.*[^/]$/.test(path) && !BY_OTHERS.test(path));
  if (inputs.length === 0) return [];
  const own = new Set(commands.flatMap(madeOrAskedFor));
  return [...new Set(inputs as string[])].filter((path) => !own.has(path));
}

/** `certutil -i` and `pk12util -i` as NSS's tools read their options; those of openssl are words of their own. */
function fileOf(command: Command, option: string): string | undefined {
  return option.length === 2 || hasOption(command, option) ? literalOf(command, option) : undefined;
}

const WRITERS = new Set(['cp', 'mv', 'install', 'ln', 'touch', 'tee', 'curl', 'wget', 'scp', 'rsync']);
const QUESTIONS = new Set(['[', '[[', 'test', 'stat', 'ls']);
const OUTPUTS = /^(?:-o|-out|--output|\d?>>?)$/;

/** Paths that a command writes itself, or whose absence it is prepared for. */
function madeOrAskedFor(command: Command): string[] {
  const paths = (words: Command) => words.map(({ text }) => text.replace(/^\d?>>?/, ''));
  const [start] = command.map(({ text }) => text).filter((word) => !/^(?:if|while|until|then|else|elif|do|!|sudo)$/.test(word));
  if (QUESTIONS.has(start) || WRITERS.has(start)) return paths(command);
  return paths(command.filter(({ text }, i) => /^\d?>>?./.test(text) || i > 0 && OUTPUTS.test(command[i - 1].text)));
}
