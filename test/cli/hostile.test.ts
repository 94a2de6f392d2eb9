import { spawnSync } from 'child_process';
import { chmodSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { gzipSync } from 'zlib';
import * as fc from 'fast-check';
import { CPU_SECONDS, CommandRun, MEMORY_BYTES, runCommand } from './command';
import { run } from '../../src/cli/main';
import { RELEASE_STEP } from '../check/telco';
import * as documents from '../rules/documents';

const CASES = join(__dirname, '..', 'check', 'hostile-cases');
const BUTANE = 'variant: openshift\nversion: 4.16.0\nmetadata:\n  name: x\n  labels:\n    machineconfiguration.openshift.io/role: worker\n';

let folder: string;
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'hostile-')); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, contents: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

/** The command in this process. */
function here(args: readonly string[], input: Buffer = Buffer.alloc(0)): { code: number; stdout: string; stderr: string } {
  let [stdout, stderr] = ['', ''];
  const code = run({ args, stdout: (text) => { stdout += text; }, stderr: (text) => { stderr += text; }, stdin: () => input });
  return { code, stdout, stderr };
}

/** What holds of each run, whatever it reads. */
function expectDecent(
  { code, stdout, stderr }: { code: number | null; stdout: string; stderr: string },
  isData = false,
  isWhole = true,
): void {
  expect([0, 1, 2]).toContain(code);
  expect(stderr).not.toMatch(/^\s+at .*[:(]\d+|unexpected problem|FATAL ERROR/m);
  for (const text of [stderr, ...(isData ? [] : [stdout])]) {
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    if (isWhole) expect(text).not.toMatch(/TopSecret/);
  }
}

function expectBounded(result: CommandRun): void {
  expectDecent(result, true);
  expect(result.cpuSeconds).toBeLessThan(CPU_SECONDS);
  expect(result.memoryBytes).toBeLessThan(MEMORY_BYTES);
}

describe('inputs that broke something once', () => {
  test.each(readdirSync(CASES).sort())('%s, in every format and command', (name) => {
    const path = join(CASES, name);
    for (const format of ['text', 'json', 'sarif', 'github']) {
      const result = here(['check', '--format', format, path]);
      expectDecent(result);
      for (const line of `${result.stdout}\n${result.stderr}`.split('\n')) {
        if (/^\s*::/.test(line)) expect(line).toMatch(/^::(?:error|warning|notice) /);
      }
    }
    for (const args of [['check', '--krm'], ['butane'], ['butane', '--check'], ['butane', '--raw']]) {
      expectDecent(here(args, readFileSync(path)), true);
    }
  });

  test.each([
    ['cycle.yaml', "cycle.yaml:4:9: has an anchor that contains itself: '*a' stands inside of '&a'\n"],
    ['cycle2.yaml', "cycle2.yaml:5:11: has an anchor that contains itself: '*m' stands inside of '&m'\n"],
    ['krm2.yaml', 'krm2.yaml:9:8: uses its anchors so often that it looks like an attack (a YAML bomb)\n'],
  ])('%s is told with its line, and the other files are judged', (name, message) => {
    const { code, stdout, stderr } = here(['check', join(CASES, name), file('good.yaml', RELEASE_STEP)]);
    expect(code).toBe(2);
    expect(stderr).toBe(`${CASES}/${message}`);
    expect(stdout).toContain('(network-mode-missing)');
  });

  test.each(['psk-next-line.yaml', 'psk.json', 'unit2.yaml'])('%s is judged, and its secret shown nowhere', (name) => {
    const { stdout } = here(['check', join(CASES, name)]);
    expect(stdout).toMatch(/(?:error|warning): /);
    expect(stdout).not.toContain('TopSecret');
  });

  test.each(['rzb.yaml', 'cycle.yaml', 'krm2.yaml'])('%s ends in time, as a process', (name) =>
    expectBounded(runCommand(['check', join(CASES, name)])),
  );
});

describe('inputs made to take time or memory', () => {
  const machineConfig = (source: string) => `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: 99-worker-x, labels: {machineconfiguration.openshift.io/role: worker}}
spec: {config: {ignition: {version: 3.4.0}, storage: {files: [{path: /usr/local/bin/a.sh, contents: {compression: gzip, source: "${source}"}}]}}}
`;
  const machineConfigOf = (files: documents.Plain[], units: string[]) => JSON.stringify(documents.machineConfig({
    files, units: units.map((contents, i) => ({ name: `u${i}.service`, enabled: true, contents })),
  }));
  const rawPolicy = (text: string) => JSON.stringify({
    apiVersion: 'policy.open-cluster-management.io/v1',
    kind: 'ConfigurationPolicy',
    metadata: { name: 'x' },
    spec: { 'object-templates-raw': text },
  });
  const list = 'apiVersion: v1\nkind: List\nitems:\n- &l\n  apiVersion: v1\n  kind: '
    + `List\n  items:\n${'  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n'.repeat(1000)}${'- *l\n'.repeat(95)}`;

  test.each<[string, () => string | Buffer]>([
    ['a hundred thousand anchors', () => Array.from({ length: 100_000 }, (_, i) => `- &a${i} x\n`).join('')],
    ['a hundred thousand aliases', () => `- &a x\n${'- *a\n'.repeat(99_000)}`],
    ['5,000 Lists in each other', () => `${'{apiVersion: v1, kind: List, items: ['.repeat(5000)}${']}'.repeat(5000)}`],
    ['95 aliases of a list of 1,000 objects', () => list],
    ['a map of half a million keys', () => Array.from({ length: 500_000 }, (_, i) => `a${i}: b\n`).join('')],
    ['a map of a hundred thousand keys', () => Array.from({ length: 100_000 }, (_, i) => `a${i}: b\n`).join('')],
    [
      'merges of merges',
      () =>
        `a: &a {${Array.from({ length: 10_000 }, (_, i) => `k${i}: v`).join(', ')}}\n${Array.from({ length: 1000 }, (_, i) => `b${i}: {<<: *a}\n`).join('')}`,
    ],
    ['two million scalars', () => `[${'a,'.repeat(2_000_000)}]`],
    ['ten million line breaks', () => '\n'.repeat(10_000_000)],
    ['many empty documents', () => '---\n'.repeat(300_000)],
    ['brackets without end', () => '['.repeat(1_000_000)],
    ['braces without end', () => '{{'.repeat(1_000_000)],
    ['a text of Go templates without end', () => rawPolicy('{{'.repeat(2_000_000))],
    ['a text of comments of Go templates without end', () => rawPolicy('{{/*'.repeat(1_000_000))],
    [
      'gzip that unpacks to line breaks',
      () => machineConfig(`data:;base64,${gzipSync(Buffer.alloc(15 * 1024 * 1024, '\n')).toString('base64')}`),
    ],
    [
      'gzip that unpacks to a gigabyte',
      () => machineConfig(`data:;base64,${gzipSync(Buffer.alloc(256 * 1024 * 1024)).toString('base64')}`),
    ],
    [
      'a script of 15 MiB on one line',
      () => machineConfig(`data:;base64,${gzipSync(Buffer.alloc(15 * 1024 * 1024, 'certutil -A ')).toString('base64')}`),
    ],
    ['twenty thousand scripts in one MachineConfig', () => `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata: {name: 99-worker-x, labels: {machineconfiguration.openshift.io/role: worker}}
spec: {config: {ignition: {version: 3.4.0}, storage: {files: [${Array.from({ length: 20_000 }, (_, i) =>
  `{path: /etc/${i}, contents: {source: 'data:,pk12util%20-i%20/etc/a'}}`).join(', ')}]}}}
`],
    ['three thousand bundles, each with a script and a unit, of one CA', () => {
      const all = Array.from({ length: 3000 }, (_, i) => i);
      return machineConfigOf([
        ...all.map((i) => documents.file(`/etc/${i}.p12`, 'a')),
        ...all.map((i) => documents.file(`/etc/${i}.sh`, `pk12util -i /etc/${i}.p12\ncertutil -A -n ca -i /etc/ca.pem\n`)),
        documents.file('/etc/ca.pem', 'x'),
      ], all.map((i) => `[Service]\nEnvironment=A=/etc/${i}.p12\nEnvironment=IPSEC_CA=/etc/ca.pem\nExecStart=/etc/${i}.sh\n`));
    }],
    ['two thousand bundles and CAs of one unit', () => {
      const all = Array.from({ length: 2000 }, (_, i) => i);
      return machineConfigOf(
        all.flatMap((i) => [documents.file(`/etc/${i}.p12`, 'a'), documents.file(`/etc/ca${i}.pem`, 'x')]),
        [`[Service]\n${all.map((i) => `Environment=C${i}=/etc/ca${i}.pem P${i}=/etc/${i}.p12`).join('\n')}\n`],
      );
    }],
    ['JSON on one line with a finding in each object', () => JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: Array.from({ length: 10_000 }, (_, i) => ({
        apiVersion: 'nmstate.io/v1',
        kind: 'NodeNetworkConfigurationPolicy',
        metadata: { name: `p${i}` },
        spec: {
          nodeSelector: { a: 'b' },
          desiredState: { interfaces: [{ name: `i${i}`, type: 'ipsec', libreswan: { psk: 'TopSecret', right: '192.0.2.1' } }] },
        },
      })),
    })],
  ])('check: %s', (_, make) => {
    const result = runCommand(['check', file('big.yaml', make())]);
    expectBounded(result);
    expect(result.stdout).not.toContain('TopSecret');
  }, 60_000);

  test.each<[string, () => string | Buffer]>([
    ['many unknown keys on one line', () => `${BUTANE}x: {${Array.from({ length: 60_000 }, (_, i) => `k${i}: v`).join(', ')}}\n`],
    [
      'many unknown keys of an astral character on one line',
      () => `{variant: openshift, version: 4.16.0, ${Array.from({ length: 60_000 }, (_, i) => `"\u{1f512}${i}": v`).join(', ')}}`,
    ],
    ['many wrong files', () => `${BUTANE}storage:\n  files:\n${Array.from({ length: 20_000 }, () => '  - path: x\n').join('')}`],
    ['anchors', () => `${BUTANE}x:\n${Array.from({ length: 100_000 }, (_, i) => `- &a${i} x\n`).join('')}`],
    ['brackets without end', () => '['.repeat(1_000_000)],
    ['a unit of megabytes', () => `${BUTANE}systemd:\n  units:\n  - name: a.service\n    contents: "${'[A]\\n'.repeat(600_000)}"\n`],
  ])('butane: %s', (_, make) => expectBounded(runCommand(['butane', file('big.bu', make())])), 60_000);
});

