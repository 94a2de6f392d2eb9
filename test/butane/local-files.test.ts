import { execFileSync } from 'child_process';
import { randomBytes } from 'crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Butane } from '../../src';

const folder = mkdtempSync(join(tmpdir(), 'local-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MIB = 1024 * 1024;

/** A file without blocks: its size alone counts. */
function sparse(name: string, bytes: number): void {
  writeFileSync(join(folder, name), '');
  truncateSync(join(folder, name), bytes);
}

function errorsOf(storage: string): string[] {
  const config = 'variant: openshift\nversion: 4.16.0\nmetadata:\n  name: x\n  labels:\n    machineconfiguration.openshift.io/role: '
    + `worker\nstorage:\n${storage}`;
  try {
    Butane.compile(config, { filesDir: folder });
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').filter((line) => line !== '');
  }
}

const file = (local: string, index = 0) => `    - path: /etc/file${index}\n      contents:\n        local: ${local}\n`;

describe('a local file of a config', () => {
  test('has at most 16 MiB', () => {
    sparse('most', 16 * MIB);
    sparse('more', 16 * MIB + 1);
    expect(errorsOf(`  files:\n${file('most')}`)).toEqual([]);
    expect(errorsOf(`  files:\n${file('more')}`)).toEqual([
      expect.stringContaining(
        `read ${folder}/more: has 16777217 bytes, more than the 16777216 that any file in a MachineConfig may have: name a smaller one`,
      ),
    ]);
  });

  test('of that size is written even if it does not compress', () => {
    writeFileSync(join(folder, 'random'), randomBytes(12 * MIB));
    writeFileSync(join(folder, 'letters'), randomBytes(6 * MIB).toString('hex'));
    expect(errorsOf(`  files:\n${file('random')}${file('letters', 1)}`)).toEqual([]);
  });

  test('and all together have at most 32 MiB', () => {
    sparse('half', 12 * MIB);
    const files = (count: number) => `  files:\n${Array.from({ length: count }, (_, index) => file('half', index)).join('')}`;
    expect(errorsOf(files(2))).toEqual([]);
    expect(errorsOf(files(3))).toEqual([
      expect.stringContaining(
        `read ${folder}/half: has 12582912 bytes, more than the 8388608 that are left of the 33554432 that all local files of a `
          + 'config may have: write fewer',
      ),
    ]);
  });

  test('is no device, and no pipe to which nobody writes', () => {
    symlinkSync('/dev/zero', join(folder, 'zero'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(errorsOf(`  files:\n${file('zero')}`)).toEqual([
      expect.stringContaining(
        `read ${folder}/zero: is a device and has more than the 16777216 bytes that any file in a MachineConfig may have: `
          + 'name a smaller one',
      ),
    ]);
    expect(errorsOf(`  files:\n${file('pipe')}`)).toEqual([
      expect.stringContaining(`read ${folder}/pipe: is a pipe and gives nothing within 2 s: name a file that is written already`),
    ]);
  });

  test('is bounded in trees too', () => {
    mkdirSync(join(folder, 'tree'));
    sparse('tree/large', 17 * MIB);
    expect(errorsOf('  trees:\n    - local: tree\n')).toEqual([
      expect.stringContaining(
        `read ${folder}/tree/large: has 17825792 bytes, more than the 16777216 that any file in a MachineConfig may have: `
          + 'name a smaller one',
      ),
    ]);
  });
});
