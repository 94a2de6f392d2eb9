import { looksDecimal } from '../../butane/spec/file-modes';
import { InputError } from '../../core/input-error';

/** The permissions of a file on a node. */
export class FileMode {
  /** Read and write for root, read for everyone: `0644`. */
  public static readonly READABLE = new FileMode(0o644);
  /** Read for root alone: `0400`. */
  public static readonly ROOT_READ_ONLY = new FileMode(0o400);
  /** Read and write for root alone: `0600`. */
  public static readonly ROOT_ONLY = new FileMode(0o600);
  /** A program for everyone: `0755`. */
  public static readonly EXECUTABLE = new FileMode(0o755);

  /**
   * The mode written as octal digits.
   *
   * @param octal such as `0644`, `644` or `0o644`
   * @throws when the text is no octal number, or has bits beyond 0777, which the Machine Config Operator refuses
   */
  public static of(octal: string): FileMode {
    const match = /^(?:0o)?0*([0-7]{1,4})$/.exec(octal);
    const bits = match ? parseInt(match[1], 8) : NaN;
    if (!(bits <= 0o777)) {
      throw new InputError(
        `mode ('${octal}') must be an octal number from 0000 to 0777, such as '0644': the Machine Config Operator takes no other bits`,
      );
    }
    return new FileMode(bits);
  }

  /**
   * The mode as a number, for languages with octal literals: `FileMode.ofBits(0o644)`.
   *
   * @throws when the number is beyond 0777, or looks like octal digits read as decimal: 644 instead of 0o644
   */
  public static ofBits(bits: number): FileMode {
    if (!Number.isInteger(bits) || bits < 0 || bits > 0o777 || looksDecimal(bits, false)) {
      const octal = /^[0-7]{3}$/.test(String(bits)) ? `: write 0o${bits}, or FileMode.of('0${bits}')` : '';
      throw new InputError(
        `mode (${bits}) must be a number from 0 to 0o777 `
          + `(511)${octal || ' with permission bits only, because the Machine Config Operator takes no others'}`,
      );
    }
    return new FileMode(bits);
  }

  private constructor(
    /** The mode as a number: 420 for `0644`. */
    public readonly bits: number,
  ) {}

  /** The mode in octal digits: `0644`. */
  public toString(): string {
    return `0${this.bits.toString(8).padStart(3, '0')}`;
  }
}
