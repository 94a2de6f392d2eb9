import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');

/** Command lines of a page. */
export interface CommandBlock {
  readonly page: string;
  /** What stands behind the fence, such as `sh run`. */
  readonly fence: string;
  readonly script: string;
}

const below = (folder: string) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);

/** The pages that people read. */
export const PAGES: readonly string[] = ['README.md', ...below('docs'), ...below('docs/tasks')];

/** The command lines on all pages: fenced or indented. */
export function commandBlocks(): CommandBlock[] {
  return PAGES.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    const fenced = [...text.matchAll(/^( *)```(sh\b.*|console|bash|shell)\n([^]*?)^ *```$/gm)]
      .map(([, , fence, body]) => ({ page, fence, script: fence === 'console' ? prompted(body) : body.replace(/^ +/gm, '') }));
    const prose = text.replace(/^ *```[^]*?^ *```$/gm, '');
    const indented = [...prose.matchAll(/\n\n((?: {4,}(?:oc|kubectl|npx|journalctl) .*\n)(?: {4,}.*\n)*)/g)]
      .map(([, body]) => ({ page, fence: 'indented', script: body.replace(/^ +/gm, '') }));
    return [...fenced, ...indented];
  });
}

/** The commands of a block that shows what they print as well. */
function prompted(body: string): string {
  return [...body.matchAll(/^\$ (.*)\n/gm)].map(([, command]) => `${command}\n`).join('');
}

/** Whether a command of a block asks a cluster. */
export function asksACluster({ script }: CommandBlock): boolean {
  return /(?:^|\$\(|\| |do )(?:oc|kubectl) /m.test(script);
}

/** The commands in prose that ask a cluster, with a name in the place of each that the reader fills in. */
export function inlineCommands(): { readonly page: string; readonly command: string }[] {
  return PAGES.flatMap((page) => {
    const prose = readFileSync(join(ROOT, page), 'utf8').replace(/^ *```[^]*?^ *```$/gm, '');
    return [...prose.matchAll(/`(oc (?:get|patch|delete) (?!-f`)[^`]+)`/g)].map(([, command]) => ({ page, command: command.replaceAll('\\|', '|') }));
  });
}
