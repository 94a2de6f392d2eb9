import { InputError } from '../core/input-error';
import { SizeLimit } from '../core/local-file';

/** Far above any bundle or CA file (a few KiB), far below what an Ignition payload may weigh. */
export const CERTIFICATE_FILE: SizeLimit = { bytes: 1024 * 1024, reason: 'any certificate file needs: name the right file' };

/** Refuses content that can't be what it should be by its size alone. */
export function checkSize(content: Buffer, source: string): Buffer {
  if (content.length === 0) throw new InputError(`${source} is empty`);
  const { bytes, reason } = CERTIFICATE_FILE;
  if (content.length > bytes) throw new InputError(`${source} has ${content.length} bytes, more than the ${bytes} that ${reason}`);
  return content;
}
