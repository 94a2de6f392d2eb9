import { readFileSync } from 'fs';
import { isAbsolute } from 'path';
import { InputError } from '../synthesis/input-error';

/** Far above any bundle or CA file (a few KiB), far below what an Ignition payload may weigh. */
export const MAX_FILE_SIZE = 1024 * 1024;

/**
 * What messages call a file: "PKCS#12 file 'left.p12'". A content passed for a path is not shown: it may be a key.
 *
 * @throws when there is no path
 */
export function fileSource(kind: string, path: unknown): string {
  if (typeof path !== 'string' || path === '') throw new InputError(`${kind} is not named: give its path`);
  const isContent = path.length > 1024 || /[\r\n]|-----BEGIN/.test(path);
  if (isContent) throw new InputError(`${kind} is named by a text of ${path.length} characters that is no path: give the path of the file, not its content`);
  return `${kind} '${path}'`;
}

/**
 * Reads a file that the user named.
 *
 * @param source what messages call it: "PKCS#12 file 'left.p12'"
 */
export function readInputFile(path: string, source: string): Buffer {
  const relative = isAbsolute(path) ? '' : ` (the path is relative to the working directory, ${process.cwd()})`;
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    throw new InputError(`${source} ${whyUnreadable(error)}${relative}`);
  }
  return content;
}

/** Refuses content that can't be what it should be by its size alone. */
export function checkSize(content: Buffer, source: string): Buffer {
  if (content.length === 0) throw new InputError(`${source} is empty`);
  if (content.length > MAX_FILE_SIZE) {
    throw new InputError(`${source} has ${content.length} bytes, more than the ${MAX_FILE_SIZE} that any certificate file needs: name the right file`);
  }
  return content;
}

function whyUnreadable(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT': case 'ENOTDIR': return 'does not exist';
    case 'EISDIR': return 'is a directory: name a file in it';
    case 'EACCES': case 'EPERM': return 'must not be read by this user: check its permissions';
    case 'ERR_INVALID_ARG_VALUE': return 'has a name that no file can have';
    default: return `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;
  }
}
