import { readFileSync } from 'fs';
import { join } from 'path';

/** One connection that the real programs were given, and what they made of it; the README beside it tells the fields. */
export interface RecordedCase {
  readonly 'name': string;
  readonly 'state'?: string;
  readonly 'keyfile'?: string;
  readonly 'conn'?: string;
  readonly 'conn-if-secrets'?: string;
  readonly 'refused'?: string;
}

export const RECORDED: readonly RecordedCase[] = JSON.parse(readFileSync(join(__dirname, 'cases.json'), 'utf8'));
