/**
 * Looks up each signature of docs/api/go.md in the code that jsii-pacmak has generated: constructors, functions, methods, getters, constants
 * and the fields of structs, with their types.
 *
 *     npx ts-node --transpile-only --project test/tsconfig.json test/languages/go-page.ts PAGE FOLDER
 */
import { existsSync, readFileSync } from 'fs';
import { join } from 'path';

const [page, folder] = process.argv.slice(2);

/** Without the packages of types, tags of fields, links of Markdown and what it escapes. */
function plain(text: string): string {
  return text.replace(/\[`(\w+)`\]\([^)]*\)/g, '$1').replace(/[`\\]/g, '').replace(/\b[a-z]\w*\.(?=[A-Z])/g, '').trim();
}

/** What the generated code has of a type: functions, methods of the interface, fields of the struct. */
function declared(name: string): ReadonlySet<string> {
  const path = join(folder, `${name}.go`);
  if (!existsSync(path)) return new Set();
  return new Set(readFileSync(path, 'utf8').split('\n')
    .filter((line) => /^(?:func [A-Z]|\t[A-Z]\w*[( ])/.test(line))
    .map((line) => plain(line.replace(/`[^`]*`$/, '').replace(/^func /, '').replace(/ \{$/, '')).replace(/\s+/g, ' ')));
}

const problems: string[] = [];
let looked = 0;
for (const section of readFileSync(page, 'utf8').split(/^### /m).slice(1)) {
  const name = /^\w+/.exec(section)![0];
  const all = declared(name);
  const shown = [
    ...[...section.matchAll(/^ipsec\.(New.*)$/gm)].map(([, usage]) => plain(usage)),
    ...[...section.matchAll(/^- `(?:ipsec\.)?(\w+\([^`]*)`(?:, gives .*)?(?: {2})?$/gm)].map(([, usage]) => plain(usage)),
    ...[...section.matchAll(/^- `(?:ipsec\.)?(\w+(?:\(\))?)`: (.*?)(?:, \*\*required\*\*)?(?: {2})?$/gm)].map(([, member, type]) => `${member} ${plain(type)}`),
  ];
  for (const usage of shown) {
    looked++;
    if (!all.has(usage.replace(/\s+/g, ' '))) problems.push(`${name}: ${usage}`);
  }
}
process.stdout.write(`${looked} signatures looked up\n${problems.map((problem) => `${problem}\n`).join('')}`);
process.exitCode = problems.length > 0 || looked < 500 ? 1 : 0;
