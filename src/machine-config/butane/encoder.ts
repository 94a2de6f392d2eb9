import { createHash } from 'crypto';
import { EncodedContents, encodeContents } from '../resource';

/**
 * Encodes payloads for one compilation or many: equal bytes are compressed once.
 *
 * The cache is bounded by bytes of encoded text; a config that differs in every payload gains nothing and keeps nothing.
 */
export class PayloadEncoder {
  /** Shared by all compilations of the process: configs for several roles or clusters carry the same payloads. */
  public static readonly shared = new PayloadEncoder(16 * 1024 * 1024);

  private readonly cache = new Map<string, EncodedContents>();
  private size = 0;

  public constructor(private readonly capacity: number) {}

  /** `compress`: whether gzip may be chosen. */
  public encode(body: Buffer, compress: boolean): EncodedContents {
    // Hashing costs less than the shortest compression; without compression there is little to save.
    const key = `${compress ? 'gzip' : 'plain'} ${createHash('sha256').update(body).digest('base64')}`;
    const known = this.cache.get(key);
    if (known) return known;
    const encoded = encodeContents(body, compress);
    this.cache.set(key, encoded);
    this.size += encoded.source.length;
    for (const [oldest, { source }] of this.cache) {
      if (this.size <= this.capacity) break;
      this.cache.delete(oldest);
      this.size -= source.length;
    }
    return encoded;
  }
}
