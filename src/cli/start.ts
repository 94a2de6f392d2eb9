import { readFileSync, renameSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { dirname, join } from 'path';
import { Script } from 'vm';
import { ownCacheFolder } from './own-cache-folder';

/** All of the command in one file, which `projen compile` makes of what `tsc` has made: one file opens faster than two hundred. */
const BUNDLE = join(__dirname, 'bundle.js');

/** The entry of `bin/openshift-ipsec`. */
export function start(): void {
  // The bundle is ASCII, and no text of two bytes a character has to be made of it.
  const source = readFileSync(BUNDLE, 'latin1');
  const [, , command] = process.argv;
  const prebuilt = readIfThere(compiledFormOf(BUNDLE, command));
  const own = prebuilt ? undefined : ownCompiledForm(source, command);
  const cachedData = prebuilt ?? (own === undefined ? undefined : readIfThere(own));
  const script = new Script(wrapped(source), { filename: BUNDLE, cachedData });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, requireFor(BUNDLE), module, BUNDLE, dirname(BUNDLE));
  (module.exports as typeof import('./main')).main();
  // What has run by now is compiled, and the next run of the same command has it at once.
  if (own !== undefined && script.cachedDataRejected !== false && process.exitCode !== BAD_USAGE) keep(own, script.createCachedData());
}

type Wrapper = (exports: object, require: NodeJS.Require, module: object, file: string, folder: string) => void;

/** What a word that is no command ends with. */
const BAD_USAGE = 2;

/** Exactly what was compiled: another text of the same length would be taken for it. */
export function wrapped(source: string): string {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;
}

/** Parts of Node.js that take half as long to load as all else that a small file needs; most runs ask nothing of them. */
const HEAVY = ['crypto', 'zlib'];

/** What loads modules for the bundle, heavy ones as late as it can. */
export function requireFor(bundle: string): NodeJS.Require {
  const load = createRequire(bundle);
  const apply = (_target: unknown, _this: unknown, [name]: [string]) => {
    return HEAVY.includes(name) ? late(() => load(name) as object) : load(name) as object;
  };
  return new Proxy<NodeJS.Require>(load, { apply });
}

/** A module that is loaded when something of it is first asked for. */
function late(load: () => object): object {
  let loaded: object | undefined;
  return new Proxy({}, { get: (_target, name) => Reflect.get(loaded ??= load(), name) as unknown });
}

/** The commands that are run thousands of times, each with a compiled form of what it runs; any other one begins with that of `check`. */
export const COMPILED = ['butane', 'check'] as const;

/** Where the compiled form of a command is for this release of Node.js and this kind of processor. */
export function compiledFormOf(bundle: string, command: string | undefined): string {
  const name = COMPILED.find((each) => each === command) ?? 'check';
  return `${bundle}.${name}-${process.version}-${process.arch}.cache`;
}

/** The bundle begins with its own digest: V8 itself takes the compiled form of any text of the same length. */
export function identified(source: string, digest: string): string {
  return `/*${digest}*/${source}`;
}

/**
 * Where a user keeps the compiled form for a release of Node.js that the package has none for: one for each command, which has what that
 * command runs. Undefined where nothing is kept.
 */
function ownCompiledForm(source: string, command: string | undefined): string | undefined {
  const digest = /^\/\*([0-9a-f]{64})\*\//.exec(source.slice(0, 80))?.[1];
  if (digest === undefined || process.env.NODE_DISABLE_COMPILE_CACHE !== undefined || !/^[a-z]{2,20}$/.test(command ?? '')) return undefined;
  const folder = ownCacheFolder();
  return folder === undefined ? undefined : join(folder, `${command}-${digest.slice(0, 32)}-${process.version}-${process.arch}.cache`);
}

function keep(path: string, form: Buffer): void {
  try {
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, form, { flag: 'wx', mode: 0o600 });
    renameSync(unfinished, path);
  } catch {
    // Without it, the next run is slower and does the same.
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
