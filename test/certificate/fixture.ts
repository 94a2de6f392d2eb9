import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const folder = join(__dirname, 'fixtures');

/** Passwords by the words in a fixture's name (`fixtures/make.sh`); all others have "secret". */
export function passwordOf(name: string): Buffer {
  if (name.startsWith('rfc9579')) return Buffer.from('1234');
  if (name.includes('empty-password')) return Buffer.alloc(0);
  if (name.includes('password-non-ascii')) return Buffer.from('größe€😀');
  if (name.includes('password-latin1')) return Buffer.from('größe', 'latin1');
  return Buffer.from('secret');
}

export function fixturePath(name: string): string {
  return join(folder, name);
}

export function fixture(name: string): Buffer {
  return readFileSync(fixturePath(name));
}

/** A folder for files that a test writes; gone when the test file is done. */
export class TemporaryFolder {
  private readonly path = mkdtempSync(join(tmpdir(), 'certificate-'));

  public write(name: string, content: string | Buffer): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  public remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** Sets the clock of the library for a test file. To be called at its top, because `describe` bodies run before any hook. */
export function useClock(time: string): void {
  const before = process.env.SOURCE_DATE_EPOCH;
  process.env.SOURCE_DATE_EPOCH = `${Date.parse(time) / 1000}`;
  afterAll(() => {
    if (before === undefined) delete process.env.SOURCE_DATE_EPOCH;
    else process.env.SOURCE_DATE_EPOCH = before;
  });
}
