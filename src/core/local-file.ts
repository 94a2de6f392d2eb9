import { Stats, closeSync, constants, fstatSync, openSync, readSync } from 'fs';
import { isAbsolute } from 'path';
import { InputError } from './input-error';

/** Why a local file can't be read. The message is what follows the file's name: "… does not exist". */
export class UnreadableFile extends Error {
  public constructor(
    message: string,
    /** As Node.js names it: `ENOENT`, `EISDIR`; `TOO_LARGE` and `NO_WRITER` are our own. */
    public readonly code: string,
  ) {
    super(message);
  }
}

/** How much of a file is read, and what else the message says of a larger one: "any certificate file needs: name the right file". */
export interface SizeLimit {
  readonly bytes: number;
  readonly reason: string;
}

/** Milliseconds that a pipe may be silent: someone may have to type a passphrase first. */
const PIPE_PATIENCE = 60_000;
/** Milliseconds in which somebody must open a pipe for writing. */
const WRITER_PATIENCE = 2_000;
const CHUNK = 64 * 1024;

/**
 * What messages call a file that the user named: "PKCS#12 file 'left.p12'". A key or other content that was passed in
 * place of the path is not shown.
 *
 * @throws when there is no path
 */
export function fileSource(kind: string, path: unknown): string {
  if (typeof path !== 'string' || path === '') throw new InputError(`${kind} is not named: give its path`);
  if (isContent(path)) {
    throw new InputError(
      `${kind} is named by a text of ${path.length} characters that is no path: give the path of the file, not its content`,
    );
  }
  return `${kind} '${path}'`;
}

/**
 * Reads a file that the user named, as `fileSource` calls it.
 *
 * @throws InputError with the reason; no path leads to more bytes than the limit, or to waiting without end
 */
export function readNamedFile(path: string, source: string, limit: SizeLimit): Buffer {
  try {
    return readLocalFile(path, limit);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const relative =
      isAbsolute(path) || error.code === 'TOO_LARGE' ? '' : ` (the path is relative to the working directory, ${process.cwd()})`;
    throw new InputError(`${source} ${error.message}${relative}`);
  }
}

/**
 * The bytes of a file. Pipes and devices are read too (`<(pass show ipsec)`, `/dev/null`), as far as they end.
 *
 * @throws UnreadableFile for everything else
 */
export function readLocalFile(path: string, limit: SizeLimit): Buffer {
  let descriptor: number | undefined;
  try {
    // To open a pipe would wait for its writer. Windows has no such flag, and no such pipes.
    // eslint-disable-next-line no-bitwise
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    return readDescriptor(descriptor, limit);
  } catch (error) {
    throw error instanceof UnreadableFile
      ? error
      : new UnreadableFile(whyUnreadable(error), (error as NodeJS.ErrnoException).code ?? 'unknown error');
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * All bytes of an open file, pipe or terminal, as long as they are not too many: some never end.
 *
 * @throws UnreadableFile when there are too many, or none come
 */
export function readDescriptor(descriptor: number, { bytes: maxBytes, reason }: SizeLimit, patience = PIPE_PATIENCE): Buffer {
  const stat = fstatSync(descriptor);
  const kind = stat.isFile() ? '' : `is a ${kindOf(stat)} and `;
  if (stat.isFile() && stat.size > maxBytes) throw tooLarge(`has ${stat.size} bytes, more than the ${maxBytes} that ${reason}`);
  const chunks: Buffer[] = [];
  let total = 0;
  for (let silence = 0; total <= maxBytes;) {
    const chunk = Buffer.allocUnsafe(CHUNK);
    const length = readSome(descriptor, chunk);
    if (length !== undefined && length > 0) {
      chunks.push(chunk.subarray(0, length));
      total += length;
      silence = 0;
      continue;
    }
    // A pipe that nobody has opened for writing yet looks like one at its end.
    const isUnopened = length === 0 && total === 0 && stat.isFIFO();
    if (length === 0 && !isUnopened) return Buffer.concat(chunks, total);
    const time = isUnopened ? Math.min(WRITER_PATIENCE, patience) : patience;
    if (silence >= time) {
      throw new UnreadableFile(`${kind}gives nothing within ${time / 1000} s: name a file that is written already`, 'NO_WRITER');
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    silence += 10;
  }
  throw tooLarge(`${kind}has more than the ${maxBytes} bytes that ${reason}`);
}

function tooLarge(message: string): UnreadableFile {
  return new UnreadableFile(message, 'TOO_LARGE');
}

/** The number of bytes, 0 at the end; undefined where a pipe or terminal has nothing yet. */
function readSome(descriptor: number, chunk: Buffer): number | undefined {
  try {
    return readSync(descriptor, chunk);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return undefined;
    if (code === 'EOF') return 0; // the end of a pipe on Windows
    throw error;
  }
}

function kindOf(stat: Stats): string {
  if (stat.isFIFO()) return 'pipe';
  if (stat.isSocket()) return 'socket';
  return 'device';
}

function whyUnreadable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT': case 'ENOTDIR': return 'does not exist';
    case 'EISDIR': return 'is a directory: name a file in it';
    case 'EACCES': case 'EPERM': return 'must not be read by this user: check its permissions';
    case 'ELOOP': return 'is a link that leads back to itself';
    case 'ENXIO': return 'is a socket, or a device that is not there: name a file';
    case 'ERR_INVALID_ARG_VALUE': case 'ENAMETOOLONG': return 'has a name that no file can have';
    default: return `cannot be read (${code ?? 'unknown error'})`;
  }
}

/** Text in lines, PEM, or the Base64 of DER or PEM: a structure's first byte makes an M, five dashes LS0t. */
function isContent(path: string): boolean {
  return path.length > 1024 || /[\r\n]|-----BEGIN/.test(path) || /^(?:M[A-P]|LS0t)[A-Za-z0-9+/]{50,}={0,2}$/.test(path);
}
