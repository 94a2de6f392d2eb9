import { readFileSync, writeFileSync } from 'fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'os';
import { join } from 'path';

const PAGE = join(__dirname, '..', '..', 'docs', 'performance.md');
const [BEGIN, END] = ['<!-- figures: npm run bench -- --write -->', '<!-- end of figures -->'];

/** What the figures were taken on, as far as it decides about them. */
export function machine(): string {
  const versions = ['cdk8s', 'constructs', 'yaml'].map((name) => `${name} ${versionOf(name)}`).join(', ');
  const { model } = cpus()[0];
  return `Node.js ${process.version}, ${versions}; ${cpus().length} processors (${model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, `
    + `${platform()} ${release()} ${arch()}`;
}

/** How busy the machine is, by others and by the bench: a bench alone makes a load of about one. */
export function load(): string {
  return loadavg()[0].toFixed(1);
}

/** Puts the figures in their place on the page. */
export function writePage(lines: readonly string[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`docs/performance.md lacks '${BEGIN}' or, behind it, '${END}'`);
  writeFileSync(PAGE, `${page.slice(0, begin)}${BEGIN}\n\n${lines.join('\n').trim()}\n\n${page.slice(end)}`);
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(join(__dirname, '..', '..', 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version;
}
