import type { ZStream } from 'pako';

/**
 * A gzip file of these bytes in base64, made at level 9.
 *
 * pako's tables are zlib's, 256 KiB, and to make them takes longer than to compress most payloads. So one stream compresses all payloads of
 * a process, and is reset between them, which is what zlib's `deflateReset` is for. That leaves the window as it is, and pako's hash of
 * the last three bytes of a payload has the byte behind them in it: emptied, it is that of a new stream, and the bytes are those of one.
 */
export function gzipBase64(bytes: Uint8Array): string {
  const { zlibDeflate, Z_FINISH, Z_STREAM_END } = library();
  const ready = stream();
  const output = Buffer.allocUnsafe(mostBytes(bytes.length));
  Object.assign(ready, { input: bytes, next_in: 0, avail_in: bytes.length, output, next_out: 0, avail_out: output.length });
  const status = zlibDeflate(ready, Z_FINISH);
  if (status !== Z_STREAM_END) throw new Error(`pako compresses ${bytes.length} bytes with status ${status}`);
  const length = ready.next_out;
  // What it refers to would be kept as long as the process lasts.
  Object.assign(ready, { input: NOTHING, output: NOTHING });
  return output.toString('base64', 0, length);
}

const NOTHING = new Uint8Array(0);

/** zlib's own bound, for its largest tables: blocks that are stored as they are, each with a header, and the frame of gzip. */
function mostBytes(length: number): number {
  return length + Math.ceil(length / 4096) + Math.ceil(length / 16384) + 64;
}

function stream(): ZStream {
  const { ZStream: Stream, zlibDeflateInit2, zlibDeflateReset, Z_DEFAULT_STRATEGY } = library();
  if (kept) {
    const state = kept.state as Tables;
    const { head } = state;
    // It would empty the table entry by entry, which takes as long as to compress a small payload.
    state.head = NO_TABLE;
    zlibDeflateReset(kept);
    state.head = head.fill(0);
    state.window.fill(0);
    return kept;
  }
  kept = new Stream();
  zlibDeflateInit2(kept, 9, Z_DEFLATED, MAX_WINDOW_BITS + GZIP, DEFAULT_MEMORY_LEVEL, Z_DEFAULT_STRATEGY);
  return kept;
}

let kept: ZStream | undefined;

/** What pako looks for repetitions in. */
interface Tables {
  head: Uint16Array;
  readonly window: Uint8Array;
}

const NO_TABLE = new Uint16Array(0);

const Z_DEFLATED = 8;
const MAX_WINDOW_BITS = 15;
/** Added to the bits of the window, it asks for the frame of gzip. */
const GZIP = 16;
const DEFAULT_MEMORY_LEVEL = 8;

/** Loaded when a payload is first compressed: a config without one starts faster. */
function library(): typeof import('pako') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (loaded ??= require('pako') as typeof import('pako'));
}

let loaded: typeof import('pako') | undefined;
