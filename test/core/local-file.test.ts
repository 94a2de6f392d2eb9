import { execFileSync, spawn } from 'child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { createServer } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { CaBundle, FileContents, Pkcs12Bundle } from '../../src';
import { SizeLimit, UnreadableFile, fileSource, readDescriptor, readLocalFile } from '../../src/core/local-file';
import { fixturePath } from '../certificate/fixture';

const folder = mkdtempSync(join(tmpdir(), 'local-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

const LIMIT: SizeLimit = { bytes: 200_000, reason: 'a test needs' };

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UnreadableFile || (error as Error).name === 'InputError') return (error as Error).message;
    throw error;
  }
  return 'was read';
}

function pipe(name: string): string {
  const path = join(folder, name);
  execFileSync('mkfifo', [path]);
  return path;
}

describe('a local file', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 199_999, 200_000])('of %d bytes is read whole', (length) => {
    const bytes = Buffer.alloc(length, 'abc');
    writeFileSync(join(folder, 'file'), bytes);
    expect(readLocalFile(join(folder, 'file'), LIMIT).equals(bytes)).toBe(true);
  });

  test('of one byte too many is refused by its size', () => {
    writeFileSync(join(folder, 'large'), Buffer.alloc(200_001));
    expect(refusal(() => readLocalFile(join(folder, 'large'), LIMIT))).toBe('has 200001 bytes, more than the 200000 that a test needs');
  });

  test('that says it has no size is read all the same', () => {
    expect(readLocalFile('/proc/self/status', LIMIT).toString()).toMatch(/^Name:/);
  });

  test('that is a device is read as far as it ends', () => {
    expect(readLocalFile('/dev/null', LIMIT)).toHaveLength(0);
    expect(refusal(() => readLocalFile('/dev/zero', LIMIT))).toBe('is a device and has more than the 200000 bytes that a test needs');
  });

  test('that is a pipe is read when someone writes to it, however late', () => {
    const path = pipe('written');
    const writer = spawn('sh', ['-c', `(sleep 0.3; printf 'secret'; sleep 0.3; printf ' and more') > ${path}`]);
    expect(readLocalFile(path, LIMIT).toString()).toBe('secret and more');
    writer.kill();
  });

  test('that is a pipe to which nobody writes ends the wait', () => {
    expect(refusal(() => readLocalFile(pipe('unwritten'), LIMIT))).toBe(
      'is a pipe and gives nothing within 2 s: name a file that is written already',
    );
    const path = pipe('silent');
    const writer = spawn('sh', ['-c', `exec sleep 20 > ${path}`]);
    const descriptor = openSync(path, 'r+');
    try {
      // Open for writing by this process itself, so that it is not at its end: 2 s are for a pipe without a writer.
      expect(refusal(() => readDescriptor(openNonBlocking(path), LIMIT, 500))).toBe(
        'is a pipe and gives nothing within 0.5 s: name a file that is written already',
      );
    } finally {
      closeSync(descriptor);
      writer.kill();
    }
  });

  test('that is a socket, a folder, a circle of links, too long a name, or not there', async () => {
    const socket = join(folder, 'socket');
    const server = createServer().listen(socket);
    await new Promise((done) => server.once('listening', done));
    symlinkSync('circle', join(folder, 'circle'));
    const reasons = [socket, folder, join(folder, 'circle'), join(folder, 'x'.repeat(300)), join(folder, 'nowhere'), 'a\0b'].map((path) =>
      refusal(() => readLocalFile(path, LIMIT)),
    );
    server.close();
    expect(reasons).toEqual([
      'is a socket, or a device that is not there: name a file',
      'is a directory: name a file in it',
      'is a link that leads back to itself',
      'has a name that no file can have',
      'does not exist',
      'has a name that no file can have',
    ]);
  });
});

function openNonBlocking(path: string): number {
  // eslint-disable-next-line no-bitwise
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

describe('every file that a construct reads', () => {
  test('is bounded, and named with what it is', () => {
    const bundle = fixturePath('openssl3.p12');
    expect([
      refusal(() => CaBundle.fromFile('/dev/zero')),
      refusal(() => Pkcs12Bundle.fromFile('/dev/zero')),
      refusal(() => Pkcs12Bundle.fromFile(bundle, { passwordFile: '/dev/zero' })),
      refusal(() => Pkcs12Bundle.fromFile(bundle, { passwordFile: folder })),
      refusal(() => FileContents.fromFile('/dev/zero')),
    ]).toEqual([
      "CA file '/dev/zero' is a device and has more than the 1048576 bytes that any certificate file needs: name the right file",
      "PKCS#12 file '/dev/zero' is a device and has more than the 1048576 bytes that any certificate file needs: name the right file",
      "password file '/dev/zero' is a device and has more than the 4096 bytes that any password file needs: "
        + 'name the file that holds the password and nothing else',
      `password file '${folder}' is a directory: name a file in it`,
      "file '/dev/zero' is a device and has more than the 16777216 bytes that any file in a MachineConfig may have: name a smaller one",
    ]);
  });

  test('a password comes through a pipe', () => {
    const path = pipe('password');
    const writer = spawn('sh', ['-c', `echo secret > ${path}`]);
    expect(Pkcs12Bundle.fromFile(fixturePath('openssl3.p12'), { passwordFile: path }).friendlyName).toBe('left_server');
    writer.kill();
  });
});

describe('what stands in place of a path', () => {
  const key =
    'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G';

  test.each<[string, string]>([
    ['a key', key],
    ['a key with line ends', key.replace(/.{64}/g, '$&\n')],
    ['a PEM file', `-----BEGIN PRIVATE KEY-----${key}`],
    ['a PEM file in Base64', Buffer.from(`-----BEGIN PRIVATE KEY-----\n${key}\n`).toString('base64')],
    ['a long text', 'secret '.repeat(150)],
  ])('is not shown when it is %s', (_, text) => {
    const message = `is named by a text of ${text.length} characters that is no path: give the path of the file, not its content`;
    expect([CaBundle.fromFile, Pkcs12Bundle.fromFile, FileContents.fromFile].map((read) => refusal(() => read(text)))).toEqual([
      `CA file ${message}`, `PKCS#12 file ${message}`, `file ${message}`,
    ]);
  });

  test.each([
    'Makefile',
    'certs/MAIN/a-rather-long-path-to-a-file-that-begins-with-a-capital/left.p12',
    'MADE-OF-A-LONG-NAME-WITHOUT-ANY-EXTENSION-OR-FOLDER-AT-ALL-IN-IT',
    'x'.repeat(1024),
  ])('is shown when it may be one: %s', (path) => expect(fileSource('CA file', path)).toBe(`CA file '${path}'`));

  test('is missed when there is nothing', () => {
    for (const path of ['', undefined, 5]) expect(refusal(() => fileSource('CA file', path))).toBe('CA file is not named: give its path');
  });
});
