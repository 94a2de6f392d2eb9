import { parseArgs } from 'util';
import { peersBench, startBench } from './commands';
import { fleetsBench } from './fleets';
import { load, machine, writePage } from './page';
import { prepareWork } from './processes';
import { ratesBench } from './rates';

const USAGE = `Usage: npm run bench -- [options] [PART…]

Measures what the work of this package costs beside an anchor in the same run, and prints tables; it asserts nothing.
PART is fleets, rates, start or peers; without one, all of them, which take some ten minutes on an idle machine.

Options:
  --counts N,N,…  the sizes of the fleets (default: 1000,10000,100000)
  --rounds N      how often each figure is taken (default: 5, and 3 for fleets of 100,000)
  --write         put all tables in docs/performance.md too

BENCH_NODES names other releases of Node.js for the start of the command, such as the path of a Node 22, with colons between them.
`;

interface Options {
  readonly counts: readonly number[];
  readonly rounds?: number;
}

const PARTS: { readonly [name: string]: (options: Options) => string[] } = {
  fleets: ({ counts, rounds }) => fleetsBench(counts, (count) => rounds ?? (count >= 100_000 ? 3 : 5)),
  rates: ({ rounds = 5 }) => ratesBench(rounds),
  start: ({ rounds = 15 }) => startBench(rounds),
  peers: ({ rounds = 5 }) => peersBench(rounds),
};

function run(args: string[]): void {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { counts: { type: 'string' }, rounds: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown !== undefined) throw new Error(`'${unknown}' is no part; there are ${Object.keys(PARTS).join(', ')}`);
  if (values.write && positionals.length > 0) throw new Error('--write takes all parts: leave the names out');
  const options: Options = {
    counts: (values.counts ?? '1000,10000,100000').split(',').map(Number),
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
  };
  prepareWork();
  const before = load();
  const lines: string[] = [];
  for (const name of names) {
    const part = PARTS[name](options);
    process.stdout.write(`${part.join('\n')}\n`);
    lines.push(...part);
  }
  const about = `${machine()}.\nLoad of the machine: ${before} before, ${load()} at the end, of which the bench is about 1.`;
  process.stdout.write(`${about}\n`);
  if (values.write) writePage([about, '', ...lines]);
}

try {
  run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
