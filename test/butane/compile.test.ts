import { gunzipSync } from 'zlib';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { ConfigGenerator, jsonForYaml } from './generate';
import { Butane, ButaneCompileOptions } from '../../src';
import { InputError } from '../../src/core';

const HEAD = 'variant: openshift\nversion: 4.16.0\nmetadata:\n  name: x\n  labels:\n    machineconfiguration.openshift.io/role: worker\n';

function refusal(config: string, options?: ButaneCompileOptions): string {
  try {
    Butane.compile(config, options);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('the config was accepted');
}

function warnings(config: string): string[] {
  return Butane.compile(config).warnings.map(({ text }) => text);
}

describe('versions', () => {
  test.each(['4.7.0', '4.23.0', '4.16.1', '4.22.0-experimental', '5.0.0'])(
    '%s is refused with the list of those that are known',
    (version) => {
      expect(refusal(HEAD.replace('4.16.0', version))).toBe(
        `error at $.version, line 2 col 10: No translator exists for variant openshift with version ${version}: `
          + 'the variant must be openshift and its version one of '
          + '4.8.0, 4.9.0, 4.10.0, 4.11.0, 4.12.0, 4.13.0, 4.14.0, 4.15.0, 4.16.0, 4.17.0, 4.18.0, 4.19.0, 4.20.0, 4.21.0, 4.22.0',
      );
    },
  );

  test.each([
    ['4.8.0', '3.2.0'],
    ['4.13.0', '3.2.0'],
    ['4.14.0', '3.4.0'],
    ['4.18.0', '3.4.0'],
    ['4.19.0', '3.5.0'],
    ['4.22.0', '3.5.0'],
  ])('%s writes Ignition %s', (version, spec) => {
    expect(Butane.compile(HEAD.replace('4.16.0', version)).output).toContain(`    ignition:\n      version: ${spec}\n`);
  });

  test('a version that is none is refused', () => {
    expect(refusal(HEAD.replace('4.16.0', '4.16'))).toBe(
      'error at $.version, line 2 col 10: error parsing version; must be a valid semver',
    );
  });

  test('a key that a newer version knows says which', () => {
    expect(warnings(`${HEAD.replace('4.16.0', '4.13.0')}systemd:\n  units:\n  - name: a.service\n    contents_local: a\n`)).toEqual([
      'warning at $.systemd.units.0.contents_local, line 10 col 5: unused key contents_local (version 4.14.0 and later know it)',
    ]);
  });
});

/** Sections and the one message that the tool gives for them. */
const REFUSED: [string, string][] = [
  [
    'storage:\n  files:\n  - path: /a\n    mode: 02755\n',
    '$.storage.files.0.mode, line 10 col 11: special mode bits are not supported in this spec version',
  ],
  ['storage:\n  files:\n  - path: a\n', '$.storage.files.0.path, line 9 col 11: path not absolute'],
  ['storage:\n  files:\n  - path: /a/\n', '$.storage.files.0.path, line 9 col 11: path is not fully simplified'],
  ['storage:\n  files:\n  - path: ""\n', '$.storage.files.0.path, line 9 col 11: path not specified'],
  ['storage:\n  files:\n  - path: /a\n  - path: /a\n', '$.storage.files.1, line 10 col 5: duplicate entry defined'],
  [
    'storage:\n  files:\n  - path: /a\n    overwrite: true\n',
    '$.storage.files.0.overwrite, line 10 col 16: overwrite must be false if source is unspecified',
  ],
  ['storage:\n  files:\n  - path: /a\n    contents: {source: "https://x"}\n', '$.storage.files.0.contents.source, line 10 col 24: '
    + 'file contents source must be data URL in this spec version'],
  [
    'storage:\n  files:\n  - path: /a\n    contents: {source: "data:,a b"}\n',
    '$.storage.files.0.contents.source, line 10 col 24: invalid data character',
  ],
  [
    'storage:\n  files:\n  - path: /a\n    contents: {inline: a, source: "data:,"}\n',
    '$.storage.files.0.contents.source, line 10 col 35: only one of the following can be set: inline, local, source',
  ],
  ['storage:\n  files:\n  - path: /a\n    contents: {local: a}\n',
    '$.storage.files.0.contents.local, line 10 col 23: local file paths are relative to a files directory that must be '
      + 'specified with -d/--files-dir'],
  [
    'storage:\n  files:\n  - path: /a\n    contents: {inline: a, compression: xz}\n',
    '$.storage.files.0.contents.compression, line 10 col 40: invalid compression method',
  ],
  [
    'storage:\n  files:\n  - path: /a\n    contents: {inline: a, verification: {hash: md5-1}}\n',
    '$.storage.files.0.contents.verification.hash, line 10 col 48: unrecognized hash function',
  ],
  ['storage:\n  files:\n  - path: /a\n    user: {id: 1, name: x}\n', '$.storage.files.0.user, line 10 col 11: cannot set both id and name'],
  [
    'storage:\n  files:\n  - path: /a\n    append: [{inline: x}]\n',
    '$.storage.files.0.append, line 10 col 13: appending to files is not supported in this spec version',
  ],
  ['storage:\n  directories:\n  - path: /a\n', '$.storage.directories, line 9 col 3: directories are not supported in this spec version'],
  ['storage:\n  links:\n  - path: /a\n    target: /b\n', '$.storage.links, line 9 col 3: links are not supported in this spec version'],
  [
    'storage:\n  filesystems:\n  - device: /dev/sda\n    format: btrfs\n',
    '$.storage.filesystems.0.format, line 10 col 13: btrfs is not supported in this spec version',
  ],
  [
    'storage:\n  filesystems:\n  - device: /dev/sda\n    with_mount_unit: true\n',
    '$.storage.filesystems.0, line 9 col 5: format is required if with_mount_unit is true',
  ],
  [
    'storage:\n  raid:\n  - name: md0\n    level: raid9\n    devices: [/dev/sda]\n',
    '$.storage.raid.0.level, line 10 col 12: unrecognized raid level',
  ],
  ['storage:\n  luks:\n  - name: a/b\n    device: /dev/sda\n', '$.storage.luks.0.name, line 9 col 11: device names cannot contain slashes'],
  ['storage:\n  disks:\n  - device: /dev/sda\n    partitions: [{number: 1, label: a}, {number: 2, label: a}]\n',
    '$.storage.disks.0.partitions.1, line 10 col 41: cannot use the same partition label twice'],
  [
    'boot_device: {mirror: {devices: [/dev/sda, /dev/sdb]}, layout: riscv}\n',
    '$.boot_device.layout, line 7 col 64: layout must be one of: aarch64, ppc64le, x86_64',
  ],
  ['systemd:\n  units:\n  - name: a\n', '$.systemd.units.0.name, line 9 col 11: invalid systemd unit extension'],
  ['systemd:\n  units:\n  - name: a.service\n    contents: "[Unit]\\nA\\n"\n',
    '$.systemd.units.0.contents, line 10 col 15: invalid unit content: unexpected newline encountered while parsing option name'],
  [
    'systemd:\n  units:\n  - name: a.service\n    dropins: [{name: x, contents: ""}]\n',
    '$.systemd.units.0.dropins.0.name, line 10 col 22: invalid systemd drop-in extension',
  ],
  [
    'passwd:\n  users:\n  - name: root\n',
    '$.passwd.users.0.name, line 9 col 11: users other than "core" are not supported in this spec version',
  ],
  ['passwd:\n  users:\n  - name: core\n    shell: /bin/sh\n',
    '$.passwd.users.0.shell, line 10 col 12: fields other than "name", "ssh_authorized_keys", '
      + 'and "password_hash" (4.13.0+) are not supported in this spec version'],
  ['passwd:\n  groups:\n  - name: x\n', '$.passwd.groups, line 9 col 3: groups are not supported in this spec version'],
  ['openshift: {kernel_type: 64k-pages}\n', '$.openshift.kernel_type, line 7 col 26: must be empty, "default", or "realtime"'],
  ['kernel_arguments: {should_exist: [a]}\n',
    '$.kernel_arguments, line 7 col 19: this section cannot be used for kernel arguments in this spec version; '
      + 'use openshift.kernel_arguments instead'],
  [
    'grub: {users: [{name: root, password_hash: x}]}\n',
    '$.grub.users, line 7 col 15: appending to files is not supported in this spec version',
  ],
  ['storage:\n  files:\n  - path: /a\n    mode: abc\n', '$.storage.files.0.mode, line 10 col 11: cannot unmarshal !!str `abc` into int'],
  ['storage:\n  files: /a\n', '$.storage.files, line 8 col 10: cannot unmarshal !!str `/a` into a list'],
  ['storage: {files: [], files: []}\n', '$.storage, line 7 col 22: mapping key "files" already defined at line 7'],
];

describe('what is refused, with the place', () => {
  test.each(REFUSED)('%j', (section, message) => {
    // The tool tells a missing field at what it is missing from.
    const expected = section.includes('with_mount_unit') ? message.replace('filesystems.0,', 'filesystems.0.format,') : message;
    expect(refusal(HEAD + section)).toBe(`error at ${expected}`);
  });

  test('a config without metadata lacks two things', () => {
    expect(refusal('variant: openshift\nversion: 4.16.0\n')).toBe(
      'error at $.metadata.name, line 1 col 1: metadata.name is required\n'
      + 'error at $.metadata.labels, line 1 col 1: machineconfiguration.openshift.io/role label is required',
    );
  });

  test.each(['', '# nothing\n', '~\n', '{}\n'])('%j says nothing of a variant', (text) => {
    expect(refusal(text)).toContain('error parsing variant; must be specified');
  });
});

describe('what is warned of', () => {
  const DECIMAL = 'storage:\n  files:\n  - path: /a\n    mode: 400\n';

  test('strict makes the tool\'s warnings errors', () => {
    expect(warnings(HEAD + DECIMAL)).toEqual([
      'warning at $.storage.files.0.mode, line 10 col 11: unreasonable mode would be reasonable if specified in octal; '
        + 'remember to add a leading zero',
    ]);
    expect(refusal(HEAD + DECIMAL, { strict: true })).toBe(
      'error at $.storage.files.0.mode, line 10 col 11: unreasonable mode would be reasonable if specified in octal; '
        + 'remember to add a leading zero',
    );
  });

  test('what the Machine Config Operator refuses later is marked as ours, and strict lets it pass', () => {
    const config = `${HEAD}openshift:\n  extensions: [nonsense]\n`;
    expect(Butane.compile(config, { strict: true }).warnings).toEqual([{
      path: '$.openshift.extensions.0',
      line: 8,
      column: 16,
      fromButane: false,
      message:
        'extension "nonsense" is not known to the Machine Config Operator, which degrades the pool: it knows two-node-ha, ipsec, '
          + 'usbguard, kerberos, kernel-devel, '
          + 'sandboxed-containers, sysstat',
      text:
        'warning at $.openshift.extensions.0, line 8 col 16: extension "nonsense" is not known to the Machine Config Operator, '
          + 'which degrades the pool: it knows '
          + 'two-node-ha, ipsec, usbguard, kerberos, kernel-devel, sandboxed-containers, sysstat (openshift-ipsec, not butane)',
    }]);
  });

  test.each([
    [
      'openshift: {extensions: [kernel-devel], kernel_type: realtime}\n',
      'extension "kernel-devel" does not go with kernel_type "realtime"',
    ],
    ['openshift: {fips: true}\n', 'takes fips only when a cluster is installed'],
    ['storage: {raid: [{name: md0, level: raid1, devices: [/dev/sda]}]}\n', 'takes storage.raid only when a node is installed'],
    ['storage: {files: [{path: /run/machine-config-daemon-force}]}\n', 'the file that skips its validation'],
    ['passwd: {users: [{name: core}]}\n', 'refuses a user without ssh_authorized_keys and password_hash'],
  ])('%j', (section, part) => {
    expect(warnings(HEAD + section)).toEqual([expect.stringMatching(new RegExp(`${part}.*\\(openshift-ipsec, not butane\\)$`))]);
  });

  test('a config over the size that the operator allows', () => {
    const told = Butane.compile(
      `${HEAD}systemd:\n  units:\n  - name: a.service\n    contents: "${'# 3456789\\n'.repeat(200_000)}"\n`,
    ).warnings;
    expect(told.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the MachineConfig has 2200\d+ bytes as JSON, more than the 1572864 /),
    ]);
  });
});

