import { basename, join } from 'path';
import type { Invocation } from './invocation';
import { meant } from './meant';
import { isFolder, writeFile } from './output';
import { shown } from './shown';
import { UsageError, withUsage } from './usage';
import { compileText } from '../butane/compile';
import { caret, Entry, formatEntry, linesOf } from '../butane/spec/report';
import { rendered } from '../butane/translate/output';
import { MASK, maskedLine } from '../check/secrets';
import { InputError } from '../core/input-error';
import { readDescriptor, readLocalFile, SizeLimit, UnreadableFile } from '../core/local-file';
import { printable, printableLines } from '../core/printable';

export const HELP = `Usage: openshift-ipsec butane [options] [FILE]
       openshift-ipsec butane [options] -o DIR/ FILE...

Compiles a Butane config (variant openshift, 4.8.0 to 4.22.0) to a MachineConfig, as the butane program does.
Without FILE, or with -, the config is read from standard input.

Options:
  -d, --files-dir DIR  allow embedding local files from this folder
  -s, --strict         fail on any warning that butane gives
  -r, --raw            print the Ignition config as JSON, without a MachineConfig around it
  -c, --check          check the config, print nothing
  -o, --output FILE    write to a file; a folder, ending in /, takes one file for each config
  -h, --help           this text

Example:
  openshift-ipsec butane --files-dir . 99-worker-import-certs.bu -o 99-worker-import-certs.yaml

Exit code: 0 compiled, 1 a config was refused, 2 bad usage or a file that can't be read or written.
`;

interface Options {
  readonly filesDir?: string;
  readonly strict: boolean;
  readonly raw: boolean;
  readonly check: boolean;
  readonly help: boolean;
  readonly output?: string;
  readonly files: readonly string[];
}

/** A config with more than the compiler reads is told so; what is larger still is none. */
const CONFIG: SizeLimit = {
  bytes: 16 * 1024 * 1024,
  reason: 'any config may have: put large contents into files and name them with local',
};

/** Enough to see what is wrong. */
const MOST_TOLD = 1000;

/** `openshift-ipsec butane`. Nothing is written unless every config was accepted. */
export function butane(invocation: Invocation): number {
  return withUsage('butane', invocation, () => compileAll(invocation));
}

function compileAll({ args, stdout, stderr, stdin = () => readDescriptor(0, CONFIG), terminal = false }: Invocation): number {
  const options = parse(args);
  if (options.help) {
    stdout(HELP);
    return 0;
  }
  const sources = options.files.length > 0 ? options.files : ['-'];
  const targets = outputFiles(options, sources);
  const outputs = sources.map((file) => {
    const text = decode(file === '-' ? readStdin(stdin) : read(file), file);
    return typeof text === 'string' ? compile(text, options, stderr, sources.length > 1 ? file : undefined) : refuse(text, stderr);
  });
  if (outputs.includes(undefined)) return 1;
  if (options.check) return 0;
  outputs.forEach((output, index) => targets ? write(targets[index], output!) : stdout(terminal ? printableLines(output!) : output!));
  return 0;
}

function compile(text: string, { filesDir, strict, raw }: Options, stderr: (text: string) => void, file?: string): string | undefined {
  const tell = (entries: readonly Entry[]) => {
    if (entries.length === 0) return;
    if (file) stderr(`${shown(file).slice(1, -1)}:\n`);
    const lines = linesOf(text);
    // Each on lines of its own: what a config says does not begin one.
    for (const entry of entries.slice(0, MOST_TOLD)) {
      const line = entry.position && maskedLine(lines, entry.position.line, entry.position.column);
      const told = line?.charAt(entry.position!.column - 1) === MASK ? { ...entry, text: withoutQuoted(entry.text) } : entry;
      stderr(`${printable(formatEntry(told))}\n${line === undefined ? '' : `${caret(line, entry.position!)}\n`}`);
    }
    if (entries.length > MOST_TOLD) stderr(`and ${entries.length - MOST_TOLD} more\n`);
  };
  try {
    const { object, warnings } = compileText(text, { filesDir, strict, raw, compress: true });
    tell(warnings);
    return rendered(object, raw);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tell((error as InputError & { entries?: readonly Entry[] }).entries ?? [{ severity: 'error', path: [], text: error.message }]);
    return undefined;
  }
}

function refuse({ problem }: { problem: string }, stderr: (text: string) => void): undefined {
  stderr(`error: ${problem}\n`);
  return undefined;
}

