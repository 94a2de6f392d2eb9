import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ownCacheFolder } from '../../src/cli/own-cache-folder';

describe('the folder for the compiled form of the command', () => {
  let home: string;
  const saved = { ...process.env };
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'home-'));
    process.env.HOME = home;
    delete process.env.XDG_CACHE_HOME;
  });
  afterEach(() => {
    process.env = { ...saved };
    rmSync(home, { recursive: true });
  });

  test('is made for the user alone, and taken again', () => {
    const folder = join(home, '.cache', 'openshift-ipsec');
    expect(ownCacheFolder()).toBe(folder);
    expect((lstatSync(folder).mode & 0o777).toString(8)).toBe('700'); // eslint-disable-line no-bitwise
    expect(ownCacheFolder()).toBe(folder);
  });

  test('is where XDG_CACHE_HOME says, which has to be an absolute path', () => {
    process.env.XDG_CACHE_HOME = join(home, 'xdg');
    expect(ownCacheFolder()).toBe(join(home, 'xdg', 'openshift-ipsec'));
    process.env.XDG_CACHE_HOME = 'xdg';
    expect(ownCacheFolder()).toBe(join(home, '.cache', 'openshift-ipsec'));
  });

  test('is not made in a home that is not there', () => {
    process.env.HOME = join(home, 'nobody');
    expect(ownCacheFolder()).toBeUndefined();
    expect(existsSync(join(home, 'nobody'))).toBe(false);
  });

  test.each<[string, (folder: string) => void]>([
    ['that its group can write', (folder) => { mkdirSync(folder); chmodSync(folder, 0o720); }],
    ['that anyone can write', (folder) => { mkdirSync(folder); chmodSync(folder, 0o702); }],
    ['that is a link', (folder) => { mkdirSync(`${folder}.real`); symlinkSync(`${folder}.real`, folder); }],
    ['that is a file', (folder) => { writeFileSync(folder, ''); }],
    ...process.getuid?.() === 0 ? [['of another user', (folder: string) => { mkdirSync(folder); chownSync(folder, 65534, 65534); }] as const] : [],
  ] as [string, (folder: string) => void][])('a folder %s is not taken', (_, make) => {
    mkdirSync(join(home, '.cache'));
    make(join(home, '.cache', 'openshift-ipsec'));
    expect(ownCacheFolder()).toBeUndefined();
  });
});
