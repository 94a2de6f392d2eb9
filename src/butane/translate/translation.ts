import type { Traced } from './merge';
import type { PayloadEncoder } from '../encoder';
import type { LocalFiles } from '../spec/local-files';
import type { Entry } from '../spec/report';
import type { Struct } from '../spec/schema';
import type { ButaneVersion } from '../spec/versions';

/** What a translation works with. */
export interface TranslateContext {
  readonly version: ButaneVersion;
  readonly schema: Struct;
  readonly files: LocalFiles;
  readonly encoder: PayloadEncoder;
  /** Whether payloads may be compressed. */
  readonly compress: boolean;
}

/** An Ignition config, and what was noticed on the way; paths are those of the Butane config unless `generated`. */
export interface Translation extends Traced {
  readonly entries: readonly TranslationEntry[];
}

/** An entry whose path may be one of the Ignition config. */
export interface TranslationEntry extends Entry {
  readonly generated?: boolean;
}
