import { MACHINE_CONFIG_ROLE_LABEL } from '../../openshift/labels';
import * as butane from '../spec/config';
import { looksDecimal } from '../spec/file-modes';
import { Entry, Path } from '../spec/report';
import { Struct, Type } from '../spec/schema';
import { Values } from '../spec/values';
import { ButaneVersion } from '../spec/versions';

/** The tool's checks of what the config says, before anything is translated; in the order in which it walks a config. */
export function validateInput(config: butane.ButaneConfig, schema: Struct, version: ButaneVersion): Entry[] {
  const entries: Entry[] = [];
  const rules = inputRules(version, (severity, path, text) => entries.push({ severity, path, text }));
  if (version.has('ignition35')) checkCexArgument(config, (path, text) => entries.push({ severity: 'error', path, text }));
  // The tool walks structs that are absent too; only this one minds being empty.
  walk({ kind: 'struct', struct: schema }, { metadata: {}, ...config }, []);
  return entries;

  function walk(type: Type, value: unknown, path: Path): void {
    if (value === undefined) return;
    if (type.kind === 'list') (value as unknown[]).forEach((item, index) => walk(type.item, item, [...path, index]));
    if (type.kind !== 'struct') return;
    rules[type.struct.name]?.(value, path);
    for (const field of type.struct.fields) walk(field.type, (value as Values)[field.name], [...path, field.key]);
  }
}

type Report = (severity: 'error' | 'warning', path: Path, text: string) => void;

function inputRules(version: ButaneVersion, report: Report): { readonly [struct: string]: ((value: any, path: Path) => void) | undefined } {
  const contents = ({ contents: own, contentsLocal }: butane.Dropin, path: Path) => {
    if (own !== undefined && contentsLocal !== undefined) {
      report('error', [...path, 'contents_local'], 'only one of the following can be set: contents, contents_local');
    }
  };
  const mode = (directory: boolean) => ({ mode: given }: { mode?: number }, path: Path) => {
    if (given === undefined || !looksDecimal(given, directory)) return;
    report('warning', [...path, 'mode'], 'unreasonable mode would be reasonable if specified in octal; remember to add a leading zero');
  };
  const mirror = ({ devices }: { devices?: string[] }, path: Path) => {
    if (devices?.length === 1) report('error', [...path, 'devices'], 'mirroring requires at least two devices');
  };
  return {
    Resource: ({ inline, local, source }: butane.Resource, path) => {
      if ([inline, local, source].filter((each) => each !== undefined).length < 2) return;
      const last = source !== undefined ? 'source' : 'inline';
      report('error', [...path, last], 'only one of the following can be set: inline, local, source');
    },
    Filesystem: ({ withMountUnit, format, path: mountPoint }: butane.Filesystem, path) => {
      if (!withMountUnit) return;
      const needsPath = !mountPoint && !(version.has('ignition34') && (!format || format === 'swap'));
      if (needsPath && !version.has('ignition34')) report('error', [...path, 'path'], MOUNT_UNIT_PATH);
      if (!format) report('error', [...path, 'format'], 'format is required if with_mount_unit is true');
      else if (needsPath && version.has('ignition34')) report('error', [...path, 'path'], MOUNT_UNIT_PATH);
    },
    Directory: mode(true),
    File: mode(false),
    Tree: ({ local }: butane.Tree, path) => { if (local === '') report('error', path, 'local is required'); },
    Unit: contents,
    Dropin: contents,
    BootDevice: (bootDevice: butane.BootDevice, path) => {
      checkLayout(bootDevice, version, report, path);
      if (bootDevice.mirror) mirror(bootDevice.mirror, [...path, 'mirror']);
    },
    // The tool tells this twice, once for each struct; so do we.
    BootDeviceMirror: mirror,
    GrubUser: ({ name, passwordHash }: { name: string; passwordHash?: string }, path) => {
      if (name === '') report('error', [...path, 'name'], 'field "name" is required');
      if (!passwordHash) report('error', [...path, 'password_hash'], 'field "password_hash" is required');
    },
    Metadata: ({ name, labels }: Partial<butane.Metadata>, path) => {
      if (!name) report('error', [...path, 'name'], 'metadata.name is required');
      if (!labels?.[MACHINE_CONFIG_ROLE_LABEL]) report('error', [...path, 'labels'], `${MACHINE_CONFIG_ROLE_LABEL} label is required`);
    },
    OpenShift: ({ kernelType }: butane.OpenShift, path) => {
      if (kernelType !== undefined && !['', 'default', 'realtime'].includes(kernelType)) {
        report('error', [...path, 'kernel_type'], 'must be empty, "default", or "realtime"');
      }
    },
  };
}

const MOUNT_UNIT_PATH = 'path is required if with_mount_unit is true and format is not swap';

/** The disk that a layout's boot device must be on, where the layout has no standard one. */
const BOOT_DISKS: { readonly [layout: string]: RegExp } = { 's390x-eckd': /\/dev\/dasd[a-z]$/, 's390x-zfcp': /\/dev\/sd[a-z]$/ };

function checkLayout({ layout, luks = {}, mirror }: butane.BootDevice, version: ButaneVersion, report: Report, path: Path): void {
  const mirrored = (mirror?.devices?.length ?? 0) > 0;
  const at = [...path, 'layout'];
  if (mirrored && layout === undefined) {
    report('warning', [...path, 'mirror'], 'boot_device.layout should be specified when boot_device.mirror is specified');
  }
  const known = ['aarch64', 'ppc64le', ...version.has('ignition35') ? ['s390x-eckd', 's390x-virt', 's390x-zfcp'] : [], 'x86_64'];
  if (layout !== undefined) {
    if (!known.includes(layout)) {
      report('error', at, `layout must be one of: ${known.join(', ')}`);
    } else if (Object.hasOwn(BOOT_DISKS, layout)) {
      if (!luks.device) {
        report('error', at, 'device is required for layouts: s390x-eckd, s390x-zfcp');
      } else if (!BOOT_DISKS[layout].test(luks.device)) {
        report('error', at, 'device name must start with /dev/dasd on s390x-eckd layout or '
        + '/dev/sd on s390x-zfcp layout');
      }
    }
    if (version.has('ignition35') && layout.startsWith('s390x') && mirrored) {
      report('error', at, 'mirroring not supported on layouts: s390x-eckd, s390x-zfcp, s390x-virt');
    }
  }
  if (!luks.cex?.enabled) return;
  if (!layout?.startsWith('s390x')) {
    report('error', layout === undefined ? [...path, 'luks', 'cex'] : at, 'when using cex the targeted architecture must match s390x');
  }
  if ((luks.tang?.length ?? 0) > 0 || luks.tpm2) report('error', [...path, 'luks'], 'cannot use cex with clevis');
}

const CEX_ARGUMENT = 'rd.luks.key=/etc/luks/cex.key';

function checkCexArgument({ bootDevice, storage, openshift }: butane.ButaneConfig, report: (path: Path, text: string) => void): void {
  if (openshift?.kernelArguments?.includes(CEX_ARGUMENT)) return;
  const rootWithCex = storage?.luks?.some(({ name, cex }) => name === 'root' && cex?.enabled);
  for (const wanted of [bootDevice?.luks?.cex?.enabled, rootWithCex]) {
    if (wanted) {
      report(['openshift', 'kernel_arguments'], `'${CEX_ARGUMENT}' must be set as kernel argument when CEX is enabled for the boot device`);
    }
  }
}