function parse(args: readonly string[]): Options {
  const options: { -readonly [K in keyof Options]: Options[K] } & { files: string[] } = {
    strict: false, raw: false, check: false, help: false, files: [],
  };
  const flags: { readonly [flag: string]: () => void } = {
    'strict': () => { options.strict = true; },
    'raw': () => { options.raw = true; },
    'check': () => { options.check = true; },
    'help': () => { options.help = true; },
    // What the tool needs to be told is what this command does anyway.
    'raw-errors': () => {},
  };
  const values: { readonly [option: string]: (value: string) => void } = {
    'files-dir': (value) => { options.filesDir = existingFolder(value); },
    'output': (value) => { options.output = value; },
  };
  const long: { readonly [letter: string]: string } = { s: 'strict', r: 'raw', c: 'check', h: 'help', d: 'files-dir', o: 'output' };
  const meantBy = (name: string) => meant(`--${name}`, [...Object.keys(flags), ...Object.keys(values)].map((known) => `--${known}`), '--help lists them');
  const queue = [...args];
  const take = (name: string, value: string | undefined, option: string) => {
    const given = value ?? queue.shift();
    if (given === undefined || given === '') throw new UsageError(`${option} needs a value; --help tells which`);
    values[name](given);
  };
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (arg === '--') {
      options.files.push(...queue.splice(0));
    } else if (arg.startsWith('--')) {
      const [name, value] = arg.slice(2).split(/=(.*)/s, 2);
      if (Object.hasOwn(values, name)) take(name, value, `--${name}`);
      else if (Object.hasOwn(flags, name) && value === undefined) flags[name]();
      else if (Object.hasOwn(flags, name)) throw new UsageError(`${shown(arg)} is no option of this command; --help lists them`);
      else throw new UsageError(`${shown(`--${name}`)} is no option of this command${meantBy(name)}`);
    } else if (arg.startsWith('-') && arg !== '-') {
      for (let letters = arg.slice(1); letters !== ''; letters = letters.slice(1)) {
        const name = Object.hasOwn(long, letters[0]) ? long[letters[0]] : undefined;
        if (name === undefined) throw new UsageError(`${shown(`-${letters[0]}`)} is no option of this command; --help lists them`);
        if (Object.hasOwn(flags, name)) {
          flags[name]();
        } else {
          take(name, letters.slice(1).replace(/^=/, '') || undefined, `-${letters[0]}`);
          break;
        }
      }
    } else {
      options.files.push(arg);
    }
  }
  return options;
}

function existingFolder(folder: string): string {
  if (!isFolder(folder)) throw new UsageError(`the folder of local files ${shown(folder)} (-d) is not a folder that exists`);
  return folder;
}

/** Where each config goes; undefined for standard output. */
function outputFiles({ output, raw }: Options, sources: readonly string[]): string[] | undefined {
  if (output === undefined) {
    if (sources.length > 1) throw new UsageError(`${sources.length} configs need a folder to go to: -o DIR/`);
    return undefined;
  }
  if (!output.endsWith('/') && !isFolder(output)) {
    if (sources.length > 1) {
      throw new UsageError(
        `${sources.length} configs can not go to one file (${shown(output)}): name a folder, -o ${shown(output).slice(1, -1)}/`,
      );
    }
    return [output];
  }
  const targets = sources.map((source) => {
    if (source === '-') throw new UsageError('a config from standard input has no name of its own: name the file to write, -o FILE');
    return join(output, `${basename(source).replace(/\.(bu|butane|yaml|yml)$/, '')}${raw ? '.ign' : '.yaml'}`);
  });
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) throw new UsageError(`two configs would be written to ${shown(twice).slice(1, -1)}: give them different names`);
  return targets;
}

function read(file: string): Buffer {
  try {
    return readLocalFile(file, CONFIG);
  } catch (error) {
    throw new UsageError(`the config ${shown(file)} can not be read: ${why(error)}`);
  }
}

function readStdin(stdin: () => Buffer): Buffer {
  try {
    return stdin();
  } catch (error) {
    throw new UsageError(`the config can not be read from standard input: ${why(error)}`);
  }
}

function decode(bytes: Buffer, file: string): string | { problem: string } {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { problem: `the config${file === '-' ? '' : ` ${shown(file)}`} is not text in UTF-8` };
  }
}

function write(file: string, text: string): void {
  try {
    writeFile(file, text);
  } catch (error) {
    throw new UsageError(`${shown(file)} can not be written: ${why(error)}`);
  }
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is no folder',
  ELOOP: 'its links go in a circle',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
  ENXIO: 'it is a pipe that nobody reads, or a device that is not there',
  EPIPE: 'its reader has gone',
  ENAMETOOLONG: 'its name is too long',
  EAGAIN: 'it takes nothing now',
};

function why(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? (error instanceof UnreadableFile ? `it ${message}` : code || message);
}

/** A message about a secret, without what it repeats of it. */
function withoutQuoted(text: string): string {
  return text.replace(/'[^']*'/g, `'${MASK}'`).replace(/: [^:]{4,}$/, (tail) => /^: [|>]/.test(tail) ? '' : tail);
}
