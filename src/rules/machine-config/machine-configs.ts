import { decodeContents, DecodedContents } from '../../machine-config/data-url';
import { isPlaceholder, isPlaceholderUrl } from '../placeholders';
import type { Subject } from '../subjects';
import { at, isMissing, list, PlainObject, record, text } from '../values';

export const ROLE_LABEL = 'machineconfiguration.openshift.io/role';

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
  /** What it contains; undefined where it has no contents, or a template writes them. */
  readonly decoded?: DecodedContents;
}

/** A systemd unit of a MachineConfig, with the text of its drop-ins behind its own. */
export interface ConfigUnit {
  readonly name: string;
  readonly pointer: string;
  readonly text: string;
}

export function machineConfigOf(subject: Subject): MachineConfigObject | undefined {
  if (subject.kind !== 'MachineConfig' || !subject.apiVersion.startsWith('machineconfiguration.openshift.io/')) return undefined;
  const config = record(at(subject.object.spec, 'config'));
  const role = at(subject.object.metadata, 'labels', ROLE_LABEL);
  return {
    subject,
    role: isPlaceholder(role) ? undefined : text(role),
    hasRole: !isMissing(role) && role !== '',
    config,
    files: list(at(config, 'storage', 'files')).flatMap((file, i) => record(file) ? [new File(record(file)!, `/spec/config/storage/files/${i}`)] : []),
    units: list(at(config, 'systemd', 'units')).map((unit, i) => ({
      name: text(at(unit, 'name')) ?? '',
      pointer: `/spec/config/systemd/units/${i}`,
      text: [unit, ...list(at(unit, 'dropins'))].map((part) => text(at(part, 'contents')) ?? '').join('\n'),
    })),
  };
}

/** Decoded when it is first asked for, and once. */
class File implements ConfigFile {
  public readonly path: string;
  public readonly mode: unknown;
  public readonly contents?: PlainObject;
  private result?: DecodedContents;

  public constructor(file: PlainObject, public readonly pointer: string) {
    this.path = text(file.path) ?? '';
    this.mode = file.mode;
    this.contents = record(file.contents);
  }

  public get decoded(): DecodedContents | undefined {
    const source = this.contents?.source;
    if (isMissing(source) || source === '' || isPlaceholderUrl(source)) return undefined;
    return this.result ??= typeof source === 'string' ? decodeContents(source, this.contents!.compression) : { problem: 'must be a text' };
  }
}

/** The bytes of a file, where they can be had. */
export function bytesOf({ decoded }: ConfigFile): Buffer | undefined {
  return decoded && 'bytes' in decoded ? decoded.bytes : undefined;
}
