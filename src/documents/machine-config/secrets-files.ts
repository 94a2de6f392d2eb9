import { bytesOf, ConfigFile } from './machine-configs';
import { MAX_TEXT_BYTES } from './payloads';
import { isWhollyPlaceholder } from '../placeholders';

/**
 * Whether a file of libreswan's secrets (`/etc/ipsec.secrets`, `/etc/ipsec.d/*.secrets`) holds a shared one in its text.
 *
 * @see https://libreswan.org/man/ipsec.secrets.5.html
 */
export function holdsSharedSecret(file: ConfigFile): boolean {
  if (!file.path.endsWith('.secrets')) return false;
  const bytes = bytesOf(file);
  if (!bytes || bytes.length > MAX_TEXT_BYTES) return false;
  const lines = bytes.toString('utf8').split(/\r?\n/).filter((line) => !/^\s*#/.test(line));
  // An indented line goes on with the one before it.
  return lines.join('\n').replace(/\n[ \t]+/g, ' ').split('\n').some((line) => {
    const secret = /(?:^|[:\s])PSK[ \t]+(.*)$/i.exec(line)?.[1].trim().replace(/^["']|["']$/g, '');
    return secret !== undefined && secret !== '' && !isWhollyPlaceholder(secret);
  });
}
