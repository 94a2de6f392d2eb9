import { randomBytes } from 'crypto';
import { chmodSync, closeSync, lstatSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'fs';
import { basename, dirname, join } from 'path';
import { ApiObject } from 'cdk8s';
import { textOf } from './object-text';

/** How many characters are kept before they are written. */
const AT_ONCE = 256 * 1024;

/**
 * Writes objects to a file as they are rendered. As with cdk8s, a file is there with all of them, or stays what it was: they go to a file
 * beside it, which then takes its place.
 */
export function writeDocuments(path: string, objects: readonly ApiObject[]): void {
  const old = lstatSync(path, { throwIfNoEntry: false });
  if (objects.length < 2 || old && !old.isFile()) {
    writeFileSync(path, [...documents(objects)].join(''));
    return;
  }
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  const descriptor = openSync(temporary, 'wx');
  try {
    try {
      let text = '';
      for (const document of documents(objects)) {
        text += document;
        if (text.length < AT_ONCE) continue;
        writeAll(descriptor, text);
        text = '';
      }
      writeAll(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    // eslint-disable-next-line no-bitwise
    if (old) chmodSync(temporary, old.mode & 0o7777);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function* documents(objects: readonly ApiObject[]): Iterable<string> {
  for (const [i, object] of objects.entries()) {
    if (i > 0) yield '---\n';
    yield textOf(object);
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}
