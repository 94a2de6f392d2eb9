import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { withReleases } from '../../projenrc/releases-markdown';
import { withTunnelPicture } from '../../projenrc/tunnel-picture';

const ROOT = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const DOCS = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
const ALL = [...DOCS, ...readdirSync(join(ROOT, 'docs/tasks')).map((name) => `tasks/${name}`)];

test('the picture of the README is that of the code today: npx projen tunnel-picture draws it', () => {
  const page = read('README.md');
  expect(withTunnelPicture(page)).toBe(page);
});

test('the tables of releases are those of the code today: npx projen releases writes them', () => {
  const page = read('docs/supported-releases.md');
  expect(withReleases(page)).toBe(page);
});

test('the index leads to every page', () => {
  const index = read('docs/README.md');
  const missing = ALL.filter((name) => !index.includes(`](${name})`));
  expect(missing).toEqual([]);
});

/** The frame of a page. */
const PARTS: { readonly [part: string]: string } = {
  'for whom': '\n**For** ', 'what you need': '**You need** ', 'how you see it': '\n## How you see that it worked\n', 'undo': '\n## How to undo it\n',
};

/** The pages that lack a part, and why it would say nothing there. */
const WITHOUT: { readonly [page: string]: readonly [why: string, ...parts: string[]] } = {
  'check.md': ['it changes nothing', 'undo'],
  'command.md': ['it is the help of the commands', 'what you need', 'how you see it', 'undo'],
  'faq.md': ['it leads to other pages', 'what you need', 'how you see it', 'undo'],
  'how-it-is-tested.md': ['tests change nothing', 'undo'],
  'how-the-judges-run.md': ['tests change nothing', 'undo'],
  'lab.md': ['the lab leaves nothing behind', 'undo'],
  'languages.md': ['it is read by who writes a program, and First tunnel has the steps', 'undo'],
  'performance.md': ['it tells what was measured', 'how you see it', 'undo'],
  'plan.md': ['it changes nothing', 'undo'],
  'security-model.md': ['it is to be read', 'what you need', 'how you see it', 'undo'],
  'supported-releases.md': ['it is to be read', 'how you see it', 'undo'],
  'the-tunnel-does-not-come-up.md': ['each fault is another change of the program or of the peer', 'undo'],
  'what-is-encrypted.md': ['it is to be read', 'how you see it', 'undo'],
  'what-it-does.md': ['it leads to the pages that have the steps', 'how you see it', 'undo'],
};

test.each(ALL)('docs/%s says whom it is for, what one needs, how one sees that it worked, and how to undo it', (page) => {
  const text = read(`docs/${page}`);
  const missing = Object.keys(PARTS).filter((part) => !text.includes(PARTS[part]));
  const [, ...expected] = WITHOUT[page] ?? [''];
  expect(missing).toEqual(expected);
  // The frame stands at the beginning and the end, and what is below a heading is something.
  expect(text.indexOf(PARTS['for whom'])).toBeLessThan(400);
  expect(text).not.toMatch(/^## .*\n+(?:## |$(?![^]))/m);
});

test('the pages that lack a part are pages', () => {
  expect(Object.keys(WITHOUT).filter((page) => !ALL.includes(page))).toEqual([]);
});

test.each(ALL)('the prose of docs/%s fits into 140 columns', (page) => {
  const prose = read(`docs/${page}`).replace(/^ *```[^]*?^ *```$/gm, '').split('\n');
  expect(prose.filter((line) => !line.startsWith('|') && !line.startsWith('![') && line.length > 140)).toEqual([]);
});

test('the README is one screen of prose, and each line fits', () => {
  const lines = read('README.md').replace(/^```[^]*?^```$/gm, '').split('\n');
  expect(lines.length).toBeLessThan(70);
  expect(lines.filter((line) => !line.startsWith('|') && line.length > 140)).toEqual([]);
});
