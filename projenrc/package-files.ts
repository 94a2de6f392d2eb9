import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { dirname, join, normalize, relative, resolve } from 'path';

/**
 * Half of a package would be what nobody loads: the libraries' builds for browsers and for `import`, their types, what of them is never
 * asked for, and of our own what the command and the rules have in one file each, and the types of what is not exported. This follows
 * every `require` from what is loaded, and every type from the face, and tells npm to leave the rest out, in an `.npmignore` of each
 * folder: npm asks a bundled library itself what belongs to it. Nothing is taken away, so that the repository works as before.
 */
const LOADED = ['lib/index.js', 'bin/openshift-ipsec', 'lib/cli/start.js', 'lib/cli/bundle.js'];
const FACE = 'lib/index.d.ts';

const { bundledDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly bundledDependencies: readonly string[] };
const isFile = (path: string) => existsSync(path) && statSync(path).isFile();
const find = (from: string, path: string, ends: readonly string[]) =>
  ends.map((end) => join(dirname(from), path) + end).map(normalize).find(isFile);

/** The file that a `require` gives, or undefined where it is of Node.js or of a peer. */
function required(from: string, name: string): string | undefined {
  if (!name.startsWith('.')) {
    if (!bundledDependencies.some((library) => name === library || name.startsWith(`${library}/`))) return undefined;
    return relative('.', createRequire(resolve(from)).resolve(name));
  }
  const file = find(from, name, ['', '.js', '/index.js']);
  if (file === undefined) throw new Error(`${from} requires '${name}', which is not there: run 'npx projen compile' first`);
  return file;
}

function typed(from: string, name: string): string | undefined {
  return find(from, name, ['.d.ts', '/index.d.ts']);
}

/** Everything that is reached from some files, themselves among it. */
function reached(
  starts: readonly string[], mention: RegExp, next: (from: string, name: string) => string | undefined, files = new Set<string>(),
): Set<string> {
  for (const file of starts) {
    if (files.has(file)) continue;
    files.add(file);
    const names = [...readFileSync(file, 'utf8').matchAll(mention)].map(([, name]) => name);
    reached(names.map((name) => next(file, name)).filter((path) => path !== undefined), mention, next, files);
  }
  return files;
}

const kept = new Set([
  ...reached(LOADED, /\brequire\(\s*["']([^"']+)["']\s*\)/g, required),
  ...reached([FACE], /(?:\bfrom|\bimport\()\s*'(\.[^']*)'/g, typed),
]);

/** What is loaded by other means than `require` stays: scripts for nodes, the compiled form of the command, and package.json. */
const isCode = (file: string) => /\.[cm]?[jt]s$|\.map$/.test(file);

for (const folder of ['lib', ...bundledDependencies.flatMap(foldersOf)]) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => isFile(join(folder, file)));
  const left = files.filter((file) => !kept.has(join(folder, file)) && (folder !== 'lib' ? !/licen[cs]e/i.test(file) : isCode(file)));
  writeFileSync(join(folder, '.npmignore'), left.filter((file) => file !== '.npmignore').sort().map((file) => `/${file}\n`).join(''));
}

function foldersOf(library: string): string[] {
  const root = join('node_modules', library);
  return readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
}
