import { gunzipSync } from 'zlib';

/** What an Ignition file contains, or why nobody can say. */
export type DecodedContents = { readonly bytes: Buffer } | { readonly problem: string };

/** Above what any MachineConfig may weigh, and far below what a small gzip could unfold to. */
const MAX_DECOMPRESSED_BYTES = 16 * 1024 * 1024;

/** @see https://www.rfc-editor.org/rfc/rfc1952 section 2.3.1 */
const GZIP_MAGIC = 0x1f8b;

/**
 * The bytes of an Ignition file from the fields of its `contents`, as the Machine Config Daemon decodes them.
 *
 * A problem is the end of a sentence that begins with the field.
 */
export function decodeContents(source: string, compression: unknown): DecodedContents {
  if (compression !== undefined && compression !== null && compression !== '' && compression !== 'gzip') {
    return {
      problem: `has the compression ${typeof compression === 'string' ? `'${compression}'` : 'of another type'}, `
        + 'and Ignition knows gzip only',
    };
  }
  const decoded = decodeDataUrl(source);
  if ('problem' in decoded || compression !== 'gzip') return decoded;
  try {
    return { bytes: gunzipSync(decoded.bytes, { maxOutputLength: MAX_DECOMPRESSED_BYTES }) };
  } catch (error) {
    return { problem: whyNotUnpacked(error, decoded.bytes) };
  }
}

function whyNotUnpacked(error: unknown, bytes: Buffer): string {
  if (bytes.length >= 2 && bytes.readUInt16BE() === GZIP_MAGIC) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      return `unpacks to more than ${MAX_DECOMPRESSED_BYTES} bytes, more than any file of a MachineConfig has`;
    }
    return code === 'Z_BUF_ERROR' ? 'is gzip that is cut off' : 'is damaged gzip';
  }
  return 'is no gzip, which its compression says';
}

/** The bytes of a data URL (RFC 2397). */
export function decodeDataUrl(url: string): DecodedContents {
  if (!/^data:/i.test(url)) return { problem: 'is no data URL, and nothing else is read from a MachineConfig on a running node' };
  const comma = url.indexOf(',');
  if (comma < 0) return { problem: "is a broken data URL: it has no ','" };
  const body = url.slice(comma + 1);
  if (!/;base64$/i.test(url.slice(0, comma))) return percentDecode(body);
  const compact = body.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))).replace(/[\r\n]/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    return { problem: 'is a broken data URL: its Base64 is cut off or damaged' };
  }
  return { bytes: Buffer.from(compact, 'base64') };
}

function percentDecode(body: string): DecodedContents {
  if (/%(?![0-9A-Fa-f]{2})/.test(body)) return { problem: "is a broken data URL: a '%' is not followed by two hexadecimal digits" };
  if (/[\s]/.test(body)) return { problem: 'is a broken data URL: white space must be written as %20' };
  const bytes = Buffer.from(body, 'utf8')
    .toString('latin1')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return { bytes: Buffer.from(bytes, 'latin1') };
}
