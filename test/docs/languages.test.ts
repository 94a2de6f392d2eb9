import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { docstrings } from './public-api';

const ROOT = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const PAGE = read('docs/languages.md');
const PACKAGE = JSON.parse(read('package.json'));
const RUN = read('test/languages/run.sh');

/** The text of a part of the page. */
function part(title: string): string {
  const [, text] = PAGE.split(new RegExp(`^## ${title}$`, 'm'));
  return text.split(/^## /m)[0];
}

/** The cells of the tables in a text, without the heads. */
function rows(text: string): string[][] {
  return text.split('\n').filter((line) => line.startsWith('| ')).slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

test('the packages have the names that package.json gives them, and each quickstart is there', () => {
  const { python, java: { package: java, maven }, go, dotnet } = PACKAGE.jsii.targets;
  const table = rows(PAGE.split('## Run')[0]);
  expect(table.map(([language, name]) => [language, name])).toEqual([
    ['TypeScript', `\`${PACKAGE.name}\``],
    ['Python', `\`${python.distName}\`, module \`${python.module}\``],
    ['Java', `\`${maven.groupId}:${maven.artifactId}\`, package \`${java}\``],
    ['Go', `\`${go.moduleName}/${go.packageName}\``],
    ['.NET', `\`${dotnet.packageId}\``],
  ]);
  const quickstarts = table.map(([, , link]) => /\((.*)\)/.exec(link)![1]);
  expect(quickstarts.filter((path) => !existsSync(join(ROOT, 'docs', path)))).toEqual([]);
});

test('what is said without Node.js is what the languages are run for', () => {
  const said = rows(part('Node.js')).map(([, text]) => text.replaceAll('`', ''));
  expect(said).toHaveLength(3);
  expect(said.filter((text) => !RUN.includes(text))).toEqual([]);
});

test('Node.js is as new as package.json wants it', () => {
  expect(part('Node.js')).toContain(`Node.js ${PACKAGE.engines.node.replace(/^>= |\.0$/g, '')} or later`);
});

test('the mistake of the examples is the one that is run', () => {
  const message = /^MESSAGE="(.*)"$/m.exec(RUN)![1];
  const [, shown] = /print\(error\) {2}# (.*)…$/m.exec(part('Errors'))!;
  expect(message.startsWith(shown)).toBe(true);
});

test('the props and methods that the page names are in the API, and the old ones deprecated', () => {
  const all = docstrings();
  const named = (text: string) => [...text.matchAll(/`(\w+)(?:\(\))?`/g)].map(([, name]) => name);
  const exists = (name: string) => all.some(({ of }) => of.endsWith(`.${name}`));
  const instead = named(/others have one type each:([^.]*)\./s.exec(part('Names and paths'))![1]);
  const asText = named(/gives JSON as\s+text:([^.]*)\./s.exec(part('Names and paths'))![1]);
  expect([...instead, ...asText].filter((name) => !exists(name))).toEqual([]);
  expect(asText).toHaveLength(4);
  // Each is named by the deprecated prop that it stands in for.
  const advice = all.filter(({ text }) => text.includes('@deprecated')).map(({ text }) => text).join('\n');
  expect(instead.filter((name) => !advice.includes(`\`${name}\``))).toEqual([]);
  expect(named(advice.match(/@deprecated.*one type in every language/g)!.join('\n')).filter((name) => !instead.includes(name)))
    .toEqual([]);
});

test('npx finds the command by the name of the package: it is the only one', () => {
  expect(part('The command')).toContain(`npx ${PACKAGE.name} check manifests/`);
  expect(Object.keys(PACKAGE.bin)).toEqual(['openshift-ipsec']);
});

test('each command of the page is run as it stands there, but that of .NET, which has no SDK here', () => {
  const languages = [...part('Run the quickstart').matchAll(/^# (\S+?)(?: .*)?$/gm)].map(([, language]) => language);
  expect(languages).toEqual(['TypeScript', 'Python', 'Java', 'Go', '.NET']);
  expect(languages.filter((language) => !RUN.includes(`documented ${language}`))).toEqual(['.NET']);
});

test('what the API in Python must be given stands before what it may be, and a map has keys and values', () => {
  const page = read('docs/api/python.md');
  const usages = [...page.matchAll(/^cdk8s_openshift_ipsec\.\w+\(\n(.*?)^\)$/gms)].map(([, parameters]) => parameters);
  expect(usages.length).toBeGreaterThan(20);
  expect(usages.filter((parameters) => /= None,?\n(?:.*\n)*? {2}\w+: [^=\n]*$/m.test(parameters))).toEqual([]);
  expect(page).not.toMatch(/Mapping\[\w+\]/);
});

test('the API in Java has getters, and what a builder must be given first', () => {
  const page = read('docs/api/java.md');
  const had = [...page.matchAll(/^\*\*Has\*\*\n\n(.*?)\n\n(?=\*\*|#)/gms)].flatMap(([, items]) => [...items.matchAll(/^- `([^`]*)`/gm)].map(([, name]) => name));
  expect(had.length).toBeGreaterThan(50);
  expect(had.filter((name) => !/^get[A-Z]\w*\(\)$/.test(name))).toEqual([]);
  expect(page).not.toMatch(/^\/\/ {2}\.\w+\(.*\n {4}\.(?!build)/m);
});
