import { Compression } from './compression';
import { formatEntry, formatPath } from './spec/report';
import type { Entry } from './spec/report';
import { rendered } from './translate/output';
import { FLAG, KindsOf, member, optional, TEXT } from '../core/kinds';
import { requireProps } from '../core/props';

/** How a Butane config is compiled. */
export interface ButaneCompileOptions {
  /**
   * The folder (`--files-dir`) that `local`, `contents_local`, `ssh_authorized_keys_local` and `trees` are relative to; nothing
   * outside it is read.
   *
   * @default - the config may name no local files
   * @see https://coreos.github.io/butane/getting-started/
   */
  readonly filesDir?: string;

  /**
   * Whether a warning of the tool refuses the config (`--strict`). Warnings of this library's own do not count.
   *
   * @default false
   * @see https://coreos.github.io/butane/getting-started/
   */
  readonly strict?: boolean;

  /**
   * Whether the output is the Ignition config as JSON instead of the MachineConfig as YAML (`--raw`).
   *
   * @default false
   * @see https://coreos.github.io/butane/getting-started/
   */
  readonly raw?: boolean;

  /**
   * Whether the contents of files are compressed (`compression`).
   *
   * @default Compression.AUTO
   * @see https://coreos.github.io/ignition/configuration-v3_5/
   */
  readonly compression?: Compression;
}

const KINDS: KindsOf<ButaneCompileOptions> = {
  filesDir: optional(TEXT), strict: optional(FLAG), raw: optional(FLAG), compression: optional(member(Compression)),
};

/** Something in a config that works, but most likely not as meant. */
export interface ButaneWarning {
  /** What was found. */
  readonly message: string;
  /** Where in the config: `$.storage.files.0.mode`. */
  readonly path: string;
  /**
   * The line in the config, counted from 1.
   *
   * @default - the warning is about the config as a whole
   */
  readonly line?: number;
  /**
   * The column in that line, counted from 1.
   *
   * @default - the warning is about the config as a whole
   */
  readonly column?: number;
  /** Whether Butane itself gives this warning. If not, it is about something that the Machine Config Operator refuses later. */
  readonly fromButane: boolean;
  /** The warning as the tool prints it: `warning at $.path, line 1 col 2: text`. */
  readonly text: string;
}

/** What a Butane config was compiled to. */
export interface ButaneResult {
  /** What `butane` prints: the MachineConfig as YAML; with `raw`, the Ignition config as JSON. */
  readonly output: string;
  /** The warnings, in the tool's order, then this library's own. */
  readonly warnings: ButaneWarning[];
}

/**
 * Compiles Butane configs of the openshift variant, 4.8.0 to 4.22.0, to MachineConfigs, without the `butane` program.
 *
 * The output is that of butane 0.29.0 byte for byte, except for the bytes of compressed payloads (whose contents are the
 * same) and for text that begins with a newline, which the tool's YAML loses.
 *
 * @see https://coreos.github.io/butane/config-openshift-v4_22/
 */
export class Butane {
  /**
   * Compiles a config.
   *
   * @param config the text of the config: YAML with `variant: openshift`
   * @throws when the config is refused; the message has a line for each reason, in the form of `butane --raw-errors`
   */
  public static compile(config: string, options: ButaneCompileOptions = {}): ButaneResult {
    requireProps('Butane.compile', options, KINDS);
    // Loaded here: the compiler and its YAML reader are half of the package.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { compileText } = require('./compile') as typeof import('./compile');
    const { filesDir, strict = false, raw = false, compression = Compression.AUTO } = options;
    const { object, warnings } = compileText(config, { filesDir, strict, raw, compress: compression !== Compression.NONE });
    return {
      output: rendered(object, raw),
      warnings: warnings.map(toWarning),
    };
  }

  private constructor() {}
}

function toWarning(entry: Entry): ButaneWarning {
  return { message: entry.text, path: formatPath(entry.path), ...entry.position, fromButane: !entry.ours, text: formatEntry(entry) };
}
