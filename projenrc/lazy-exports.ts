import { writeFileSync } from 'fs';
import { relative, resolve, sep } from 'path';

/**
 * Makes of the face of the package, which `tsc` had load every module, a list of names that each load theirs when somebody first asks for
 * it: the program of the README asks for half of them. The last line is never run: it is what Node.js reads when a module asks for names
 * by `import`.
 */
const FACE = resolve('lib/index.js');

// eslint-disable-next-line @typescript-eslint/no-require-imports
const names = Object.entries(require(FACE) as object).map(([name]) => name).sort();
const isOurs = ({ filename }: NodeModule) => filename.startsWith(resolve('lib') + sep) && filename !== FACE;
const modules = Object.values(require.cache).filter((module) => module !== undefined).filter(isOurs);

/** The module that a name comes from: all others that have it ask that one at each access. */
function home(name: string): string {
  const homes = modules.filter(({ exports }) => Object.getOwnPropertyDescriptor(exports, name)?.get === undefined)
    .filter(({ exports }) => Object.hasOwn(exports as object, name));
  if (homes.length !== 1) throw new Error(`${name} is exported by ${homes.length} modules: ${homes.map(({ filename }) => filename).join(', ')}`);
  return relative('lib', homes[0].filename);
}

writeFileSync(FACE, `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
function later(name, load) {
    const have = (value) => (Object.defineProperty(exports, name, { enumerable: true, value }), value);
    Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => have(load()[name]) });
}
${names.map((name) => `later("${name}", () => require("./${home(name)}"));\n`).join('')}
0 && (module.exports = { ${names.join(', ')} });
`);
