/**
 * Looks up each name of a program in C# in the classes that jsii-pacmak has generated, where there is no SDK to compile it with: each class,
 * each property that an initializer sets, and each member of a class or of a variable.
 *
 *     npx ts-node --transpile-only --project test/tsconfig.json test/languages/dotnet-names.ts PROGRAM.cs FOLDER...
 */
import { readdirSync, readFileSync } from 'fs';
import { basename, join } from 'path';

const [program, ...folders] = process.argv.slice(2);

const CLASSES = new Map(folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.cs'))
  .map((file) => [basename(file, '.cs'), readFileSync(join(folder, file), 'utf8')] as const)));

const text = readFileSync(program, 'utf8').replace(/\/\/.*$/gm, '').replace(/^using .*$/gm, '').replace(/"(?:[^"\\]|\\.)*"/g, '""');
const problems: string[] = [];

/** The members of a class, those that it inherits among them. */
function members(name: string): string {
  const source = CLASSES.get(name);
  if (source === undefined) {
    problems.push(`there is no class ${name}`);
    return '';
  }
  const base = /\bclass \w+ : (?:[\w.]+\.)?(\w+)/.exec(source)?.[1];
  return source + (base !== undefined && base !== name && CLASSES.has(base) ? members(base) : '');
}

function look(type: string, member: string): void {
  // A property, a method, or a member of an enumeration.
  if (!new RegExp(`[\\w>\\]?] ${member}\\s*[({]|^\\s*${member},?$`, 'm').test(members(type))) problems.push(`${type} has no ${member}`);
}

const variables = new Map([...text.matchAll(/\bvar (\w+) = new (\w+)\(/g)].map(([, name, type]) => [name, type]));
let looked = 0;
for (const [, type] of text.matchAll(/\bnew ([A-Z]\w*)/g)) {
  members(type);
  looked++;
}
for (const [, owner, member] of text.matchAll(/\b(\w+)\.([A-Z]\w*)/g)) {
  look(variables.get(owner) ?? owner, member);
  looked++;
}
// From the innermost initializer outwards.
for (let rest = text; ;) {
  const found = /\bnew ([A-Z]\w*)\s*\{([^{}]*)\}|\{[^{}]*\}/.exec(rest);
  if (!found) break;
  for (const [, member] of (found[1] === undefined ? '' : found[2]).matchAll(/(?:^|,)\s*(\w+) =/g)) {
    look(found[1], member);
    looked++;
  }
  rest = rest.replace(found[0], '');
}
process.stdout.write(`${looked} names looked up in ${CLASSES.size} classes\n${problems.map((problem) => `${problem}\n`).join('')}`);
process.exitCode = problems.length > 0 || looked < 30 ? 1 : 0;
