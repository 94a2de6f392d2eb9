import { spawnSync } from 'child_process';
import { join } from 'path';

/** One piece of work in a process of its own, as `work.ts` names it. */
interface Figure {
  readonly seconds: number;
  readonly megabytes: number;
}

/** What is compared with what: the anchor is what the same result costs at least, or costs without this library. */
interface Comparison {
  readonly title: string;
  readonly anchor: string;
  readonly work: string;
  readonly wanted: number;
}

const COMPARISONS: readonly Comparison[] = [
  { title: 'endpoints, one construct each', anchor: 'bare', work: 'typed', wanted: 1.15 },
  { title: 'endpoints in one host list', anchor: 'bare', work: 'list', wanted: 1.05 },
  { title: 'endpoints, one construct each, by FleetSynth', anchor: 'bare', work: 'fleet', wanted: 0.45 },
  { title: 'check of policies (YAML)', anchor: 'parse', work: 'check', wanted: 0.5 },
  { title: 'check of policies (YAML), a finding in each', anchor: 'parse', work: 'check-findings', wanted: 0.5 },
  { title: 'check of policies (JSON)', anchor: 'parse', work: 'check-json', wanted: 0.22 },
];

const ROUNDS = 5;

/**
 * Fleets of 1,000 to 100,000 in processor seconds: a new process for each figure, anchors and work in turn, so that other load of the
 * machine meets both alike, and the median of the rounds. BENCH_COUNTS (such as `1000,10000`) and BENCH_ROUNDS make it shorter.
 */
export async function fleetsBench(print: (line: string) => void): Promise<void> {
  const counts = (process.env.BENCH_COUNTS ?? '1000,10000,100000').split(',').map(Number);
  const rounds = Number(process.env.BENCH_ROUNDS ?? ROUNDS);
  const names = [...new Set(COMPARISONS.flatMap(({ anchor, work }) => [anchor, work]))];
  const before = new Map<string, number>();
  for (const count of counts) {
    const figures = new Map<string, Figure[]>(names.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) for (const name of names) figures.get(name)!.push(measure(name, count));
    const median = (name: string): Figure =>
      [...figures.get(name)!].sort((one, other) => one.seconds - other.seconds)[Math.floor(rounds / 2)];
    print(`| ${count} | anchor | today | ratio | wanted | memory | growth |`);
    print('| --- | --- | --- | --- | --- | --- | --- |');
    for (const { title, anchor, work, wanted } of COMPARISONS) {
      const [least, own] = [median(anchor), median(work)];
      const growth = before.has(work) ? (own.seconds / before.get(work)!).toFixed(1) : '';
      before.set(work, own.seconds);
      print(
        `| ${title} | ${anchor} ${least.seconds.toFixed(2)} s | ${own.seconds.toFixed(2)} s | `
          + `${(own.seconds / least.seconds).toFixed(2)} | ≤ ${wanted} | ${own.megabytes} MB | ${growth} |`,
      );
    }
  }
}

function measure(name: string, count: number): Figure {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', 'ts-node/register/transpile-only', join(__dirname, 'work.ts'), name, String(count)],
    {
      env: { ...process.env, TS_NODE_PROJECT: join(__dirname, '..', 'tsconfig.json') },
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`'${name}' of ${count} failed; 'npx projen compile' makes lib/, which is measured:\n${stderr}`);
  return JSON.parse(stdout) as Figure;
}
