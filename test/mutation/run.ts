import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Mutant, mutated, shown } from './mutant';
import { mutantsOfShell } from './shell';
import { mutantsOfTypeScript } from './typescript';

/** What is mutated together, and the tests that ought to notice. */
interface Area {
  /** Files, and folders with all that is in them. */
  readonly files: readonly string[];
  /** Groups of test files, the quick ones first: the next group runs where one noticed nothing. */
  readonly tests: readonly (readonly string[])[];
  readonly config?: string;
}

const AREAS: { readonly [name: string]: Area } = {
  certificate: {
    files: ['src/certificate'],
    tests: [
      ['bundle', 'ca-bundle', 'pkcs12-bundle', 'judgements', 'pem', 'certificate', 'clock', 'der', 'algorithms', 'signature']
        .map((name) => `test/certificate/${name}`),
      ['test/certificate/pkcs12.test', 'test/certificate/any-input'],
      ['test/constructs/certificates'],
    ],
  },
  rules: { files: ['src/rules'], tests: [['test/rules/cases'], ['test/rules', 'test/check/wild-cases', 'test/check/wrapped']] },
  scripts: {
    files: ['nss.sh', 'ipsec-addcert.sh', 'ipsec-removecert.sh'].map((name) => `src/constructs/certificates/${name}`),
    tests: [
      ['system/node-tools', 'system/nss-tools'], ['system/ipsec-addcert', 'system/cert-removal'],
      ['system/renewal', 'system/scripts', 'system/pem'],
    ],
    config: 'test/system/jest.config.json',
  },
};

/** Always the same numbers for the same seed, so that a score can be compared with an older one. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function sample<T>(all: readonly T[], count: number, random: () => number): T[] {
  return all.map((it) => [random(), it] as const).sort(([one], [other]) => one - other).slice(0, count).map(([, it]) => it);
}

/** Whether a test of a group fails with what stands on the disk now, or the group does not end in time, in seconds. */
function isNoticedBy(group: readonly string[], { config }: Area, patience: number): boolean {
  const reporter = join(__dirname, 'first-failure.js');
  // jest itself: of a program that starts it, that program alone would be killed.
  const options = [
    require.resolve('jest/bin/jest'), '--ci', '--bail', `--reporters=${reporter}`, '--runInBand', '--coverage=false',
    ...config ? ['--config', config] : [],
  ];
  const { status } = spawnSync(process.execPath, [...options, ...group], { stdio: 'ignore', timeout: Math.ceil(patience * 1000), killSignal: 'SIGKILL' });
  return status !== 0;
}

/** How long the tests of each group take where nothing is changed, in seconds. */
function timesOf(area: Area): number[] {
  return area.tests.map((group) => {
    const begin = process.hrtime.bigint();
    if (isNoticedBy(group, area, 3600)) throw new Error(`tests fail before anything is changed: ${group.join(' ')}`);
    return Number(process.hrtime.bigint() - begin) / 1e9;
  });
}

function kill(mutant: Mutant, area: Area, times: readonly number[]): boolean {
  const text = readFileSync(mutant.file, 'utf8');
  const put = () => writeFileSync(mutant.file, text);
  process.once('exit', put);
  try {
    writeFileSync(mutant.file, mutated(text, mutant));
    // A mutant that never ends takes no longer than the tests do, three times.
    return area.tests.some((group, i) => isNoticedBy(group, area, 3 * times[i] + 10));
  } finally {
    put();
    process.removeListener('exit', put);
  }
}

/** The files in which a rule judges, a reader reads; what is generated, or only leads on, has nothing to notice. */
function filesIn(path: string): string[] {
  if (/\.(ts|sh)$/.test(path)) return /\/(index|catalogue)\.ts$/.test(path) ? [] : [path];
  if (/\.\w+$/.test(path)) return [];
  return readdirSync(path).sort().flatMap((name) => filesIn(join(path, name)));
}

/** `AREA [COUNT [SEED]]`: a sample of the mutants of an area, which of them no test notices, and the share of the others. */
function run(name: string, count = '100', seed = '1'): void {
  const area = AREAS[name];
  if (!area) {
    process.stderr.write(`error: '${name}' is no area; there are ${Object.keys(AREAS).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const times = timesOf(area);
  const all = area.files.flatMap(filesIn).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return file.endsWith('.sh') ? mutantsOfShell(file, text) : mutantsOfTypeScript(file, text);
  });
  const mutants = sample(all, Number(count), numbers(Number(seed)));
  let killed = 0;
  for (const [i, mutant] of mutants.entries()) {
    const line = shown(readFileSync(mutant.file, 'utf8'), mutant);
    if (kill(mutant, area, times)) killed++;
    else process.stdout.write(`not noticed: ${line}\n`);
    if ((i + 1) % 10 === 0) process.stdout.write(`${killed} of ${i + 1}\n`);
  }
  process.stdout.write(`${name}: ${killed} of ${mutants.length} noticed (${Math.round(100 * killed / mutants.length)} %), of ${all.length} mutants\n`);
}

const [area, ...rest] = process.argv.slice(2);
run(area ?? '', ...rest as [string?, string?]);
