import { readdirSync, realpathSync, statSync } from 'fs';
import { extname, join } from 'path';
import { fileSource, readDescriptor, readLocalFile, SizeLimit, UnreadableFile } from '../core/local-file';

/**
 * A text to check, or the reason why there is none; `name` is the path as the user knows it. Where the user named it, and
 * not a folder that it is in, nothing about it goes without a word.
 */
export type Input =
  | { readonly name: string; readonly text: string; readonly named?: boolean }
  | { readonly name: string; readonly problem: string }
  | { readonly name: string; readonly note: string };

/** More than any file of manifests, and few enough bytes to be read at once. */
export const MANIFESTS: SizeLimit = { bytes: 64 * 1024 * 1024, reason: 'any file of manifests has: split it' };

const EXTENSIONS = ['.yaml', '.yml', '.json'];
const PASSED_OVER = ['.git', 'node_modules'];
const STDIN = '-';

/** The files at these paths, folders with all that is in them, each file once; read one at a time. */
export function* inputFiles(paths: readonly string[], stdin: () => Buffer = () => readDescriptor(0, MANIFESTS)): Iterable<Input> {
  const seen = new Set<string>();
  for (const path of paths) {
    if (path === STDIN) yield { ...readInput(path, stdin), named: true };
    else yield* walk(path, seen, [], true);
  }
}

function* walk(path: string, seen: Set<string>, above: readonly string[], named: boolean): Iterable<Input> {
  let real: string;
  let isDirectory: boolean;
  let isFile: boolean;
  try {
    real = realpathSync(path);
    const stat = statSync(real);
    [isDirectory, isFile] = [stat.isDirectory(), stat.isFile()];
  } catch (error) {
    yield { name: nameOf(path), problem: whyUnreadable(error) };
    return;
  }
  if (above.includes(real)) {
    yield { name: path, problem: 'is a link to a folder that it is in: passed over' };
    return;
  }
  if (seen.has(real)) return;
  seen.add(real);
  if (!isDirectory) {
    if (named || isFile) yield { ...readInput(path, () => readLocalFile(path, MANIFESTS)), named };
    return;
  }
  let any = false;
  for (const input of walkFolder(path, seen, [...above, real])) {
    any = true;
    yield input;
  }
  if (named && !any) yield { name: path, note: 'has no .yaml, .yml or .json file in it that is not checked already' };
}

/** A key that was given in place of a path is not repeated. */
function nameOf(path: string): string {
  try {
    fileSource('input', path);
    return path;
  } catch {
    return `(${path.length} characters that are no path)`;
  }
}

function* walkFolder(path: string, seen: Set<string>, above: readonly string[]): Iterable<Input> {
  let names: string[];
  try {
    names = readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink() ? !PASSED_OVER.includes(entry.name) : isManifest(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    yield { name: path, problem: whyUnreadable(error) };
    return;
  }
  for (const name of names) {
    const inner = join(path, name);
    if (isLinkToOther(inner)) continue;
    yield* walk(inner, seen, above, false);
  }
}

function isManifest(name: string): boolean {
  return EXTENSIONS.includes(extname(name).toLowerCase());
}

/** Whether a path leads to a file that is none of ours by its name; a broken or circular link is ours to tell about. */
function isLinkToOther(path: string): boolean {
  try {
    return !statSync(path).isDirectory() && !isManifest(path);
  } catch {
    return false;
  }
}

function readInput(name: string, read: () => Buffer): Input {
  let content: Buffer;
  try {
    content = read();
  } catch (error) {
    return { name, problem: error instanceof UnreadableFile ? error.message : whyUnreadable(error) };
  }
  if (content.includes(0)) return { name, problem: 'is binary, and no YAML in UTF-8' };
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true }).decode(content) };
  } catch {
    return { name, problem: 'is not encoded in UTF-8' };
  }
}

function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT': case 'ENOTDIR': case 'ERR_INVALID_ARG_VALUE': case 'ENAMETOOLONG': return 'does not exist';
    case 'EACCES': case 'EPERM': return 'must not be read by this user: check its permissions';
    case 'ELOOP': return 'is a link that leads back to itself';
    case 'EISDIR': return 'is a folder';
    default: return `can't be read (${code ?? 'unknown error'})`;
  }
}
