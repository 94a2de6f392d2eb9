import { EncodedContents, encodeContents } from './resource';

/**
 * Encodes payloads for one compilation or many: equal bytes are compressed once.
 *
 * The cache is bounded by the characters it holds; what was encoded first is forgotten first.
 */
export class PayloadEncoder {
  /** Shared by all compilations of the process: configs for several roles or clusters carry the same payloads. */
  public static readonly shared = new PayloadEncoder(16 * 1024 * 1024);

  private readonly cache = new Map<string, EncodedContents>();
  private size = 0;

  public constructor(private readonly capacity: number) {}

  /** `compress`: whether gzip may be chosen. */
  public encode(body: Buffer, compress: boolean): EncodedContents {
    // The bytes themselves are the key: a digest would be shorter, but loading crypto costs a short run more than it saves.
    const key = `${compress ? 'gzip' : 'plain'} ${body.toString('latin1')}`;
    const known = this.cache.get(key);
    if (known) return known;
    const encoded = encodeContents(body, compress);
    this.cache.set(key, encoded);
    this.size += key.length + encoded.source.length;
    for (const [oldest, { source }] of this.cache) {
      if (this.size <= this.capacity) break;
      this.cache.delete(oldest);
      this.size -= oldest.length + source.length;
    }
    return encoded;
  }
}
