import { existsSync, lstatSync, mkdirSync } from 'fs';
import { isAbsolute, join } from 'path';

/**
 * The user's folder for what may be lost, if nobody else can write there: what lies in it is run. Undefined where there is none, such as
 * for a user without a home.
 */
export function ownCacheFolder(): string | undefined {
  const { XDG_CACHE_HOME: given = '', HOME: home = '' } = process.env;
  const caches = isAbsolute(given) ? given : isAbsolute(home) ? join(home, '.cache') : undefined;
  if (caches === undefined) return undefined;
  try {
    const folder = join(caches, 'openshift-ipsec');
    for (const each of [caches, folder]) makeFolder(each);
    const found = lstatSync(folder);
    // eslint-disable-next-line no-bitwise
    const isOthers = found.uid !== process.getuid?.() || (found.mode & OTHERS_WRITE) !== 0;
    return found.isDirectory() && !isOthers ? folder : undefined;
  } catch {
    return undefined;
  }
}

const OTHERS_WRITE = 0o022;

/** A folder in one that is there: a home that nobody has made is not made for this. */
function makeFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
}
