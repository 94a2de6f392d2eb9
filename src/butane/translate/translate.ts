import { desugarBootDevice } from './boot-device';
import { mergeConfigs, Traced } from './merge';
import { mountUnits } from './mount-units';
import { Origins } from '../origins';
import { TranslateContext, Translation, TranslationEntry } from './translation';
import { addTrees } from './trees';
import * as butane from '../spec/config';
import { IgnitionConfig, Resource } from '../spec/ignition';
import { NO_FOLDER } from '../spec/local-files';
import { Entry, Path } from '../spec/report';
import { ignitionFields, Struct, Type } from '../spec/schema';
import { isZero, Values } from '../spec/values';

/**
 * Turns a Butane config into an Ignition config: contents become data URLs, sugar becomes what it stands for.
 *
 * @param record whether the origins are recorded, which only messages need
 */
export function translate(config: butane.ButaneConfig, context: TranslateContext, record: boolean): Translation {
  const copier = new Copier(context, record ? new Origins() : undefined);
  let traced = copier.config(config);
  const units = mountUnits(config, context.version.has('ignition34'), record);
  if (units) traced = mergeConfigs(context.schema, units, traced);
  const entries: TranslationEntry[] = [...copier.entries, ...addTrees(config.storage?.trees ?? [], traced, context)];
  if (entries.some(({ severity }) => severity === 'error')) return { ...traced, origins: record ? new Origins() : undefined, entries };
  const bootDevice = desugarBootDevice(config, record);
  if (bootDevice) traced = mergeConfigs(context.schema, bootDevice, traced);
  entries.push(...partitionWarnings(traced.config));
  if (context.version.has('ignition34')) traced = mergeConfigs(context.schema, grubConfig(config, context, record), traced);
  return { ...traced, entries };
}

/** Copies Ignition's fields and fills those that Butane's own stand for. */
class Copier {
  public readonly entries: Entry[] = [];

  public constructor(private readonly context: TranslateContext, private readonly origins: Origins | undefined) {}

  public config(config: butane.ButaneConfig): Traced {
    const result: IgnitionConfig = { ignition: { version: this.context.version.ignition } };
    for (const field of ignitionFields(this.context.schema)) {
      const value = (config as unknown as Values)[field.name];
      const copy = this.value(field.type, value ?? {}, [field.key], [field.name], false) as Values;
      if (field.name === 'ignition') result.ignition = { ...copy, version: this.context.version.ignition };
      else if (value !== undefined) (result as unknown as Values)[field.name] = copy;
    }
    this.origins?.add(['version'], ['ignition', 'version']);
    this.origins?.add(['ignition'], ['ignition']);
    return { config: result, origins: this.origins };
  }

  private value(type: Type, value: unknown, from: Path, to: Path, required: boolean): unknown {
    if (type.kind === 'struct') return this.struct(type.struct, (value ?? {}) as Values, from, to);
    if (value === undefined && !required) return undefined;
    this.origins?.add(from, to);
    if (type.kind !== 'list') return value;
    return (value as unknown[]).map((item, index) => this.value(type.item, item, [...from, index], [...to, index], true));
  }

  private struct(schema: Struct, value: Values, from: Path, to: Path): Values {
    const before = this.origins?.size ?? 0;
    const copy: Values = {};
    for (const field of ignitionFields(schema)) {
      const inner = value[field.name];
      // Absent structs are walked only to record what the tool records of them.
      if (inner === undefined && (!this.origins || field.type.kind !== 'struct' || field.pointer)) continue;
      const result = this.value(field.type, inner, [...from, field.key], [...to, field.name], field.required);
      if (inner !== undefined) copy[field.name] = result;
    }
    if (schema.name === 'Resource') this.resource(value, copy as Resource, from, to);
    if (schema.name === 'Unit' || schema.name === 'Dropin') this.unitContents(value as unknown as butane.Unit, copy, from, to);
    if (schema.name === 'PasswdUser') this.keys(value as unknown as butane.PasswdUser, copy, from, to);
    if (!isZero(value) || CUSTOM.has(schema.name) && (this.origins?.size ?? 0) > before) this.origins?.add(from, to);
    return copy;
  }

  private resource(given: butane.Resource, resource: Resource, from: Path, to: Path): void {
    if (given.local !== undefined) {
      const body = this.context.files.read(given.local);
      if (typeof body === 'string') this.error([...from, 'local'], body);
      else this.payload(body, resource, [...from, 'local'], to);
    }
    if (given.inline !== undefined) this.payload(Buffer.from(given.inline, 'utf8'), resource, [...from, 'inline'], to);
  }

  private payload(body: Buffer, resource: Resource, from: Path, to: Path): void {
    // A compression that the config names says what the bytes already are.
    const compressed = resource.compression !== undefined && resource.compression !== '';
    const { source, compression } = this.context.encoder.encode(body, !compressed && this.context.compress);
    resource.source = source;
    this.origins?.add(from, [...to, 'source']);
    if (compressed) return;
    resource.compression = compression;
    this.origins?.add(from, [...to, 'compression']);
  }

