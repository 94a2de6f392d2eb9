import { readFileSync } from 'fs';
import * as nodeModule from 'module';
import { dirname, join } from 'path';
import { Script } from 'vm';
import { ownCacheFolder } from './own-cache-folder';

/** All of the command in one file, which `projen compile` makes of what `tsc` has made: one file opens faster than two hundred. */
const BUNDLE = join(__dirname, 'bundle.js');

/** Node 22 keeps the compiled form of what it loads by itself, in a folder of our choice. */
const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };

/** The entry of `bin/openshift-ipsec`. */
export function start(): void {
  load().main();
}

function load(): typeof import('./main') {
  const folder = enableCompileCache && process.env.NODE_DISABLE_COMPILE_CACHE === undefined ? ownCacheFolder() : undefined;
  if (folder === undefined) return loadWithCompiledForm();
  enableCompileCache!(folder);
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require(BUNDLE) as typeof import('./main');
}

/** Loads the bundle with the compiled form that lies beside it; V8 passes that over where another release made it. */
function loadWithCompiledForm(): typeof import('./main') {
  // The bundle is ASCII, and no text of two bytes a character has to be made of it.
  const source = readFileSync(BUNDLE, 'latin1');
  const script = new Script(wrapped(source), { filename: BUNDLE, cachedData: compiledForm() });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, nodeModule.createRequire(BUNDLE), module, BUNDLE, dirname(BUNDLE));
  return module.exports as typeof import('./main');
}

type Wrapper = (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/** Exactly what was compiled: another text of the same length would be taken for it. */
export function wrapped(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;
}

/** Where the compiled form is for this release of Node.js and this kind of processor. */
export function compiledFormOf(bundle: string): string {
  return `${bundle}.${process.version}-${process.arch}.cache`;
}

function compiledForm(): Buffer | undefined {
  try {
    return readFileSync(compiledFormOf(BUNDLE));
  } catch {
    return undefined;
  }
}