describe('plans made to take time', () => {
  const machineConfigs = (number: number, role: (i: number) => string) => Array.from({ length: number }, (_, i) => ({
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { name: `99-${i}`, labels: { 'machineconfiguration.openshift.io/role': role(i) } },
    spec: { config: { ignition: { version: '3.4.0' }, storage: { files: [{ path: `/etc/a${i}`, contents: { source: 'data:,a' } }] } } },
  }));

  test.each<[string, () => readonly object[]]>([
    ['thousands of MachineConfigs in one pool', () => machineConfigs(3000, () => 'worker')],
    ['as many pools beside as many disruption policies', () => [
      ...machineConfigs(1000, (i) => `r${i}`),
      ...Array.from({ length: 1000 }, (_, i) => ({
        apiVersion: 'machineconfiguration.openshift.io/v1',
        kind: 'MachineConfigPool',
        metadata: { name: `r${i}` },
        spec: { machineConfigSelector: { matchExpressions: [{ key: 'machineconfiguration.openshift.io/role', operator: 'In', values: ['worker', `r${i}`] }] } },
      })),
      {
        apiVersion: 'operator.openshift.io/v1',
        kind: 'MachineConfiguration',
        metadata: { name: 'cluster' },
        spec: { nodeDisruptionPolicy: { files: Array.from({ length: 4000 }, (_, i) => ({ path: `/etc/a${i}`, actions: [{ type: 'None' }] })) } },
      },
    ]],
  ])('plan: %s', (_, make) => {
    const made = file('planned.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: make() }));
    const result = runCommand(['plan', '--format', 'json', file('good.yaml', RELEASE_STEP), made]);
    expectBounded(result);
    expect(result.code).toBe(0);
  }, 60_000);
});

describe('files that never end, or take nothing', () => {
  const good = () => file('good.yaml', RELEASE_STEP);

  test.each<[string, readonly string[]]>([
    ['check of a device', ['check', '/dev/zero']],
    ['a password that never ends', ['check', '--p12-password-file', '/dev/zero', '/dev/null']],
    ['a config that never ends', ['butane', '/dev/zero']],
    ['a folder of local files that is a device', ['butane', '-d', '/dev/zero', '/dev/null']],
  ])('%s ends with 2 and one sentence', (_, args) => {
    const result = runCommand(args);
    expectBounded(result);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^[^\n]+\n$/);
  }, 60_000);

  test.each(['check -', 'check --krm', 'butane'])('%s of a standard input that never ends ends with 2', (command) => {
    const result = runCommand(command.split(' '), { redirection: '</dev/zero' });
    expectBounded(result);
    expect([result.code, result.stderr.split('\n').length]).toEqual([2, 2]);
  }, 60_000);

  test('local files that are a pipe without a writer, or a hundred megabytes, are refused', () => {
    spawnSync('mkfifo', [join(folder, 'pipe')]);
    spawnSync('truncate', ['-s', '100M', join(folder, 'large')]);
    for (const name of ['pipe', 'large']) {
      const result = runCommand([
        'butane',
        '-d',
        folder,
        file('local.bu', `${BUTANE}storage: {files: [{path: /a, contents: {local: ${name}}}]}\n`),
      ]);
      expectBounded(result);
      expect(result.code).toBe(1);
    }
  }, 60_000);

  test('a full disk at standard output is told, with 2', () => {
    for (const args of [['check', good()], ['butane', file('ok.bu', BUTANE)], ['--help']]) {
      expect(runCommand(args, { redirection: '>/dev/full' })).toMatchObject({
        code: 2,
        stderr: 'openshift-ipsec: standard output can not be written: no space is left\n',
      });
    }
    expect(runCommand(['butane', '-o', '/dev/full', file('ok.bu', BUTANE)])).toMatchObject({
      code: 2,
      stderr: "openshift-ipsec butane: '/dev/full' can not be written: no space is left\n",
    });
  }, 60_000);

  test('a full disk at standard error changes no exit code', () => {
    expect(runCommand(['check', '/nonexistent'], { redirection: '2>/dev/full' }).code).toBe(2);
  });

  test('a reader that stops early is no failure', () => {
    const { code, stderr } = runCommand(['check', '--help'], { redirection: '| true; exit "${PIPESTATUS[0]}"' });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('-o', () => {
  const config = () => file('o.bu', BUTANE);

  test('keeps the permissions of what it replaces', () => {
    const target = file('mode.yaml', 'old');
    chmodSync(target, 0o640);
    expect(here(['butane', '-o', target, config()]).code).toBe(0);
    // eslint-disable-next-line no-bitwise
    expect(statSync(target).mode & 0o7777).toBe(0o640);
    expect(readFileSync(target, 'utf8')).toContain('kind: MachineConfig');
  });

  test('replaces at once: who has the old file open still reads all of it', () => {
    const target = file('atomic.yaml', 'old');
    linkSync(target, join(folder, 'held'));
    expect(here(['butane', '-o', target, config()]).code).toBe(0);
    expect(readFileSync(join(folder, 'held'), 'utf8')).toBe('old');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('follows no link that waits where the temporary file goes, and leaves it', () => {
    const victim = file('victim', 'untouched');
    symlinkSync(victim, join(folder, `.${'00'.repeat(12)}.tmp`));
    const guessed = jest
      .spyOn(jest.requireActual<{ randomBytes: (size: number) => Buffer }>('crypto'), 'randomBytes')
      .mockImplementation((size) => Buffer.alloc(size));
    let code;
    try {
      code = here(['butane', '-o', join(folder, 'guessed.yaml'), config()]).code;
    } finally {
      guessed.mockRestore();
      rmSync(join(folder, `.${'00'.repeat(12)}.tmp`), { force: true });
    }
    expect([code, readFileSync(victim, 'utf8')]).toEqual([2, 'untouched']);
  });

  test('writes through a link, which stays one', () => {
    const target = file('target.yaml', 'old');
    const link = join(folder, 'link.yaml');
    symlinkSync('target.yaml', link);
    expect(here(['butane', '-o', link, config()]).code).toBe(0);
    expect(readFileSync(target, 'utf8')).toContain('kind: MachineConfig');
    expect(readFileSync(link, 'utf8')).toBe(readFileSync(target, 'utf8'));
  });

  test('refuses a link to nothing and a pipe that nobody reads', () => {
    symlinkSync('nowhere', join(folder, 'dangling.yaml'));
    expect(here(['butane', '-o', join(folder, 'dangling.yaml'), config()]))
      .toMatchObject({
        code: 2,
        stderr: `openshift-ipsec butane: '${folder}/dangling.yaml' can not be written: `
        + 'there is no such file or folder\n',
      });
    spawnSync('mkfifo', [join(folder, 'out')]);
    expect(here(['butane', '-o', join(folder, 'out'), config()]))
      .toMatchObject({
        code: 2,
        stderr: `openshift-ipsec butane: '${folder}/out' can not be written: it is a pipe that nobody reads, `
        + 'or a device that is not there\n',
      });
  });

  test('-d takes no folder whose name merely begins alike', () => {
    for (const name of ['files', 'files-x']) spawnSync('mkdir', ['-p', join(folder, name)]);
    writeFileSync(join(folder, 'files-x', 'a'), 'TopSecret');
    const { code, stderr } = here([
      'butane',
      '-d',
      join(folder, 'files'),
      file('d.bu', `${BUTANE}storage: {files: [{path: /a, contents: {local: ../files-x/a}}]}\n`),
    ]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('local file path traverses outside the files directory')]);
  });
});

describe('what nobody shall obey or read', () => {
  test('names of files with commands for a terminal or for GitHub are harmless', () => {
    const names = [
      '::error::x.yaml',
      '\u001b]0;x\u0007.yaml',
      '\u202ex.yaml',
      'a\u2028b.yaml',
      '\u0085::x.yaml',
      '  ::warning::y.yaml',
      '##[error]z.yaml',
      '\u007f.yaml',
      '\u009b1m.yaml',
      '\r\n::error::w.yaml',
    ];
    const inner = join(folder, 'names');
    spawnSync('mkdir', ['-p', inner]);
    for (const [index, name] of names.entries()) writeFileSync(join(inner, name), index % 2 ? 'a: [\n' : RELEASE_STEP);
    for (const format of ['text', 'json', 'sarif', 'github']) {
      const before = process.cwd();
      process.chdir(inner);
      let result;
      try {
        result = here(['check', '--format', format, ...names]);
      } finally {
        process.chdir(before);
      }
      expectDecent(result);
      for (const line of `${result.stdout}\n${result.stderr}`.split('\n')) {
        if (format === 'github' && /^::(?:error|warning) file=/.test(line)) continue;
        expect(line).not.toMatch(/^\s*::|##\[/);
      }
    }
  });

  test('a carriage return within a message of GitHub ends no line', () => {
    const text = RELEASE_STEP.replace('name: cluster', 'name: "a\\r\\n::error::b"');
    const { stdout } = here(['check', '--format', 'github', file('cr.yaml', text)]);
    expect(stdout).not.toContain('\r');
    for (const line of stdout.split('\n')) expect(line).not.toMatch(/^::error::/);
  });

  test('a key or password given in place of a path is not repeated', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nTopSecret\n-----END PRIVATE KEY-----';
    for (const args of [
      ['check', key],
      ['butane', key],
      ['butane', '-d', key, 'x'],
      ['check', '--p12-password-file', 'TopSecret', 'x'],
      ['butane', '--password=TopSecret\n'],
      [key],
      ['check', '--format', key, 'x'],
    ]) {
      const result = here(args);
      expectDecent(result);
      expect(result.code).toBe(2);
    }
  });
});

describe('any bytes', () => {
  const seeds = [
    RELEASE_STEP,
    BUTANE,
    ...readdirSync(CASES).map((name) => readFileSync(join(CASES, name), 'latin1')),
    '{"a": [1, {"b": null}]}',
    'a: &a [*a, <<, !!set {x}, ? y, |+\n  z',
  ];
  const spliced = fc.tuple(fc.constantFrom(...seeds), fc.constantFrom(...seeds), fc.nat(), fc.nat(), fc.string({ maxLength: 6 }))
    .map(([one, other, at, from, middle]) => Buffer.from(one.slice(0, at % (one.length + 1)) + middle + other.slice(from % (other.length + 1)), 'utf8'));
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    spliced,
    spliced.map((text) => gzipSync(text)),
    spliced.map((text) => gzipSync(text).subarray(0, 40)),
  );

  test('end with 0, 1 or 2, and never with a stack trace', () => {
    fc.assert(fc.property(bytes, fc.constantFrom<string[]>(['check', '-'], ['check', '--krm'], ['check', '--format', 'sarif', '-'], ['butane'], ['butane', '-r', '-s']), (input, args) => {
      // The cut may have taken away what says that a value is secret.
      expectDecent(here(args, input), !args.includes('-'), false);
    }), { numRuns: 1500 });
  }, 120_000);
});
