import { MAX_TEXT_BYTES, Payloads } from './payloads';
import type { DecodedContents } from '../../butane/data-url';
import { MACHINE_CONFIG_ROLE_LABEL } from '../../openshift/labels';
import { isPlaceholder, isPlaceholderUrl } from '../placeholders';
import type { Subject } from '../subjects';
import { at, isMissing, list, PlainObject, record, text } from '../values';

/** A MachineConfig. */
export interface MachineConfigObject {
  readonly subject: Subject;
  /** The pool that it is for; undefined where no label says it, or what says it is still to be filled in. */
  readonly role?: string;
  /** Whether the label of the role is there, with whatever value. */
  readonly hasRole: boolean;
  /** `spec.config`: the Ignition config. */
  readonly config?: PlainObject;
  readonly files: readonly ConfigFile[];
  readonly units: readonly ConfigUnit[];
}

/** A file of a MachineConfig. */
export interface ConfigFile {
  readonly path: string;
  /** JSON pointer from the MachineConfig to the file. */
  readonly pointer: string;
  readonly mode: unknown;
  readonly contents?: PlainObject;
  /** What it contains; undefined where it has no contents, a template writes them, or it is unread. */
  readonly decoded?: DecodedContents;
  /** Whether it was left unread because the set unpacks to more than there is memory for. */
  readonly unread: boolean;
  /** What Ignition would add to a file that is there. */
  readonly append: unknown;
}

/** A systemd unit of a MachineConfig, with the text of its drop-ins behind its own. */
export interface ConfigUnit {
  readonly name: string;
  readonly pointer: string;
  readonly enabled: boolean;
  /** Its own text, without its drop-ins; undefined where it has none, or is too large to be read. */
  readonly contents?: string;
  /** Empty for a unit too large to be read. */
  readonly text: string;
  readonly unread: boolean;
  readonly dropins: readonly unknown[];
}

export function isMachineConfig({ kind, apiVersion }: Subject): boolean {
  return kind === 'MachineConfig' && apiVersion.startsWith('machineconfiguration.openshift.io/');
}

export function machineConfigOf(subject: Subject, payloads = new Payloads()): MachineConfigObject | undefined {
  if (!isMachineConfig(subject)) return undefined;
  const config = record(at(subject.object.spec, 'config'));
  const role = at(subject.object.metadata, 'labels', MACHINE_CONFIG_ROLE_LABEL);
  return {
    subject,
    role: isPlaceholder(role) ? undefined : text(role),
    hasRole: !isMissing(role) && role !== '',
    config,
    files: list(at(config, 'storage', 'files')).flatMap((given, i) => {
      const file = record(given);
      return file ? [new File(file, `/spec/config/storage/files/${i}`, payloads)] : [];
    }),
    units: list(at(config, 'systemd', 'units')).map((unit, i) => unitOf(unit, `/spec/config/systemd/units/${i}`)),
  };
}

function unitOf(unit: unknown, pointer: string): ConfigUnit {
  const dropins = list(at(unit, 'dropins'));
  const texts = [unit, ...dropins].map((part) => text(at(part, 'contents')) ?? '');
  const unread = texts.reduce((sum, { length }) => sum + length, 0) > MAX_TEXT_BYTES;
  return {
    name: text(at(unit, 'name')) ?? '',
    pointer,
    enabled: at(unit, 'enabled') === true,
    contents: unread ? undefined : text(at(unit, 'contents')),
    text: unread ? '' : texts.join('\n'),
    unread,
    dropins,
  };
}

/** Decoded when it is first asked for, and once. */
class File implements ConfigFile {
  public readonly path: string;
  public readonly mode: unknown;
  public readonly contents?: PlainObject;
  public readonly append: unknown;
  private result?: DecodedContents;
  private given?: boolean;

  public constructor(file: PlainObject, public readonly pointer: string, private readonly payloads: Payloads) {
    this.path = text(file.path) ?? '';
    this.mode = file.mode;
    this.contents = record(file.contents);
    this.append = file.append;
  }

  public get unread(): boolean {
    return this.hasSource && this.decoded === undefined;
  }

  public get decoded(): DecodedContents | undefined {
    if (!this.hasSource) return undefined;
    const { source, compression } = this.contents!;
    return this.result ??= typeof source === 'string' ? this.payloads.decode(source, compression) : { problem: 'must be a text' };
  }

  private get hasSource(): boolean {
    const source = this.contents?.source;
    return this.given ??= !isMissing(source) && source !== '' && !isPlaceholderUrl(source);
  }
}

/** The bytes of a file, where they can be had. */
export function bytesOf({ decoded }: ConfigFile): Buffer | undefined {
  return decoded && 'bytes' in decoded ? decoded.bytes : undefined;
}
