import { posix } from 'path';
import type { IgnitionDialect } from './dialect';
import { quote, readUnitFile } from './unit-file';
import { parseUrl, urlProblem } from './urls';
import { Disk, Filesystem, Luks, Partition, Raid, Resource, Storage, Unit } from '../spec/ignition';
import { Path } from '../spec/report';

type Report = (severity: 'error' | 'warning', path: Path, text: string) => void;

/** Why a path is none that Ignition takes. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'path not specified';
  if (!path.startsWith('/')) return 'path not absolute';
  return clean(path) === path ? undefined : 'path is not fully simplified';
}

/** Go's `path.Clean` of an absolute path. */
function clean(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '');
}

/** Where systemd's own files go: a config may not write them twice. */
export function unitPaths(units: readonly Unit[]): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const { name, contents, dropins = [] } of units) {
    if (contents) paths.add(`/etc/systemd/system/${name}`);
    for (const dropin of dropins) if (dropin.contents) paths.add(`/etc/systemd/system/${name}.d/${dropin.name}`);
  }
  return paths;
}

/** The rules between the lists of `storage`. */
export function validateStorage(storage: Storage, path: Path, { ignition34 }: IgnitionDialect, report: Report): void {
  const links = storage.links ?? [];
  const below = (node: string) => links.filter((link) => node.startsWith(`${link.path}/`));
  storage.directories?.forEach((directory, index) =>
    below(directory.path).forEach(() => report('error', [...path, 'directories', index], 'directory path includes link in config')),
  );
  storage.files?.forEach((file, index) =>
    below(file.path).forEach(() => report('error', [...path, 'files', index], 'file path includes link in config')),
  );
  links.forEach((link, index) => {
    const at = [...path, 'links', index];
    below(link.path).forEach(() => report('error', at, 'link path includes link in config'));
    if (!link.target && ignition34) {
      report('error', [...at, 'target'], 'link target is required');
      return;
    }
    if (!link.hard) return;
    const target = link.target?.startsWith('/') ? clean(link.target) : clean(posix.join(link.path, link.target ?? ''));
    storage.directories
      ?.filter((directory) => directory.path === target)
      .forEach(() => report('error', at, 'hard link target is a directory'));
    for (const kind of ['user', 'group'] as const) {
      for (const name of ['id', 'name'] as const) {
        if (link[kind]?.[name] !== undefined) report('warning', [...at, kind, name], 'user/group ignored for hard link');
      }
    }
  });
  const disks = new Map((storage.disks ?? []).map((disk) => [disk.device, disk]));
  storage.filesystems?.forEach(({ device, wipeFilesystem }, index) => {
    const disk = disks.get(device);
    const at = [...path, 'filesystems', index, 'device'];
    if (disk?.partitions?.length) {
      report('warning', at, 'filesystem overwrites partitioned device');
    } else if (disk?.wipeTable && !wipeFilesystem) {
      report('warning', at, 'device matches disk with wipeTable enabled; '
      + 'filesystem will be wiped');
    }
  });
}

/** The rules between the partitions of a disk. */
export function validateDisk({ device, partitions = [] }: Disk, path: Path, report: Report): void {
  if (device === '') {
    report('error', [...path, 'device'], 'disk device is required');
    return;
  }
  const problem = pathProblem(device);
  if (problem) report('error', [...path, 'device'], problem);
  const at = (index: number) => [...path, 'partitions', index];
  const numbers = new Map<number, number>();
  const collision = partitions.findIndex(({ number = 0 }, index) => number !== 0 && (numbers.has(number) || !numbers.set(number, index)));
  if (collision >= 0) report('error', at(collision), 'partition numbers collide');
  const overlap = findOverlap(partitions);
  if (overlap !== undefined) report('error', at(overlap), 'partitions overlap');
  if (partitions.some(({ shouldExist }) => shouldExist === false) && partitions.some(({ number }) => !number)) {
    report('error', [...path, 'partitions'], 'shouldExist is false for a partition and other partition(s) has start or size 0');
  }
  const labels = new Set<string>();
  const twice = partitions.findIndex(({ label }) => label !== undefined && (labels.has(label) || !labels.add(label)));
  if (twice >= 0) report('error', at(twice), 'cannot use the same partition label twice');
}

function findOverlap(partitions: readonly Partition[]): number | undefined {
  // Partitions without a place of their own are put where there is room.
  const placed = partitions
    .map(({ startMiB: start = 0, sizeMiB: size }, index) => (
      // Size 0 takes what is there, which nobody knows.
      { index, start, end: size === undefined ? undefined : start + (size === 0 ? 0 : size - 1) }
    ))
    .filter((each): each is { index: number; start: number; end: number } => each.start !== 0 && each.end !== undefined);
  for (const one of placed) {
    for (const other of placed) {
      if (one.index === other.index) continue;
      const startsWithin = one.start >= other.start && one.start <= other.end;
      const endsWithin = one.end >= other.start && one.end <= other.end;
      const straddles = one.start < other.start && one.end > other.end;
      if (startsWithin || endsWithin || straddles) return other.index;
    }
  }
  return undefined;
}

