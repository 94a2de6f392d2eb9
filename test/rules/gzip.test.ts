import { gzipSync } from 'zlib';
import { machineConfig, Plain } from './documents';
import { foundBy } from './judging';

const source = (contents: Plain) => machineConfig({ files: [{ path: '/etc/x', contents }] });

function gzipped(size: number, end?: number): Plain {
  return source({ source: `data:;base64,${gzipSync(Buffer.alloc(size)).subarray(0, end).toString('base64')}`, compression: 'gzip' });
}

test.each([
  ['of more than 16 MiB', gzipped(16 * 1024 * 1024 + 1), 'unpacks to more than 16777216 bytes, more than any file of a MachineConfig has'],
  ['that is cut off', gzipped(1000, 20), 'is gzip that is cut off'],
  ['that is none', source({ source: 'data:,x', compression: 'gzip' }), 'is no gzip, which its compression says'],
])('gzip %s is called what it is', (_, document, problem) => {
  expect(foundBy('machineconfig-file-source', [document]).map(([, , message]) => message)).toEqual([
    `'contents.source' of '/etc/x' ${problem}`,
  ]);
});

test('gzip of 16 MiB is as much as is read', () => {
  expect(foundBy('machineconfig-file-source', [gzipped(16 * 1024 * 1024)])).toEqual([]);
});