  private unitContents({ contentsLocal }: butane.Unit, copy: Values, from: Path, to: Path): void {
    if (!contentsLocal) return;
    const body = this.context.files.read(contentsLocal);
    if (typeof body === 'string') {
      this.error([...from, 'contents_local'], body);
    } else {
      copy.contents = decodeText(body);
      this.origins?.add([...from, 'contents_local'], [...to, 'contents']);
    }
  }

  private keys({ sshAuthorizedKeysLocal = [] }: butane.PasswdUser, copy: Values, from: Path, to: Path): void {
    if (sshAuthorizedKeysLocal.length === 0) return;
    const path = [...from, 'ssh_authorized_keys_local'];
    this.origins?.add(path, [...to, 'sshAuthorizedKeys']);
    if (!this.context.files.folder) {
      this.error(path, NO_FOLDER);
      return;
    }
    const keys = [...copy.sshAuthorizedKeys as string[] | undefined ?? []];
    sshAuthorizedKeysLocal.forEach((file, index) => {
      const body = this.context.files.read(file);
      if (typeof body === 'string') {
        this.error([...path, index], body);
        return;
      }
      for (const line of decodeText(body).split(/\r?\n/)) {
        if (line === '') continue;
        this.origins?.add([...path, index], [...to, 'sshAuthorizedKeys', keys.length]);
        keys.push(line);
      }
    });
    copy.sshAuthorizedKeys = keys;
  }

  private error(path: Path, text: string): void {
    this.entries.push({ severity: 'error', path, text });
  }
}

/** Structs whose translation records them as soon as anything in them is, even if that is empty. */
const CUSTOM = new Set(['File', 'Directory', 'Link', 'Resource', 'PasswdUser', 'Unit', 'Dropin']);

/** Bytes as the tool's JSON writes them: each byte that is not UTF-8 becomes a replacement character. */
export function decodeText(body: Buffer): string {
  const text = body.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let exact = '';
  for (let i = 0; i < body.length;) {
    const length = [1, 2, 3, 4].find((size) => i + size <= body.length && isCharacter(body.subarray(i, i + size)));
    exact += length ? body.toString('utf8', i, i + length) : '\ufffd';
    i += length ?? 1;
  }
  return exact;
}

function isCharacter(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  return [...text].length === 1 && Buffer.from(text, 'utf8').equals(bytes);
}

/** The image's partitions, by the labels that are reserved for them. */
const RESERVED_NUMBERS: { readonly [label: string]: number } = {
  'BIOS-BOOT': 1,
  'PowerPC-PReP-boot': 1,
  'EFI-SYSTEM': 2,
  'boot': 3,
  'root': 4,
};

/** Below this the root file system fills up with the image's own updates. */
const MIN_ROOT_MIB = 8192;

function partitionWarnings({ storage }: IgnitionConfig): TranslationEntry[] {
  const entries: TranslationEntry[] = [];
  const warn = (path: Path, text: string) => entries.push({ severity: 'warning', path, text, generated: true });
  storage?.disks?.forEach((disk, d) => {
    disk.partitions?.forEach(({ label, sizeMiB, number = 0 }, p) => {
      const path = ['storage', 'disks', d, 'partitions', p];
      if (label === 'root' && !sizeMiB) {
        if (disk.partitions!.some(({ startMiB }, other) => other !== p && !startMiB)) {
          warn(
            [...path, 'label'],
            'root partition cannot expand; it is set to fill available space but is followed by an auto-positioned partition',
          );
        }
      } else if (label === 'root' && sizeMiB! < MIN_ROOT_MIB) {
        warn([...path, 'size_mib'], 'root should have 8GiB of space assigned');
      }
      if (label !== undefined && !disk.wipeTable && Object.hasOwn(RESERVED_NUMBERS, label) && RESERVED_NUMBERS[label] !== number) {
        warn([...path, 'label'], 'incorrect partition number; a new partition will be created using reserved label');
      }
    });
  });
  return entries;
}

/** What `grub.users` stands for: it ends in an `append`, which a MachineConfig may not have, so it is always refused. */
function grubConfig({ grub }: butane.ButaneConfig, { encoder, compress }: TranslateContext, record: boolean): Traced {
  const origins = record ? new Origins() : undefined;
  const config: IgnitionConfig = { ignition: {} };
  if (grub?.users?.length) {
    const names = grub.users.map(({ name }) => name).join(' ');
    const passwords = grub.users.map(({ name, passwordHash }) => `password_pbkdf2 ${name} ${passwordHash}\n`).join('');
    const { source, compression } = encoder.encode(
      Buffer.from(`# Generated by Butane\n\nset superusers="${names}"\n${passwords}`),
      compress,
    );
    config.storage = {
      filesystems: [{ device: '/dev/disk/by-label/boot', format: 'ext4', path: '/boot' }],
      files: [{ path: '/boot/grub2/user.cfg', append: [{ source, compression }] }],
    };
    origins?.addAll(['grub', 'users'], ['storage'], config.storage);
  }
  return { config, origins };
}
