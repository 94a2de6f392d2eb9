import { createHash } from 'crypto';
import { posix } from 'path';

/** The files that are written beside the program: what has no place in it. */
export class KeptFiles {
  private readonly files = new Map<string, Buffer>();
  private readonly names = new Set<string>();
  private readonly byContent = new Map<string, string>();

  /** @param folder where they are, from the folder of the program */
  public constructor(public readonly folder: string) {}

  /** The path of a file with these bytes, from the folder of the program; equal ones are kept once. */
  public keep(hint: string, bytes: Buffer): string {
    const plain = posix.basename(hint).replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '').slice(-60) || 'file';
    const content = `${plain}\0${createHash('sha256').update(bytes).digest('hex')}`;
    let path = this.byContent.get(content);
    if (path === undefined) {
      path = `${this.folder}/${this.freeName(plain)}`;
      this.byContent.set(content, path);
      this.files.set(path, bytes);
    }
    return path;
  }

  /** How much is kept, to come back to. */
  public get mark(): number {
    return this.files.size;
  }

  /** Forgets what was kept since then: for a construct that was not chosen. */
  public forget(mark: number): void {
    const gone = new Set([...this.files.keys()].slice(mark));
    for (const path of gone) {
      this.files.delete(path);
      this.names.delete(posix.basename(path).toLowerCase());
    }
    for (const [content, path] of this.byContent) if (gone.has(path)) this.byContent.delete(content);
  }

  /** What is kept, by path. */
  public get all(): ReadonlyMap<string, Buffer> {
    return this.files;
  }

  /** Not every file system tells capitals from small letters. */
  private freeName(plain: string): string {
    const { name, ext } = posix.parse(plain);
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? plain : `${name}-${number}${ext}`;
      if (this.names.has(candidate.toLowerCase())) continue;
      this.names.add(candidate.toLowerCase());
      return candidate;
    }
  }
}
