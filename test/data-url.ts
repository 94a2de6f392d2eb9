import { gunzipSync } from 'zlib';

/** What a file of a MachineConfig decodes to on the node. Uses node's zlib, not the library that compressed it. */
export function decodeContents({ source, compression }: { source: string; compression: string }): Buffer {
  const [, base64, data] = /^data:(;base64)?,(.*)$/s.exec(source)!;
  const bytes = base64 ? Buffer.from(data, 'base64') : Buffer.from(unescape(data), 'latin1');
  return compression === 'gzip' ? gunzipSync(bytes) : bytes;
}
