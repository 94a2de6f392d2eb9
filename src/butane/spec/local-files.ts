import { statSync } from 'fs';
import { join, resolve, sep } from 'path';
import { SizeLimit, UnreadableFile, readLocalFile } from '../../core/local-file';

/** What `check` unpacks of a file at most. Compressed, this much can fit into an object, for which etcd has 1.5 MiB. */
export const LOCAL_FILE: SizeLimit = { bytes: 16 * 1024 * 1024, reason: 'any file in a MachineConfig may have: name a smaller one' };

/** All files of one config together: more than any object holds, and little enough to be held in memory at once. */
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;

/** The files that a config may name: what lies in one folder. */
export class LocalFiles {
  private total = 0;

  /** @param folder absent: no file may be named */
  public constructor(public readonly folder: string | undefined) {}

  /** The bytes of a file, or the reason why there are none. */
  public read(path: string): Buffer | string {
    const file = this.inside(path);
    return typeof file === 'string' ? file : this.contents(file.path);
  }

  /** The bytes of a file that is known to be inside, or the reason why there are none. */
  public contents(path: string): Buffer | string {
    try {
      const body = readLocalFile(path, this.limit());
      this.total += body.length;
      return body;
    } catch (error) {
      return error instanceof UnreadableFile && !(error.code in REASONS) ? `read ${path}: ${error.message}` : reason(error, 'open', path);
    }
  }

  private limit(): SizeLimit {
    const left = MAX_TOTAL_BYTES - this.total;
    return left < LOCAL_FILE.bytes
      ? { bytes: left, reason: `are left of the ${MAX_TOTAL_BYTES} that all local files of a config may have: write fewer` }
      : LOCAL_FILE;
  }

  /** The path of something in the folder, or the reason why it is none. */
  public inside(path: string): { readonly path: string } | string {
    if (!this.folder) return NO_FOLDER;
    if (path.includes('\0')) return 'local file path has a NUL character';
    const file = join(this.folder, path);
    const [base, target] = [resolve(this.folder), resolve(file)];
    return target === base || target.startsWith(base.endsWith(sep) ? base : base + sep)
      ? { path: file }
      : 'local file path traverses outside the files directory';
  }

  public isFolder(path: string): boolean | string {
    try {
      return statSync(path).isDirectory();
    } catch (error) {
      return reason(error, 'stat', path);
    }
  }
}

export const NO_FOLDER = 'local file paths are relative to a files directory that must be specified with -d/--files-dir';

const REASONS: { readonly [code: string]: string } = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
};

/** As Go words it: `open files/x: no such file or directory`. */
export function reason(error: unknown, operation: string, path: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EISDIR') return `read ${path}: is a directory`;
  return `${operation} ${path}: ${REASONS[code ?? ''] ?? message}`;
}
