import { createHash } from 'crypto';
import { gunzipSync } from 'zlib';
import * as fc from 'fast-check';
import { gzip } from 'pako';
import { gzipBase64 } from '../../src/butane/gzip';
import { encodeContents } from '../../src/butane/resource';

const encode = (text: string, compress = true) => encodeContents(Buffer.from(text, 'latin1'), compress);

test.each([
  ['nothing', '', 'data:,'],
  ['a letter', 'x', 'data:,x'],
  ['what may stand in a URL', "AZaz09-_.!~*'()", "data:,AZaz09-_.!~*'()"],
  ['what may not', 'é', 'data:,%E9'],
  ['a tie keeps percent encoding', '\0\0\0\0', 'data:,%00%00%00%00'],
  ['base64 where it is shorter', '\0\0\0\0\0\0\0', 'data:;base64,AAAAAAAAAA=='],
])('%s', (_, text, source) => {
  expect(encode(text)).toEqual({ compression: '', source });
});

test('gzip is chosen where it saves more than its name costs, within 16 characters of where the tool does', () => {
  const first = Array.from({ length: 100 }, (_, length) => length).find((length) => encode('a'.repeat(length)).compression === 'gzip')!;
  // butane 0.29.0, whose Go writes a few bytes more, begins at 48.
  expect(48 - first).toBeGreaterThanOrEqual(0);
  expect(48 - first).toBeLessThanOrEqual(16);
  expect(encode('a'.repeat(48), false)).toEqual({ compression: '', source: `data:,${'a'.repeat(48)}` });
});

test('the bytes of a compressed payload do not move: if they do, nodes reboot', () => {
  const text = Array.from({ length: 200 }, (_, i) => `line ${i} of ${i * 7919 % 104729}\n`).join('');
  const { compression, source } = encode(text);
  const bytes = Buffer.from(source.slice('data:;base64,'.length), 'base64');
  expect([compression, gunzipSync(bytes).toString()]).toEqual(['gzip', text]);
  // The digest of what zlib 1.3.1 makes of it at level 9, to which pako is equal; a change here belongs into the changelog.
  expect(createHash('sha256').update(bytes).digest('hex')).toBe('e326821018aef7d6c50342e3953fb9ea8a1e5e20100c8efb0a4c2e67760e1482');
});

describe('a payload is compressed as by a stream of its own', () => {
  const expectSame = (body: Buffer) => expect(gzipBase64(body)).toBe(Buffer.from(gzip(body, { level: 9 })).toString('base64'));

  test('of any size', () => {
    for (const size of [...[9, 10, 11, 12, 13, 14, 15, 16].flatMap((bits) => [2 ** bits - 262, 2 ** bits]), 40_000, 70_000, 1_000_000]) {
      const lines = Array.from({ length: Math.ceil(size / 8) }, (_, i) => `${(i * 7919) % 1009} left=${i % 13}\n`);
      expectSame(Buffer.from(lines.join('').slice(0, size)));
    }
  });

  test('whatever stands in the window behind it', () => {
    expectSame(Buffer.alloc(40_000, 0xff));
    // Its last three bytes stood at its beginning, before what a new window has behind them.
    expectSame(Buffer.from(`xyzwabc\0${Array.from({ length: 300 }, (_, i) => `${i * i} `).join('')}abc`));
  });

  // What repeats, what a window does not reach, what is stored as it is, and what follows on such.
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(100_000)).map(([bytes, length]) => Buffer.alloc(length, bytes)),
    fc.tuple(fc.nat(), fc.nat(70_000)).map(([seed, length]) => noise(seed, length)),
  );
  const payload = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => Buffer.concat(parts));

  test('whatever was compressed before', () => {
    fc.assert(fc.property(fc.array(payload, { minLength: 2, maxLength: 5 }), (payloads) => payloads.forEach(expectSame)), { numRuns: 60 });
  });
});

/** Bytes that do not compress, the same for one seed. */
function noise(seed: number, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, i) => createHash('sha512').update(`${seed} ${i}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}
