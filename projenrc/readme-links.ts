import { readFileSync, writeFileSync } from 'fs';
import { join } from 'path';

/** Makes the relative links of the README absolute in the compiled assembly, from which each package has its own README. */
const FILE = join(__dirname, '..', '.jsii');
const assembly = JSON.parse(readFileSync(FILE, 'utf8')) as {
  readonly repository: { readonly url: string };
  readonly readme: { markdown: string };
};
const pages = `${assembly.repository.url.replace(/\.git$/, '')}/blob/main/`;
assembly.readme.markdown = assembly.readme.markdown.replace(/\]\((?![a-z]+:|#)([^)\s]+)\)/g, (_, path: string) => `](${pages}${path})`);
writeFileSync(FILE, JSON.stringify(assembly, null, 2));
