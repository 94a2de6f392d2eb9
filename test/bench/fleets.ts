import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { policyTexts } from './policies';
import { Figure, medians, workFigure } from './processes';
import { Row, table } from './table';

interface Comparison {
  readonly title: string;
  readonly anchor: readonly [name: string, key: string];
  readonly work: string;
  readonly wanted: number;
  /** How many there can be, where that is less than all. */
  readonly most?: number;
}

/** What is compared with what: the anchor is what the same result costs at least, or costs without this library. */
const COMPARISONS: readonly Comparison[] = [
  { title: 'endpoints, a construct each', anchor: ['plain objects', 'bare'], work: 'typed', wanted: 1.15 },
  { title: 'endpoints in one host list', anchor: ['plain objects', 'bare'], work: 'list', wanted: 1.05 },
  { title: 'endpoints, a construct each, by `FleetSynth`', anchor: ['plain objects', 'bare'], work: 'fleet', wanted: 0.45 },
  { title: '`check` of policies', anchor: ['`yaml` parses', 'parse'], work: 'check', wanted: 0.5 },
  { title: '`check` of policies, a finding in each', anchor: ['`yaml` parses', 'parse'], work: 'check-findings', wanted: 0.5 },
  { title: '`check` of policies in JSON', anchor: ['`yaml` parses', 'parse'], work: 'check-json', wanted: 0.22, most: 70_000 }, // 64 MiB a file
];

const comparisonsOf = (count: number) => COMPARISONS.filter(({ most = Infinity }) => count <= most);

/** Ten times as much work may cost that many times as much. */
const GROWTH = 10.5;

/** What the work of a name reads, and which work it is where the name tells only what it reads. */
const READS: { readonly [name: string]: readonly [work: string, kind: 'yaml' | 'findings' | 'json'] } = {
  'parse': ['parse', 'yaml'],
  'check': ['check', 'yaml'],
  'check-findings': ['check', 'findings'],
  'check-json': ['check', 'json'],
};

/** Fleets of each size. A hundred thousand take minutes, and fewer rounds. */
export function fleetsBench(counts: readonly number[], roundsOf: (count: number) => number): string[] {
  const byCount = new Map(counts.map((count) => {
    const names = new Set(comparisonsOf(count).flatMap(({ anchor, work }) => [anchor[1], work]));
    return [count, figuresOf([...names], count, roundsOf(count))];
  }));
  const tables = [...byCount].flatMap(([count, figures]) => table(
    `${count.toLocaleString('en')} objects, median of ${roundsOf(count)}`,
    comparisonsOf(count).map(({ title, anchor: [name, key], work, wanted }): Row => ({
      title,
      anchor: { name, figure: figures.get(key)! },
      work: { name: work, figure: figures.get(work)! },
      wanted,
    })),
  ));
  return [...tables, ...growthTable(byCount), ...thousandsOf(byCount)];
}

function figuresOf(names: readonly string[], count: number, rounds: number): Map<string, Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return medians(rounds, new Map(names.map((name) => {
      const [work, kind] = READS[name] ?? [name];
      const file = kind === undefined ? '' : writePolicies(folder, count, kind);
      return [name, () => workFigure(work, count, file)];
    })));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes a file of policies, a part at a time. */
export function writePolicies(folder: string, count: number, kind: 'yaml' | 'findings' | 'json'): string {
  const file = join(folder, `${kind}.${kind === 'json' ? 'json' : 'yaml'}`);
  const descriptor = openSync(file, 'w');
  for (const text of policyTexts(count, kind)) writeSync(descriptor, text);
  closeSync(descriptor);
  return file;
}

/** How many times as much ten times the work costs. */
function growthTable(byCount: ReadonlyMap<number, Map<string, Figure>>): string[] {
  const counts = [...byCount.keys()];
  const steps = counts.slice(1).map((count, i) => [counts[i], count] as const).filter(([less, more]) => more === 10 * less);
  if (steps.length === 0) return [];
  const head = ['growth', ...steps.map(([less, more]) => `${less.toLocaleString('en')} to ${more.toLocaleString('en')}`), 'wanted'];
  return [
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...[['plain objects', 'bare'], ['`yaml` parses', 'parse'], ...COMPARISONS.map(({ title, work }) => [title, work])].map(([title, name]) => {
      const growths = steps.map(([less, more]) => {
        const [before, after] = [byCount.get(less)!.get(name), byCount.get(more)!.get(name)];
        return before && after ? (after.seconds / before.seconds).toFixed(1) : '–';
      });
      return `| ${[title, ...growths, `≤ ${GROWTH}`].join(' | ')} |`;
    }),
    '',
  ];
}

/** What a thousand of the largest fleet cost: the price of a million is a thousand times that, on as many processors as there are. */
function thousandsOf(byCount: ReadonlyMap<number, Map<string, Figure>>): string[] {
  const [count, figures] = [...byCount].at(-1)!;
  const milliseconds = (name: string) => Math.round(figures.get(name)!.seconds / count * 1_000 * 1_000);
  const megabytes = (name: string) => figures.get(name)!.megabytes!;
  return [
    `A thousand of ${count.toLocaleString('en')} endpoints cost ${milliseconds('fleet')} ms of processor time by \`FleetSynth\` `
      + `(${megabytes('fleet')} MB for all of them), and ${milliseconds('check')} ms by \`check\` (${megabytes('check')} MB).`,
    '',
  ];
}
