import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Documentation, Language } from 'jsii-docgen';
import { Api, Assembly, pageOf } from './api-page';

/** Writes API.md and its like in other languages from the compiled assembly. jsii-docgen gives the names and types of each language. */
const ROOT = join(__dirname, '..');
const NAME = 'cdk8s-openshift-ipsec';
const PAGES: readonly (readonly [language: Language, title: string, file: string])[] = [
  [Language.TYPESCRIPT, 'TypeScript', 'API.md'],
  [Language.PYTHON, 'Python', 'docs/api/python.md'],
  [Language.JAVA, 'Java', 'docs/api/java.md'],
  [Language.GO, 'Go', 'docs/api/go.md'],
];

/** The assemblies of the lock, alone in a folder: asked for a project, jsii-docgen would install whatever is newest today. */
function stage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'api-'));
  for (const [name, from] of [[NAME, ROOT], ...['cdk8s', 'constructs'].map((peer) => [peer, join(ROOT, 'node_modules', peer)])]) {
    const to = join(folder, 'node_modules', name);
    mkdirSync(to, { recursive: true });
    for (const file of ['package.json', '.jsii', '.jsii.gz']) if (existsSync(join(from, file))) copyFileSync(join(from, file), join(to, file));
    symlinkSync(join(from, 'lib'), join(to, 'lib'));
  }
  return folder;
}

async function main(): Promise<void> {
  const folder = stage();
  const assembly = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as Assembly;
  const documentation = await Documentation.forAssembly(NAME, folder);
  mkdirSync(join(ROOT, 'docs', 'api'), { recursive: true });
  for (const [language, title, file] of PAGES) {
    const { content } = await documentation.toJson({ language, readme: false });
    const others = PAGES.filter(([other]) => other !== language).map(([, name, path]) => [name, path] as const);
    writeFileSync(join(ROOT, file), pageOf(content.apiReference as Api, assembly, { title, file, others }));
  }
  await documentation.cleanup();
  rmSync(folder, { recursive: true });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