describe('hostile texts end in bounded time, with one clear sentence', () => {
  const within = (milliseconds: number, run: () => void) => {
    const started = Date.now();
    run();
    expect(Date.now() - started).toBeLessThan(milliseconds);
  };

  test.each([
    ['10 MB of nonsense', () => 'x: y\n'.repeat(2_000_000), /the config is 10000000 characters long; at most 4194304 are read/],
    ['four million brackets', () => '['.repeat(4_000_000), /nested more than 100 levels deep/],
    ['nested dashes', () => '- '.repeat(1_000_000), /nested more than 100 levels deep/],
    ['deep block maps', () => Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''), /nested more than 100 levels deep/],
    ['many keys', () => `${HEAD}${'k: v\n'.repeat(700_000)}`, /more than 500000 YAML tokens/],
    ['many documents', () => `${HEAD}${'---\na: b\n'.repeat(50_000)}`, /more than one YAML document/],
    ['an anchor within itself', () => `${HEAD}storage: &s\n  files: *s\n`, /cannot unmarshal|contains itself/],
    ['an unknown anchor', () => `${HEAD}storage: *nope\n`, /unknown anchor 'nope' referenced/],
    ['control characters', () => `${HEAD}x: \u0007\n`, /control characters are not allowed \(U\+0007\)/],
    ['half a surrogate', () => `${HEAD}x: \ud800\n`, /control characters are not allowed \(U\+D800\)/],
    ['aliases that multiply', () => {
      const disks = `p: &p [${'{number: 1},'.repeat(3000)}]\nd: &d {device: /dev/sda, partitions: *p}\n`;
      return `${HEAD}${disks}storage:\n  disks: [${'*d,'.repeat(3000)}]\n`;
    }, /document contains excessive aliasing/],
  ])('%s', (_, make, expected) => {
    const text = make();
    within(60_000, () => expect(refusal(text)).toMatch(expected));
  });

  test('a bomb of aliases that nothing reads costs nothing', () => {
    const levels = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]\n`).join('');
    within(60_000, () => expect(warnings(`${HEAD}a0: &a0 x\n${levels}`)).toHaveLength(31));
  });

  test('any text at all is accepted or refused, never a crash', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        '\n',
        '  ',
        '- ',
        ': ',
        '&a ',
        '*a',
        '<<: ',
        '!!int ',
        '|\n',
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        '#',
        '? ',
        '---\n',
        'storage:\n',
        '  files:\n',
        'systemd: ',
        'null',
        '~',
      ),
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, headed) => {
      try {
        Butane.compile((headed ? HEAD : '') + pieces.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).toMatch(/^(error|warning)/);
      }
    }), { numRuns: 1500 });
  });

  test('random configs with strange values in every section do not crash either', () => {
    for (let seed = 1; seed <= 1500; seed++) {
      try {
        Butane.compile(new ConfigGenerator(seed).config(0.5));
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }
  });
});

test('the files of a config that is accepted decode to what went in', () => {
  const texts = fc.array(
    fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => text.repeat(1 + (text.length % 7))),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(fc.property(texts, fc.integer({ min: 8, max: 22 }), (contents, minor) => {
    const files = contents.map((inline, index) => ({ path: `/etc/f${index}`, mode: 0o644, contents: { inline } }));
    const { output } = Butane.compile(jsonForYaml({
      variant: 'openshift',
      version: `4.${minor}.0`,
      metadata: { name: 'x', labels: { 'machineconfiguration.openshift.io/role': 'worker' } },
      storage: { files },
    }));
    const object = parse(output) as { spec: { config: { storage: { files: { contents: { source: string; compression: string } }[] } } } };
    expect(object.spec.config.storage.files.map((file) => decode(file.contents))).toEqual(contents);
  }), { numRuns: 300 });
});

function decode({ source, compression }: { source: string; compression: string }): string {
  const [, base64, data] = /^data:(;base64)?,(.*)$/s.exec(source)!;
  const body = base64 ? Buffer.from(data, 'base64') : Buffer.from(decodeURIComponent(data), 'utf8');
  return (compression === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}
