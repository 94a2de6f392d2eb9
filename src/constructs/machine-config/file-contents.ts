import { LOCAL_FILE } from '../../butane/spec/local-files';
import { InputError } from '../../core/input-error';
import { fileSource, readNamedFile } from '../../core/local-file';

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
   * @throws when the file can't be read, or has more than 16 MiB
   */
  public static fromFile(path: string): FileContents {
    const source = fileSource('file', path);
    return new FileContents(readNamedFile(path, source, LOCAL_FILE));
  }

  private constructor(private readonly bytes: Buffer) {}

  /** @internal */
  public get _bytes(): Uint8Array {
    return this.bytes;
  }
}
