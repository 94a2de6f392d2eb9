import { butaneBench } from './butane';
import { checkBench } from './check';
import { endpointsBench } from './endpoints';
import { fleetsBench } from './fleets';

/** Each bench measures ratios in its own run and prints them; none asserts anything. */
const BENCHES: { readonly [name: string]: (print: (line: string) => void) => Promise<void> } = {
  endpoints: endpointsBench,
  butane: butaneBench,
  check: checkBench,
  fleets: fleetsBench,
};

async function run(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in BENCHES));
  if (unknown !== undefined) {
    process.stderr.write(`error: '${unknown}' is no bench; there are ${Object.keys(BENCHES).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) await BENCHES[name]((line) => process.stdout.write(`${line}\n`));
}

void run(process.argv.slice(2));
