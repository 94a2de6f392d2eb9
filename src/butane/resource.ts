import { gzipBase64 } from './gzip';

/** The `contents` of a file as Ignition takes them; Butane always writes both keys, for MCO's merge of files by field. */
export interface EncodedContents {
  readonly compression: '' | 'gzip';
  /** A data URL (RFC 2397) without media type. */
  readonly source: string;
}

/**
 * Bytes as the `contents` of an Ignition file, encoded the way Butane does: percent or base64, whichever is shorter
 * (percent on a tie), or gzip where that saves more than naming the compression costs.
 *
 * @param body the file's bytes
 * @param compress whether gzip may be chosen; OpenShift up to 4.9 writes compressed payloads to disk as they are
 * @see https://coreos.github.io/butane/config-openshift-v4_16/
 */
export function encodeContents(body: Uint8Array, compress: boolean): EncodedContents {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // Lengths decide; a text that is not the shorter one is never made, since that of a large file takes much memory.
  const percentLength = ','.length + percentEncodedLength(buffer);
  const base64Length = ';base64,'.length + 4 * Math.ceil(buffer.length / 3);
  const length = Math.min(percentLength, base64Length);
  if (compress && length > SHORTEST_GZIP) {
    const compressed = `;base64,${gzipBase64(buffer)}`;
    if (compressed.length + 'gzip'.length < length) return { compression: 'gzip', source: `data:${compressed}` };
  }
  return {
    compression: '',
    source: base64Length < percentLength ? `data:;base64,${buffer.toString('base64')}` : `data:,${percentEncode(buffer)}`,
  };
}

/** No data URL with a gzip payload is shorter, the word `gzip` included: 18 bytes of frame and at least two of content. */
const SHORTEST_GZIP = ';base64,'.length + 28 + 'gzip'.length;

const PERCENT = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9\-_.!~*'()]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
});

function percentEncodedLength(body: Buffer): number {
  let length = 0;
  for (let i = 0; i < body.length; i++) length += PERCENT[body[i]].length;
  return length;
}

function percentEncode(body: Buffer): string {
  let text = '';
  for (let i = 0; i < body.length; i++) text += PERCENT[body[i]];
  return text;
}
