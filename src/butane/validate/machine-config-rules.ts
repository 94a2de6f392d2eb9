import { parseUrl } from './urls';
import { IgnitionConfig, MachineConfigSpec } from '../spec/ignition';
import { Path } from '../spec/report';
import { ButaneVersion } from '../spec/versions';
import type { TranslationEntry } from '../translate/translation';

/** What the Machine Config Operator can't take, and Butane refuses once sugar is resolved. */
export function checkOperatorSupport(config: IgnitionConfig, version: ButaneVersion): TranslationEntry[] {
  const entries: TranslationEntry[] = [];
  const refuse = (path: Path, text: string) => { entries.push({ severity: 'error', path, text, generated: true }); };
  const filesystems = config.storage?.filesystems ?? [];
  filesystems.forEach(({ format }, index) => {
    if (format === 'btrfs') refuse(['storage', 'filesystems', index, 'format'], 'btrfs is not supported in this spec version');
  });
  filesystems.forEach(({ format }, index) => {
    if (format === 'none' && version.has('ignition34')) {
      refuse(['storage', 'filesystems', index, 'format'], 'format "none" is not supported in this spec version');
    }
  });
  config.storage?.files?.forEach(({ contents, mode }, index) => {
    const path = ['storage', 'files', index];
    // A URL that can't be read at all is told later, with the reason.
    const scheme =
      contents?.source === undefined || contents.source.startsWith('data:') ? 'data' : (parseUrl(contents.source)?.scheme ?? 'data');
    if (scheme !== 'data') refuse([...path, 'contents', 'source'], 'file contents source must be data URL in this spec version');
    if (mode !== undefined && (mode < 0 || mode > 0o777) && version.has('plainModesOnly')) {
      refuse([...path, 'mode'], 'special mode bits are not supported in this spec version');
    }
  });
  config.passwd?.users?.forEach(({ name }, index) => {
    if (name !== 'core') refuse(['passwd', 'users', index, 'name'], 'users other than "core" are not supported in this spec version');
  });
  return entries;
}

const USER_FIELD = 'fields other than "name", "ssh_authorized_keys", and "password_hash" (4.13.0+) are not supported in this spec version';

/** Fields that a MachineConfig may not have, whatever they say; in the tool's order. */
export function checkForbiddenFields(config: IgnitionConfig, version: ButaneVersion): TranslationEntry[] {
  const entries: TranslationEntry[] = [];
  const refuse = (path: Path, value: unknown, text: string) => {
    if (isFilled(value)) entries.push({ severity: 'error', path, text, generated: true });
  };
  refuse(['kernelArguments'], config.kernelArguments,
    'this section cannot be used for kernel arguments in this spec version; use openshift.kernel_arguments instead');
  refuse(['passwd', 'groups'], config.passwd?.groups, 'groups are not supported in this spec version');
  config.passwd?.users?.forEach((user, index) => {
    const fields = [
      'gecos',
      'groups',
      'homeDir',
      'noCreateHome',
      'noLogInit',
      'noUserGroup',
      ...(version.has('passwordHash') ? [] : ['passwordHash']),
      'primaryGroup',
      'shell',
      'shouldExist',
      'system',
      'uid',
    ] as const;
    for (const field of fields) refuse(['passwd', 'users', index, field], user[field as keyof typeof user], USER_FIELD);
  });
  refuse(['storage', 'directories'], config.storage?.directories, 'directories are not supported in this spec version');
  config.storage?.files?.forEach(({ append, contents }, index) => {
    const path = ['storage', 'files', index];
    refuse([...path, 'append'], append, 'appending to files is not supported in this spec version');
    if (!version.has('compression')) {
      refuse(
        [...path, 'contents', 'compression'],
        contents?.compression || undefined,
        'file compression is not supported in this spec version',
      );
    }
    refuse([...path, 'contents', 'httpHeaders'], contents?.httpHeaders, 'file HTTP headers are not supported in this spec version');
  });
  refuse(['storage', 'links'], config.storage?.links, 'links are not supported in this spec version');
  return entries;
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return typeof value === 'object' && value !== null ? Object.values(value).some(isFilled) : value !== undefined;
}

/** Option that says which cipher a volume is to have. */
const CIPHER_OPTION = /^(--cipher(=.*)?|-c)$/s;

/** Up to 4.19 FIPS mode does not allow the default cipher mode. Returns the indexes of the volumes that were changed. */
export function addFipsCiphers(
  { config, fips }: MachineConfigSpec,
  version: ButaneVersion,
): { readonly volume: number; readonly first: number }[] {
  if (!fips || version.has('anyFipsCipher')) return [];
  const changed: { volume: number; first: number }[] = [];
  config.storage?.luks?.forEach((luks, volume) => {
    const options = luks.options ?? [];
    if (options.some((option) => CIPHER_OPTION.test(option))) return;
    luks.options = [...options, '--cipher', 'aes-cbc-essiv:sha256'];
    changed.push({ volume, first: options.length });
  });
  return changed;
}
