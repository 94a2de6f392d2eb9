import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { difference, Outcome } from './compare';
import { ENDINGS_HEAD } from './generate-endings';
import { Butane, Compression } from '../../src';
import { SourceError } from '../../src/butane/yaml/yaml-source';

const CASES = join(__dirname, 'butane-cases');
const WILD = join(__dirname, 'wild-cases');

/** A recorded run of the real tool, version 0.29.0; `butane-cases/README.md` tells how the folders were made. */
interface RecordedRun extends Outcome {
  readonly origin: string;
  readonly config: string;
  readonly raw: boolean;
  readonly files: boolean;
}

function compile(config: string, options: { raw?: boolean; filesDir?: string }): Outcome {
  try {
    const { output, warnings } = Butane.compile(config, options);
    return { accepted: true, output, messages: warnings.map(({ text }) => text) };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { accepted: false, output: '', messages: error.message.split('\n') };
  }
}

/** Files are named relative to their case, as the tool was called; its messages repeat the path. */
function inFolder<T>(folder: string, run: () => T): T {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return run();
  } finally {
    process.chdir(before);
  }
}

describe('a config gives what butane 0.29.0 gave', () => {
  const folders = readdirSync(CASES).filter((name) => existsSync(join(CASES, name, 'config.bu')));

  test('the shared cases are all here', () => {
    expect(folders).toHaveLength(15);
  });

  test.each(folders)('%s', (name) => {
    const folder = join(CASES, name);
    const read = (file: string) => existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
    const accepted = existsSync(join(folder, 'expected.yaml'));
    const theirs = { accepted, output: read('expected.yaml'), messages: (read('expected.err') + read('expected.warn')).split('\n') };
    const ours = inFolder(folder, () => compile(read('config.bu'), existsSync('files') ? { filesDir: 'files' } : {}));
    expect(difference(ours, theirs)).toBeUndefined();
    // Where nothing is compressed, not a byte may differ.
    if (!theirs.output.includes('compression: gzip')) expect(ours.output).toBe(theirs.output);
  });
});

describe('a config gives what butane 0.29.0 gave, whatever it ends with', () => {
  const runs = JSON.parse(readFileSync(join(CASES, 'endings.json'), 'utf8')) as {
    readonly end: string;
    readonly sources: readonly string[] | null;
  }[];

  test.each(runs.map(({ end, sources }) => [JSON.stringify(end), end, sources] as const))('%s', (_, end, sources) => {
    const { accepted, output } = compile(`${ENDINGS_HEAD}${end}`, {});
    const ours = [...output.matchAll(/source: (.*)/g)].map(([, source]) => source.replace(/^"(.*)"$/, '$1'));
    expect(accepted ? ours : null).toEqual(sources);
  });

  const wild = readdirSync(WILD).sort();
  test.each(wild)('%s', (name) => {
    const [, source] = /source is '([^']*)'/.exec(readFileSync(join(WILD, name, 'expect.txt'), 'utf8'))!;
    expect(Butane.compile(readFileSync(join(WILD, name, 'input.bu'), 'utf8')).output).toContain(`source: ${source}\n`);
  });

  test.each(['# a\u2028b\n', 'a: b\u2029c\n', 'a: |\n  b\u2028\n', 'a: "b \u2028c"\n'])(
    '%j is refused, because a separator ends a line for butane alone',
    (text) => {
      const [character] = /[\u2028\u2029]/.exec(text)!;
      const code = character.charCodeAt(0).toString(16);
      expect(() => Butane.compile(text)).toThrow(
        new RegExp(
          `^error at line \\d+ col \\d+: the config has U\\+${code}, which Butane takes for a line break and other YAML readers `
            + `for text: write it as "\\\\u${code}" in double quotes$`,
        ),
      );
    },
  );

  test('a separator within quotes stays what it is', () => {
    expect(Butane.compile(`${ENDINGS_HEAD} "a\u2028b"`).output).toContain('source: data:,a%E2%80%A8b\n');
  });
});

/** What we do otherwise on purpose; each with the reason. */
const ON_PURPOSE: readonly { readonly reason: string; readonly ours: RegExp }[] = [
  { reason: 'the tool drops further documents without a word', ours: /the config has more than one YAML document/ },
  { reason: 'an experimental version is none that a cluster has', ours: /with version 4\.23\.0-experimental/ },
  { reason: 'this library compiles one variant', ours: /No translator exists for variant (fcos|rhcos)|rhcos variant has been removed/ },
  {
    reason: 'the YAML parser wants continued lines indented',
    ours: /the config is not YAML: (Missing closing|Flow sequence in block|Comments must be)/,
  },
];

/** Texts that the tool's YAML library refuses and ours reads as they were meant. */
const READ_AS_MEANT = [/\n\t$/, /\\\//, /inline: \|\n *\ty/];

describe('the recorded runs: inputs that differed once, and samples of each kind', () => {
  const runs = JSON.parse(readFileSync(join(CASES, 'differential.json'), 'utf8')) as RecordedRun[];

  test.each(runs.map((run, index): [number, string, RecordedRun] => [index, run.origin, run]))('run %d (%s)', (_, __, theirs) => {
    const ours = inFolder(CASES, () => compile(theirs.config, { raw: theirs.raw, ...theirs.files ? { filesDir: 'files' } : {} }));
    const differs = difference(ours, theirs);
    if (differs === undefined) return;
    if (!theirs.accepted && ours.accepted) expect(READ_AS_MEANT.some((meant) => meant.test(theirs.config)) || differs).toBe(true);
    else expect(ON_PURPOSE.some((known) => known.ours.test(ours.messages[0])) || differs).toBe(true);
  });
});

describe('where the contract lets us differ', () => {
  const config = (contents: string) => [
    'variant: openshift', 'version: 4.16.0', 'metadata:', '  name: x', '  labels:', '    machineconfiguration.openshift.io/role: worker',
    'systemd:', '  units:', '  - name: a.service', `    contents: ${JSON.stringify(contents)}`, '',
  ].join('\n');

  test('a newline at the head of a text is kept', () => {
    expect(Butane.compile(config('\n[Unit]\nA=b\n')).output).toContain(
      'contents: |2\n\n            [Unit]\n            A=b\n          name',
    );
  });

  test('without compression every payload stays readable', () => {
    const text = [
      'variant: openshift', 'version: 4.16.0', 'metadata:', '  name: x', '  labels:', '    machineconfiguration.openshift.io/role: worker',
      'storage:', '  files:', '  - path: /etc/x', '    contents:', `      inline: ${'a'.repeat(500)}`, '',
    ].join('\n');
    expect(Butane.compile(text).output).toContain('compression: gzip');
    expect(Butane.compile(text, { compression: Compression.NONE }).output).toContain(
      `compression: ""\n            source: data:,${'a'.repeat(500)}\n`,
    );
  });
});
