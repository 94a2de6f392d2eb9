import type { Invocation } from './invocation';
import { readArguments } from './options';
import { shown } from './shown';
import { UsageError, withUsage } from './usage';
import { readDescriptor, readLocalFile, SizeLimit, UnreadableFile } from '../core/local-file';
import { printable } from '../core/printable';
import { FoundSign, signsIn } from '../peer/log-signs';

export const HELP = `Usage: openshift-ipsec explain LOGFILE

Says what the lines of a libreswan or strongSwan log mean that tell why a tunnel does not come up, and what to change. LOGFILE is a file,
such as the output of 'journalctl -u ipsec', or - for standard input.

Options:
  --help, -h  this text

Example:
  openshift-ipsec explain pluto.log

Exit code: 0 something is explained, 1 nothing in the log is known, 2 bad usage or a file that can't be read.
`;

const LOG: SizeLimit = { bytes: 64 * 1024 * 1024, reason: 'a log of one day has: cut it to the minutes in which the tunnel was to come up' };

/** `openshift-ipsec explain`. */
export function explain(invocation: Invocation): number {
  return withUsage('explain', invocation, () => explainLog(invocation));
}

function explainLog({ args, stdout, stderr, stdin = () => readDescriptor(0, LOG) }: Invocation): number {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  const { values, positionals } = readArguments('explain', args, options);
  if (values.help) {
    stdout(HELP);
    return 0;
  }
  if (positionals.length !== 1) throw new UsageError("one LOGFILE is to be named, or '-' for standard input; 'openshift-ipsec explain --help' tells more");
  const found = signsIn(read(positionals[0], stdin).toString('utf8'));
  if (found.length === 0) {
    stderr('nothing in the log is known: it has no line that tells why a tunnel does not come up\n');
    return 1;
  }
  stdout(found.map(told).join('\n'));
  return 0;
}

function told({ sign, line, text, times }: FoundSign): string {
  const said = text.length > 200 ? `${text.slice(0, 199)}…` : text;
  return `line ${line}${times > 1 ? `, and ${times - 1} more` : ''} (${sign.by}): ${printable(said)}\n  ${sign.means}\n  ${sign.change}\n`;
}

function read(file: string, stdin: () => Buffer): Buffer {
  try {
    return file === '-' ? stdin() : readLocalFile(file, LOG);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new UsageError(`LOGFILE (${shown(file)}) ${error.message}`);
  }
}
