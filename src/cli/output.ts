import { randomBytes } from 'crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  Stats,
  writeSync,
} from 'fs';
import { dirname, join } from 'path';

/** Milliseconds between two tries at a pipe that is full. */
const PAUSE = 10;
/** How often a pipe that is full is tried again before its reader counts as gone. */
const MOST_PAUSES = 6_000;

/** Writes all of a text, or of bytes, to an open file or pipe. */
export function writeAll(descriptor: number, content: string | Buffer): void {
  const bytes = Buffer.from(content);
  for (let at = 0, pauses = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
      pauses = 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || ++pauses > MOST_PAUSES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}

/**
 * Writes a file so that no reader ever sees half of it: beside its place, and moved there. A link is written through, and
 * what was there keeps its permissions and its owner. A device or pipe, which can't be replaced, is written to.
 */
export function writeFile(path: string, text: string): void {
  makeFolder(dirname(path));
  const target = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? realpathSync(path) : path;
  const old = statSync(target, { throwIfNoEntry: false });
  if (old && !old.isFile()) writeInto(target, text);
  else replace(target, text, old);
}

// Nothing that waits under the name is followed, used or waited for.
/* eslint-disable no-bitwise */
const SPECIAL = constants.O_WRONLY | (constants.O_NONBLOCK ?? 0);
const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
/* eslint-enable no-bitwise */

function writeInto(path: string, text: string): void {
  const descriptor = openSync(path, SPECIAL);
  try {
    writeAll(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

function replace(target: string, text: string, old: Stats | undefined): void {
  const temporary = join(dirname(target), `.${randomBytes(12).toString('hex')}.tmp`);
  const descriptor = openSync(temporary, NEW, old ? 0o600 : 0o666);
  try {
    try {
      writeAll(descriptor, text);
      if (old) keep(descriptor, old);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function keep(descriptor: number, { uid, gid, mode }: Stats): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // Only the superuser gives files away; the permissions matter more.
  }
  // eslint-disable-next-line no-bitwise
  fchmodSync(descriptor, mode & 0o7777);
}

/** Node's own recursive way never ends where a folder can't be made in one that exists, as in /proc. */
function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
