import { decodeContents, DecodedContents } from '../../butane/data-url';

/**
 * Bytes that the files of a set may unpack to, all together. A pool takes 1.5 MB of MachineConfigs, which gzip makes ten times
 * that at most where they are texts; half a kilobyte that was made for it unpacks to 16 MiB.
 */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** Scripts and units are small; what is larger is something else, or made to keep a reader busy. */
export const MAX_TEXT_BYTES = 128 * 1024;

/** Decodes the files of a set, equal ones once, and no more than there is memory for. */
export class Payloads {
  private left = MAX_UNPACKED_BYTES;
  private readonly plain = new Map<string, DecodedContents | undefined>();
  private readonly packed = new Map<string, DecodedContents | undefined>();

  /** What a file contains; undefined where the set has unpacked to more than it may. */
  public decode(source: string, compression: unknown): DecodedContents | undefined {
    const known = compression === 'gzip' ? this.packed : this.plain;
    if (compression !== 'gzip' && compression) return decodeContents(source, compression);
    if (known.has(source)) return known.get(source);
    const decoded = this.left > 0 ? decodeContents(source, compression) : undefined;
    // What could not be unpacked may have cost as much as the largest that can.
    this.left -= decoded && 'bytes' in decoded ? decoded.bytes.length : compression === 'gzip' ? MAX_UNPACKED_BYTES / 4 : 0;
    known.set(source, decoded);
    return decoded;
  }
}
