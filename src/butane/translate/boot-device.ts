import { Traced } from './merge';
import { Origins } from '../origins';
import { BootDevice, ButaneConfig } from '../spec/config';
import { Disk, Filesystem, IgnitionConfig, Luks, Partition } from '../spec/ignition';

/** The partition types and sizes of the image that the layouts copy (coreos-assembler, `src/create_disk.sh`). */
const RESERVED = { typeGuid: '8DA63339-0007-60C0-C436-083AC8230908', sizeMiB: 1 };
const BIOS = { typeGuid: '21686148-6449-6E6F-744E-656564454649', sizeMiB: 1 };
const PREP = { typeGuid: '9E1A2D38-C612-4316-AA26-8B49521E5A8B', sizeMiB: 4 };
const ESP = { typeGuid: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B', sizeMiB: 127 };
const BOOT_MIB = 384;

/** What the sugar of `boot_device` stands for, or undefined if it asks for nothing. */
export function desugarBootDevice({ bootDevice }: ButaneConfig, record: boolean): Traced | undefined {
  const wantLuks = bootDevice?.luks?.tpm2 || (bootDevice?.luks?.tang?.length ?? 0) > 0 || bootDevice?.luks?.cex?.enabled;
  const mirrors = bootDevice?.mirror?.devices ?? [];
  if (!bootDevice || !wantLuks && mirrors.length === 0) return undefined;
  const origins = new Origins();
  const disks = mirrors.map((device, index) => mirrorDisk(bootDevice, device, index + 1));
  const filesystems: Filesystem[] = [];
  disks.forEach((disk, index) => {
    const from = ['boot_device', 'mirror', 'devices', index];
    origins.addAll(from, ['storage', 'disks', index], disk);
    if (!hasEsp(bootDevice)) return;
    const esp: Filesystem = {
      device: `/dev/disk/by-partlabel/esp-${index + 1}`,
      format: 'vfat',
      label: `esp-${index + 1}`,
      wipeFilesystem: true,
    };
    origins.addAll(from, ['storage', 'filesystems', filesystems.length], esp);
    filesystems.push(esp);
  });
  const storage: NonNullable<IgnitionConfig['storage']> = { disks, filesystems };
  if (mirrors.length > 0) {
    origins.add(['boot_device', 'mirror', 'devices'], ['storage', 'disks']);
    storage.raid = [
      // The superblock goes to the end of the partition, where a BIOS boot loader need not know of it.
      {
        devices: disks.map((_, index) => `/dev/disk/by-partlabel/boot-${index + 1}`),
        level: 'raid1',
        name: 'md-boot',
        options: ['--metadata=1.0'],
      },
      { devices: disks.map((_, index) => `/dev/disk/by-partlabel/root-${index + 1}`), level: 'raid1', name: 'md-root' },
    ];
    origins.addAll(['boot_device', 'mirror'], ['storage', 'raid'], storage.raid);
    const boot: Filesystem = { device: '/dev/md/md-boot', format: 'ext4', label: 'boot', wipeFilesystem: true };
    origins.addAll(['boot_device', 'mirror'], ['storage', 'filesystems', filesystems.length], boot);
    filesystems.push(boot);
  }
  if (wantLuks) {
    storage.luks = [rootLuks(bootDevice, mirrors.length > 0)];
    recordLuks(origins, storage.luks[0]);
  }
  const root: Filesystem = {
    device: wantLuks ? '/dev/mapper/root' : '/dev/md/md-root',
    format: 'xfs',
    label: 'root',
    wipeFilesystem: true,
  };
  origins.addAll(['boot_device'], ['storage', 'filesystems', filesystems.length], root);
  origins.add(['boot_device'], ['storage', 'filesystems']);
  filesystems.push(root);
  origins.add(['boot_device'], ['storage']);
  return { config: { ignition: {}, storage }, origins: record ? origins : undefined };
}

function hasEsp({ layout }: BootDevice): boolean {
  return layout === undefined || layout === 'x86_64' || layout === 'aarch64';
}

function mirrorDisk({ layout }: BootDevice, device: string, index: number): Disk {
  const x86 = layout === undefined || layout === 'x86_64';
  const first: Partition = x86 ? { ...BIOS, label: `bios-${index}` }
    : layout === 'ppc64le' ? { ...PREP, label: `prep-${index}` }
      : { ...RESERVED, label: `reserved-${index}` };
  const second: Partition = hasEsp({ layout }) ? { ...ESP, label: `esp-${index}` } : { ...RESERVED, label: `reserved-${index}` };
  return {
    device,
    partitions: [first, second, { label: `boot-${index}`, sizeMiB: BOOT_MIB }, { label: `root-${index}` }],
    wipeTable: true,
  };
}

function rootLuks({ layout, luks = {} }: BootDevice, mirrored: boolean): Luks {
  const device = layout === 's390x-eckd' ? `${luks.device}2`
    : layout === 's390x-zfcp' ? `${luks.device}4`
      : mirrored ? '/dev/md/md-root' : '/dev/disk/by-partlabel/root';
  const { tang, threshold, tpm2 } = luks;
  return {
    ...luks.cex?.enabled ? { cex: { enabled: true } } : { clevis: { tang, threshold, tpm2 } },
    device,
    discard: luks.discard,
    label: 'luks-root',
    name: 'root',
    wipeVolume: true,
  };
}

function recordLuks(origins: Origins, luks: Luks): void {
  const from = ['boot_device', 'luks'];
  const to = ['storage', 'luks', 0];
  for (const name of ['device', 'label', 'name', 'wipeVolume']) origins.add(from, [...to, name]);
  origins.add([...from, 'discard'], [...to, 'discard']);
  if (luks.cex) {
    origins.add([...from, 'enabled'], [...to, 'cex', 'enabled']);
    origins.add(from, [...to, 'cex']);
  } else {
    origins.add(from, [...to, 'clevis']);
    for (const name of ['threshold', 'tpm2'] as const) {
      if (luks.clevis?.[name] !== undefined) origins.add([...from, name], [...to, 'clevis', name]);
    }
    if (luks.clevis?.tang) origins.add([...from, 'tang'], [...to, 'clevis', 'tang']);
    luks.clevis?.tang?.forEach((tang, index) => {
      const [fromTang, toTang] = [[...from, 'tang', index], [...to, 'clevis', 'tang', index]];
      origins.add(fromTang, toTang);
      for (const name of Object.keys(tang)) origins.add([...fromTang, name], [...toTang, name]);
    });
  }
  origins.add(from, to);
  origins.add(from, ['storage', 'luks']);
}