/** The longest label that each filesystem's tools take, in bytes. */
const LABEL_LIMITS: { readonly [format: string]: number } = { ext4: 16, btrfs: 256, xfs: 12, swap: 15, vfat: 11 };

export function formatProblem(filesystem: Filesystem, { ignition34 }: IgnitionDialect): string | undefined {
  const { format, path, label, uuid, wipeFilesystem, mountOptions, options } = filesystem;
  if (!format) {
    const others = path || label || uuid || wipeFilesystem || mountOptions?.length || options?.length;
    return others ? 'format cannot be empty when path, label, uuid, wipeFilesystem, options, or mountOptions is specified' : undefined;
  }
  const known = ['ext4', 'btrfs', 'xfs', 'swap', 'vfat', ...ignition34 ? ['none'] : []].includes(format);
  return known ? undefined : 'invalid filesystem format';
}

export function labelProblem({ format, label }: Filesystem): string | undefined {
  if (!label) return undefined;
  if (!format) return 'filesystem must specify format if label is specified';
  const limit = Object.hasOwn(LABEL_LIMITS, format) ? LABEL_LIMITS[format] : Infinity;
  return Buffer.byteLength(label) > limit ? `filesystem labels cannot be longer than ${limit} characters when using ${format}` : undefined;
}

export function levelProblem({ level, spares }: Raid, { ignition34 }: IgnitionDialect): string | undefined {
  if (!level && ignition34) return 'raid level is required';
  if (['linear', 'raid0', '0', 'stripe'].includes(level ?? '')) {
    return spares ? 'spares unsupported for linear and raid0 arrays' : undefined;
  }
  return /^((raid)?(1|4|5|6|10)|mirror)$/.test(level ?? '') ? undefined : 'unrecognized raid level';
}

/** LUKS2 keeps 48 bytes for a label, its end included. */
const MAX_LUKS_LABEL = 47;

export function validateLuks(luks: Luks, path: Path, dialect: IgnitionDialect, report: Report): void {
  const { clevis, cex, keyFile } = luks;
  if (luks.name.includes('/')) report('error', [...path, 'name'], 'device names cannot contain slashes');
  if (Buffer.byteLength(luks.label ?? '') > MAX_LUKS_LABEL) {
    report('error', [...path, 'label'], 'luks device labels cannot be longer than 47 characters');
  }
  const deviceProblem = luks.device ? pathProblem(luks.device) : 'disk device is required';
  if (deviceProblem) report('error', [...path, 'device'], deviceProblem);
  const standard = (clevis?.tang?.length ?? 0) > 0 || clevis?.tpm2 || Boolean(clevis?.threshold);
  const custom = dialect.ignition34 ? Boolean(clevis?.custom?.pin) : clevis?.custom !== undefined;
  if (custom && standard) report('error', [...path, 'clevis'], 'cannot use custom clevis config with tpm2, tang, or threshold');
  if (keyFile?.source && urlProblem(keyFile.source, dialect.ignition34)) report('error', [...path, 'keys'], 'invalid key-file source');
  if (!dialect.ignition35 || !cex?.enabled) return;
  if (clevis?.custom?.pin || standard) report('error', [...path, 'cex'], 'cannot use cex with clevis');
  if (keyFile?.source) report('error', [...path, 'cex'], 'cannot use key file with cex');
}

/** An enabled instance of a template is started only if the template can be installed. */
export function validateInstances(units: readonly Unit[], path: Path, report: Report): void {
  const byName = new Map(units.map((unit) => [unit.name, unit]));
  units.forEach(({ name, enabled }, index) => {
    const instance = /^(.+?)@(.+?)\.service$/.exec(name);
    const template = instance && enabled ? `${instance[1]}@.service` : '';
    const contents = template === '' ? undefined : byName.get(template)?.contents;
    if (!contents) return;
    const { sections, problem } = readUnitFile(contents);
    if (problem === undefined && !sections.has('Install')) {
      report(
        'warning',
        [...path, 'units', index, 'contents'],
        `template unit ${quote(template)} for ${quote(name)} doesn't have Install section`,
      );
    }
  });
}

export function headersProblem({ httpHeaders, source }: Resource): string | undefined {
  if (!httpHeaders?.length) return undefined;
  const url = source ? parseUrl(source) : undefined;
  if (!url) return 'unable to parse url';
  return ['http', 'https'].includes(url.scheme) ? undefined : 'cannot use HTTP headers with this source scheme';
}

const HASH_DIGITS: { readonly [name: string]: number } = { sha512: 128, sha256: 64 };

export function hashProblem(hash: string): string | undefined {
  const dash = hash.indexOf('-');
  if (dash < 0) return 'malformed hash specifier';
  const name = hash.slice(0, dash);
  if (!Object.hasOwn(HASH_DIGITS, name)) return 'unrecognized hash function';
  return Buffer.byteLength(hash.slice(dash + 1)) === HASH_DIGITS[name] ? undefined : 'incorrect size for hash sum';
}

/** Go's `path.Ext`. */
export function extension(name: string): string {
  return /\.[^./]*$/.exec(name)?.[0] ?? '';
}

export function special(mode: number): boolean {
  // eslint-disable-next-line no-bitwise
  return ((mode >>> 0) & 0o7000) !== 0;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
