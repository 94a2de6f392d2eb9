import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { withReleases } from '../../projenrc/releases-markdown';
import { withTunnelPicture } from '../../projenrc/tunnel-picture';

const ROOT = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const DOCS = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');

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
  const missing = [...DOCS, ...readdirSync(join(ROOT, 'docs/tasks')).map((name) => `tasks/${name}`)].filter((name) => !index.includes(`](${name})`));
  expect(missing).toEqual([]);
});

test('every step-by-step page says whom it is for, how one sees that it worked, and how to undo it', () => {
  for (const page of ['first-tunnel', 'several-clusters', 'upgrade-openshift', 'move-from-a-hand-made-set-up', 'take-it-all-away']) {
    const text = read(`docs/${page}.md`);
    for (const part of ['\n**For** ', '**You need** ', '\n## How you see that it worked\n', '\n## How to undo it\n']) expect(text).toContain(part);
  }
});

test('the README is one screen of prose, and each line fits', () => {
  const lines = read('README.md').replace(/^```[^]*?^```$/gm, '').split('\n');
  expect(lines.length).toBeLessThan(70);
  expect(lines.filter((line) => !line.startsWith('|') && line.length > 140)).toEqual([]);
});
