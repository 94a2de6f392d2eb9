import { readFileSync } from 'fs';
import { join } from 'path';
import { gzipSync } from 'zlib';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { checkInputs } from '../../src/check/check';
import { commandsOf } from '../../src/documents/machine-config/commands';
import { makeCa, makeLeaf, makePkcs12, testKey } from '../pki';
import { file, importUnit, machineConfig, Plain, policy, unit } from '../rules/documents';

const NODE = '#!/bin/bash\npk12util -W "" -i /etc/pki/certs/x.p12 -d .\n';
const check = (...documents: Plain[]) =>
  checkInputs([
    { name: 'input.yaml', text: documents.map((document) => stringify(document, { aliasDuplicateObjects: false })).join('---\n') },
  ]);
const packed = (path: string, text: string) => ({
  path,
  mode: 448,
  contents: { compression: 'gzip', source: `data:;base64,${gzipSync(text).toString('base64')}` },
});

/** CPU seconds that something takes. */
function seconds(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** What a regular expression that tries again from each place takes hours for. */
const REPEATED = [
  '\n', ' ', '\t', '\\', '\\\n', '"', '\'', '"\\"', '$', '${', '$(', '$((', '`', '{{', '(', ')', 'a', 'PASS', 'PASS=', ' -F', ' -F -n',
  ' -i', 'pk12util ', 'pk12util -i ', '$(pk12util ', '"pk12util ', '/', '/a', '=', 'A=',
  'Environment', 'Environment=', '\nEnvironment=A', '\nExecStart=', '\nBefore', '#', '-----BEGIN ', '-----BEGIN CERTIFICATE-----\n',
  ': PSK ',
];

/** Seconds: nothing here takes a tenth of it on any machine, and what grows with the square of its input takes far longer. */
const A_HANG = 120;

describe('text that was made to keep a reader busy', () => {
  test.each(REPEATED)('%j, as often as a script may hold it', (what) => {
    const text = NODE + what.repeat(Math.floor((127 * 1024) / what.length));
    const documents = machineConfig({
      files: [packed('/usr/local/bin/a.sh', text), packed('/etc/ipsec.d/a.secrets', text)],
      units: [unit(text), unit(`[Service]\nEnvironment=${text.slice(NODE.length)}`)],
    });
    expect(seconds(() => check(documents))).toBeLessThan(A_HANG);
  });

  test('is read as whatever it is, without an end that never comes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('pk12util', ' -i', ' ', '"', "'", '$', '(', ')', '{', '}', '`', '\\', '\n', '#', 'a', ';') }),
        (text) => {
          expect(
            commandsOf(text)
              .flat()
              .every((word) => typeof word.text === 'string'),
          ).toBe(true);
        },
      ),
    );
  });

  test('variables that double with each line', () => {
    const text = `${NODE}a0=${'x'.repeat(100)}\n${Array.from({ length: 2000 }, (_, i) => `a${i + 1}=$a${i}$a${i}`).join('\n')}`;
    expect(seconds(() => commandsOf(text))).toBeLessThan(A_HANG);
    expect(Math.max(...commandsOf(text).flat().map((word) => word.text.length))).toBeLessThan(5000);
  });

  test('half a kilobyte that unpacks to line breaks', () => {
    const text = readFileSync(join(__dirname, 'hostile-cases', 'rzb.yaml'), 'utf8');
    expect(seconds(() => checkInputs([{ name: 'rzb.yaml', text }]))).toBeLessThan(A_HANG);
  });

  test('many bundles beside many CA files', () => {
    const key = testKey('rsa-2048', 'many');
    const cas = Array.from({ length: 300 }, (_, i) => makeCa({ cn: `CA ${i}`, key }));
    const bundle = makePkcs12({ identity: makeLeaf({ ca: cas[0], key }), friendlyName: 'x' });
    const documents = machineConfig({
      files: [
        ...cas.map(({ pem }, i) => file(`/etc/pki/certs/ca${i}.pem`, pem)),
        ...cas.map((_, i) => file(`/etc/pki/certs/${i}.p12`, bundle)),
      ],
    });
    expect(seconds(() => check(documents))).toBeLessThan(A_HANG);
  });

  test('many files that each unpack to megabytes are read up to a limit, and the rest is told', () => {
    const files = Array.from({ length: 40 }, (_, i) => packed(`/etc/x${i}`, `${i}${'\n'.repeat(8 * 1024 * 1024)}`));
    const { notes, findings } = check(machineConfig({ files }));
    expect(findings).toEqual([]);
    expect(notes).toEqual([
      ...[8, 9, 10].map((i) => `MachineConfig '99-worker-import-certs': '/etc/x${i}' was not read: `
        + 'the files of all MachineConfigs together unpack to more than 64 MiB'),
      ...[11, 12, 13, 14, 15, 16, 17].map((number) => (
        `MachineConfig '99-worker-import-certs': '/etc/x${number}' was not read: `
          + 'the files of all MachineConfigs together unpack to more than 64 MiB')),
      '22 more were not judged for such reasons',
    ]);
  });
});

test('thousands of findings in one item of a list in JSON', () => {
  const items = Array.from({ length: 10_000 }, (_, i) => (
    policy({ right: '%any' }, { name: `p-${i}`, selector: { 'kubernetes.io/hostname': `w-${i}` } })));
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'List', items }] });
  let findings: readonly unknown[] = [];
  expect(seconds(() => { findings = checkInputs([{ name: 'list.json', text }]).findings; })).toBeLessThan(A_HANG);
  expect(findings.length).toBeGreaterThanOrEqual(items.length);
});

describe('what is too large to be judged is told, and nothing else is', () => {
  test('a script', () => {
    const text = NODE.padEnd(128 * 1024 + 1);
    expect(check(machineConfig({ files: [file('/usr/local/bin/a.sh', text, 448)] })).notes).toEqual([
      "MachineConfig '99-worker-import-certs': '/usr/local/bin/a.sh' has 131073 bytes, and a script above 131072 is not read",
    ]);
    expect(check(machineConfig({ files: [file('/usr/local/bin/a.sh', NODE.padEnd(128 * 1024), 448)] })).notes).toEqual([]);
    expect(check(machineConfig({ files: [file('/etc/other.json', ' '.repeat(200 * 1024))] })).notes).toEqual([]);
  });

  test('a unit', () => {
    expect(check(machineConfig({ units: [unit(' '.repeat(128 * 1024 + 1))] })).notes).toEqual([
      "MachineConfig '99-worker-import-certs': unit 'ipsec-import.service' has more than 131072 characters, and was not read",
    ]);
    expect(check(machineConfig({ units: [unit(' '.repeat(128 * 1024))] })).notes).toEqual([]);
  });

  test('bundles that all together ask for more key derivation than is worth waiting for', () => {
    const ca = makeCa();
    const identity = makeLeaf({ ca });
    const documents = Array.from({ length: 12 }, (_, i) => machineConfig({
      name: `mc-${i}`,
      files: [
        file('/etc/pki/certs/left_server.p12', makePkcs12({ identity, friendlyName: `n${i}`, iterations: 500_000 })),
        file('/etc/pki/certs/ca.pem', ca.pem),
      ],
      units: [importUnit(`n${i}`)],
    }));
    let notes: readonly string[] = [];
    expect(seconds(() => { notes = check(...documents).notes; })).toBeLessThan(A_HANG);
    expect(notes).toEqual([
      ...[6, 7, 8, 9, 10, 11].map((i) => `MachineConfig 'mc-${i}': '/etc/pki/certs/left_server.p12' was not opened, `
        + 'because the bundles before it asked for '
        + 'all the key derivation that is worth waiting for'),
    ]);
  });
});
