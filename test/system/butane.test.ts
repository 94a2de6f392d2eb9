import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { gunzipSync } from 'zlib';
import { builtButane, Request, runButane, runOnce } from './butane-tool';
import { Butane } from '../../src';
import { SourceError } from '../../src/butane/yaml/yaml-source';
import { difference, Outcome } from '../butane/compare';
import { ConfigGenerator } from '../butane/generate';
import { configsWithEndings } from '../butane/generate-endings';

/** How many random configs a run compares, and from which seed; a failure names the seed that reproduces it. */
const CONFIGS = Number(process.env.BUTANE_CONFIGS ?? 2000);
const SEED = Number(process.env.BUTANE_SEED ?? 1);

const FILES = join(__dirname, '..', 'butane', 'butane-cases');

function compile(config: string, raw: boolean, filesDir: string | undefined): Outcome {
  try {
    const { output, warnings } = Butane.compile(config, { raw, filesDir });
    return { accepted: true, output, messages: warnings.map(({ text }) => text) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { accepted: false, output: '', messages: error.message.split('\n') };
  }
}

test(`${CONFIGS} random configs give what the real butane gives`, () => {
  const cases = Array.from({ length: CONFIGS }, (_, index) => {
    const seed = SEED + index;
    return {
      seed,
      config: new ConfigGenerator(seed).config(seed % 4 === 0 ? 0.25 : 0.05),
      raw: seed % 5 === 0,
      filesDir: seed % 3 === 0 ? undefined : 'files',
    };
  });
  const before = process.cwd();
  process.chdir(FILES);
  try {
    const theirs = runButane(cases.map(({ config, raw, filesDir }) => (
      { config, args: [...raw ? ['-r'] : [], ...filesDir ? ['-d', filesDir] : []] })));
    for (const [index, { seed, config, raw, filesDir }] of cases.entries()) {
      const { status, stdout, stderr } = theirs[index];
      const differs = difference(compile(config, raw, filesDir), { accepted: status === 0, output: stdout, messages: stderr.split('\n') });
      if (differs) throw new Error(`seed ${seed}: ${differs}\n--- the config\n${config}`);
    }
    // A generator of refusals alone would prove little.
    expect(theirs.filter(({ status }) => status === 0).length).toBeGreaterThan(CONFIGS / 10);
  } finally {
    process.chdir(before);
  }
}, 600_000);

test('a config gives what the real butane gives, whatever it ends with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'endings-'));
  const configs = configsWithEndings().map((config, index) => index % 7 === 0 ? config.replaceAll('\n', '\r\n') : config);
  const differing: string[] = [];
  let accepted = 0;
  try {
    for (const [index, { status, stdout, stderr }] of runButane(configs.map((config) => ({ config, folder }))).entries()) {
      const text = configs[index];
      if (status === 0) accepted++;
      const differs = difference(compile(text, false, undefined), { accepted: status === 0, output: stdout, messages: stderr.split('\n') });
      if (differs) differing.push(`${JSON.stringify(text)}: ${differs}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(differing).toEqual([]);
  expect(accepted).toBeGreaterThan(2000);
}, 600_000);

test('the tool that runs once for many configs says of each what a process of its own says', () => {
  const requests = Array.from({ length: 40 }, (_, seed): Request => (
    { config: new ConfigGenerator(seed + 1).config(0.1), args: [[], ['-r'], ['-d', 'files'], ['--strict'], ['a', 'b']][seed % 5], folder: FILES }));
  const apart = requests.map((request) => runOnce(builtButane(), request));
  // The tool walks unknown keys in random order, and says where it stands of a usage that is wrong.
  const sorted = ({ status, stdout, stderr }: ReturnType<typeof runOnce>) => (
    [status, stdout, stderr.replace(/^Usage: .*/, 'Usage').split('\n').sort()]);
  expect(runButane(requests).map(sorted)).toEqual(apart.map(sorted));
  expect(new Set(apart.map(({ status }) => status))).toEqual(new Set([0, 1, 2]));
});

test('what is accepted passes ignition-validate, and its files decode', () => {
  if (spawnSync('ignition-validate', ['--version']).error) throw new Error('this test needs ignition-validate: apt-get install ignition');
  const folder = mkdtempSync(join(tmpdir(), 'ignition-'));
  let validated = 0;
  try {
    for (let seed = 1; validated < 150; seed++) {
      const outcome = compile(new ConfigGenerator(seed).config(0.02), true, undefined);
      if (!outcome.accepted) continue;
      const config = JSON.parse(outcome.output) as Written;
      // Debian's Ignition knows versions up to 3.3; fields of later ones would be unknown to it.
      if (/"(cex|discard|openOptions|advertisement)"/.test(outcome.output) || /"format":"none"/.test(outcome.output)) continue;
      config.ignition.version = config.ignition.version === '3.2.0' ? '3.2.0' : '3.3.0';
      const file = join(folder, `${seed}.ign`);
      writeFileSync(file, JSON.stringify(config));
      const { status, stdout, stderr } = spawnSync('ignition-validate', [file], { encoding: 'utf8' });
      expect({ seed, status, output: status === 0 ? '' : `${stdout}${stderr}` }).toEqual({ seed, status: 0, output: '' });
      for (const { contents } of config.storage?.files ?? []) if (contents?.source) decode(contents.source, contents.compression);
      validated++;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

interface Written {
  readonly ignition: { version: string };
  readonly storage?: { readonly files?: readonly { readonly contents?: { readonly source?: string; readonly compression?: string } }[] };
}

/** Throws for what is neither a data URL nor, where it says so and the generator did not make it up, gzip. */
function decode(source: string, compression: string | undefined): void {
  const [, base64, data] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(source)!;
  const body = base64 ? Buffer.from(data, 'base64') : Buffer.from(decodeURIComponent(data));
  if (compression === 'gzip' && body[0] === 0x1f) gunzipSync(body);
}
