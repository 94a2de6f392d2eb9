import { readFileSync } from 'fs';
import { InputError } from '../synthesis/input-error';

/** What is in a file on a node. MachineConfigs can be read by many: no secret belongs into one. */
export class FileContents {
  /** Contents given as text, in UTF-8. */
  public static fromText(text: string): FileContents {
    return new FileContents(Buffer.from(text, 'utf8'));
  }

  /**
   * Contents given as base64, for bytes that are no text.
   *
   * @throws when the text is not base64
   */
  public static fromBase64(base64: string): FileContents {
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.toString('base64').replace(/=+$/, '') !== base64.replace(/\s/g, '').replace(/=+$/, '')) {
      throw new InputError('the contents are not base64: only A-Z, a-z, 0-9, + and / may stand in it, and = at its end');
    }
    return new FileContents(bytes);
  }

  /**
   * Contents read from a file, now.
   *
   * @param path relative to the working directory
   * @throws when the file can't be read
   */
  public static fromFile(path: string): FileContents {
    try {
      return new FileContents(readFileSync(path));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const why = code === 'ENOENT' ? 'it does not exist' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'it may not be read' : code ?? 'it can not be read';
      throw new InputError(`file '${path}' can not be read: ${why}; the path is relative to the working directory (${process.cwd()})`);
    }
  }

  private constructor(private readonly bytes: Buffer) {}

  /** @internal */
  public get _bytes(): Uint8Array {
    return this.bytes;
  }
}
