import { createHash } from 'crypto';
import { gunzipSync } from 'zlib';
import { gzip } from 'pako';
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

test('a payload of any size is compressed as with the largest tables, where the smaller ones just hold it too', () => {
  const steps = [9, 10, 11, 12, 13, 14, 15].flatMap((bits) => [2 ** bits, 2 ** bits - 262]);
  const near = steps.flatMap((size) => [-2, -1, 0, 1, 2].map((more) => size + more));
  for (const size of [...near, 40_000, 70_000]) {
    const lines = Array.from({ length: Math.ceil(size / 8) }, (_, i) => `${(i * 7919) % 1009} left=${i % 13}\n`);
    const body = Buffer.from(lines.join('').slice(0, size));
    const { compression, source } = encodeContents(body, true);
    expect([size, compression]).toEqual([size, 'gzip']);
    expect(source).toBe(`data:;base64,${Buffer.from(gzip(body, { level: 9 })).toString('base64')}`);
  }
});
