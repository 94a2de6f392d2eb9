import { spawnSync } from 'child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ImportScript } from '../../src';
import { bundle, certImport } from '../constructs/certificates/fixtures';
import { decodeContents } from '../data-url';
import { requireTools } from './tools';

const IGNITION = '/usr/lib/dracut/modules.d/30ignition/ignition';

requireTools({ 'ignition-validate': 'ignition', [IGNITION]: 'ignition', 'systemd-analyze': 'systemd', 'shellcheck': 'shellcheck' });

const CASES: [string, any][] = [
  ['the rotation-safe import', certImport({ roles: ['master', 'worker'] }).machineConfigs],
  [
    'an import under another nickname',
    certImport({ nickname: 'peer_2', bundle: bundle({ friendlyName: 'peer_2' }) }, '4.22').machineConfigs,
  ],
  [
    'an import with an encrypted password',
    certImport({ nodePasswordFile: '/etc/credstore.encrypted/left_server.password', nodePasswordEncrypted: true }).machineConfigs,
  ],
  ['the documented import', certImport({
    bundle: bundle({ password: '' }), nodePasswordFile: undefined, acceptPrivateKeyInManifest: true, importScript: ImportScript.DOCUMENTED,
  }).machineConfigs],
];

describe.each(CASES)('%s', (_, machineConfigs) => {
  const directory = mkdtempSync(join(tmpdir(), 'ignition-'));
  const root = join(directory, 'root');
  afterAll(() => rmSync(directory, { recursive: true }));

  test('is taken by ignition-validate without a word', () => {
    for (const machineConfig of machineConfigs) {
      const { status, stdout, stderr } = spawnSync('ignition-validate', ['-'], { input: ignitionConfig(machineConfig), encoding: 'utf8' });
      expect([status, stdout, stderr]).toEqual([0, '', '']);
    }
  });

  test('is laid down by ignition with its modes and bytes', () => {
    applyIgnition(ignitionConfig(machineConfigs[0]), directory, root);
    const { storage, systemd } = machineConfigs[0].spec.config;
    expect(storage.files).toHaveLength(3);
    for (const { path, contents } of storage.files) {
      expect(readFileSync(join(root, path)).equals(decodeContents(contents))).toBe(true);
    }
    expect(storage.files.map(({ path }: { path: string }) => (statSync(join(root, path)).mode % 0o10000).toString(8))).toEqual([
      '400',
      '400',
      '740',
    ]);
    const [unit] = systemd.units;
    expect(readFileSync(join(root, 'etc/systemd/system', unit.name), 'utf8')).toBe(unit.contents);
    expect(readFileSync(join(root, 'etc/systemd/system-preset/20-ignition.preset'), 'utf8')).toContain(`enable ${unit.name}`);
  });

  test('has a unit and a script about which systemd-analyze and shellcheck say nothing', () => {
    mkdirSync(join(root, 'usr/lib/systemd'), { recursive: true });
    cpSync('/lib/systemd/system', join(root, 'usr/lib/systemd/system'), { recursive: true, dereference: false, verbatimSymlinks: true });
    const [unit] = machineConfigs[0].spec.config.systemd.units;
    const analyzed = spawnSync('systemd-analyze', ['verify', '--man=no', `--root=${root}`, unit.name], { encoding: 'utf8' });
    expect([analyzed.status, analyzed.stdout, analyzed.stderr]).toEqual([0, '', '']);
    const checked = spawnSync('shellcheck', [join(root, 'usr/local/bin/ipsec-addcert.sh')], { encoding: 'utf8' });
    expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', '']);
  });
});

test('ignition-validate refuses or complains where a mistake is put in, so that its silence means something', () => {
  const [machineConfig] = CASES[0][1];
  for (const [from, to] of [
    ['"mode":256', '"mode":"0400"'],
    ['"path":"/etc', '"path":"etc'],
    ['"source":', '"inline":'],
    ['[Unit]', '[Unit]]'],
  ]) {
    const broken = ignitionConfig(machineConfig).replaceAll(from, to);
    expect(broken).not.toBe(ignitionConfig(machineConfig));
    const { status, stdout, stderr } = spawnSync('ignition-validate', ['-'], { input: broken, encoding: 'utf8' });
    expect([status, stdout + stderr]).not.toEqual([0, '']);
  }
});

/** Debian's Ignition reads specifications up to 3.3.0, and the config uses nothing newer: the version is lowered in the copy. */
function ignitionConfig(machineConfig: any): string {
  const { config } = machineConfig.spec;
  return JSON.stringify({ ...config, ignition: { ...config.ignition, version: '3.3.0' } });
}

/** Runs the `files` stage onto a root folder. The relabelling at its end needs an SELinux configuration and a `setfiles`. */
function applyIgnition(config: string, directory: string, root: string): void {
  const stubs = join(directory, 'stubs');
  mkdirSync(join(root, 'etc/selinux'), { recursive: true });
  mkdirSync(stubs, { recursive: true });
  writeFileSync(join(root, 'etc/selinux/config'), 'SELINUX=disabled\nSELINUXTYPE=targeted\n');
  writeFileSync(join(stubs, 'setfiles'), '#!/bin/sh\ncat >/dev/null\n', { mode: 0o755 });
  writeFileSync(join(directory, 'config.ign'), config);
  for (const stage of ['fetch', 'files']) {
    const { status, stdout, stderr } = spawnSync(IGNITION, [
      '-platform', 'file', '-stage', stage, '-root', root, '-config-cache', join(directory, 'cache.json'),
      '-state-file', join(directory, 'state'), '-neednet', join(directory, 'neednet'), '-log-to-stdout',
    ], { encoding: 'utf8', env: { PATH: `${stubs}:${process.env.PATH}`, IGNITION_CONFIG_FILE: join(directory, 'config.ign') } });
    if (status !== 0) throw new Error(`ignition -stage ${stage} exited ${status}: ${stdout}${stderr}`);
  }
}
