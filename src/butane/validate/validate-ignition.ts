import type { IgnitionDialect } from './dialect';
import { quote, readUnitFile } from './unit-file';
import { parseUrl, urlProblem } from './urls';
import {
  extension, formatProblem, hashProblem, headersProblem, isJson, labelProblem, levelProblem, pathProblem, special, unitPaths, validateDisk,
  validateInstances, validateLuks, validateStorage,
} from './validate-storage';
import * as ignition from '../spec/ignition';
import { Path } from '../spec/report';
import { ignitionFields, Struct, Type } from '../spec/schema';
import { keyOf, listRules, Values } from '../spec/values';
import type { TranslationEntry } from '../translate/translation';

type Severity = 'error' | 'warning';
type Rule = (value: any, path: Path) => void;

/** Entries of lists that stand twice under the same key. */
export function findDuplicates(schema: Struct, config: object): TranslationEntry[] {
  const entries: TranslationEntry[] = [];
  walk({ kind: 'struct', struct: schema }, config, []);
  return entries;

  function walk(type: Type, value: unknown, path: Path): void {
    if (value === undefined) return;
    if (type.kind === 'list') (value as unknown[]).forEach((item, index) => walk(type.item, item, [...path, index]));
    if (type.kind !== 'struct') return;
    const fields = ignitionFields(type.struct);
    entries.push(...duplicatesIn(type.struct, value as Values, path));
    for (const field of fields) walk(field.type, (value as Values)[field.name], [...path, field.name]);
  }
}

function duplicatesIn(struct: Struct, value: Values, path: Path): TranslationEntry[] {
  const rules = listRules(struct.name);
  const shared = new Set<string>();
  const entries: TranslationEntry[] = [];
  for (const { name, type } of ignitionFields(struct)) {
    if (type.kind !== 'list' || rules.ignoreDuplicates.includes(name)) continue;
    const seen = rules.sharedKeys.includes(name) ? shared : new Set<string>();
    ((value[name] ?? []) as unknown[]).forEach((item, index) => {
      const key = keyOf(struct, name, item);
      if (seen.has(key)) entries.push(error([...path, name, index], 'duplicate entry defined'));
      seen.add(key);
    });
  }
  return entries;
}

/** Ignition's own rules, in the order in which it walks a config. */
export function validateIgnition(schema: Struct, config: ignition.IgnitionConfig, dialect: IgnitionDialect): TranslationEntry[] {
  const entries: TranslationEntry[] = [];
  const rules = ignitionRules(dialect, (severity, path, text) => { entries.push({ severity, path, text, generated: true }); });
  walk({ kind: 'struct', struct: schema }, config, []);
  return entries;

  function walk(type: Type, value: unknown, path: Path): void {
    if (value === undefined) return;
    if (type.kind === 'list') (value as unknown[]).forEach((item, index) => walk(type.item, item, [...path, index]));
    if (type.kind !== 'struct') return;
    rules[type.struct.name]?.(value, path);
    for (const field of ignitionFields(type.struct)) walk(field.type, (value as Values)[field.name], [...path, field.name]);
    if (type.struct.name === 'Raid') {
      (value as ignition.Raid).devices?.forEach((device, index) => rules.Device!(device, [...path, 'devices', index]));
    }
  }
}

function error(path: Path, text: string): TranslationEntry {
  return { severity: 'error', path, text, generated: true };
}

function ignitionRules(
  dialect: IgnitionDialect, report: (severity: Severity, path: Path, text: string) => void,
): { readonly [struct: string]: Rule | undefined } {
  const check = (path: Path, problem: string | undefined) => { if (problem) report('error', path, problem); };
  const mode = (given: number | undefined, path: Path) => {
    if (given === undefined) return;
    if (given < 0 || given > 0o7777) report('error', [...path, 'mode'], 'illegal file mode');
    if (special(given)) {
      report('warning', [...path, 'mode'], 'setuid/setgid/sticky bits are not supported or functional in spec versions older than 3.6.0');
    }
  };
  const owner = ({ id, name }: ignition.Owner, path: Path) => {
    if (id !== undefined && name) report('error', path, 'cannot set both id and name');
  };
  const requiredSource = ({ source }: ignition.Resource) => source ? urlProblem(source, dialect.ignition34) : 'source is required';
  const guid = (given: string | undefined, path: Path) => {
    if (given !== undefined && !GUID.test(given)) report('error', path, 'doesn\'t match the form "01234567-89AB-CDEF-EDCB-A98765432101"');
  };

  return {
    Config: ({ systemd, storage }: ignition.IgnitionConfig, path) => {
      const taken = unitPaths(systemd?.units ?? []);
      for (const list of ['files', 'directories', 'links'] as const) {
        storage?.[list]?.forEach((node, index) => {
          if (taken.has(node.path)) {
            report('error', [...path, 'storage', list, index, 'path'], 'path conflicts with systemd unit or dropin');
          }
        });
      }
    },
    IgnitionConfig: ({ merge }: { merge?: ignition.Resource[] }, path) => {
      merge?.forEach((each, index) => check([...path, 'merge', index], requiredSource(each)));
    },
    TLS: ({ certificateAuthorities }: { certificateAuthorities?: ignition.Resource[] }, path) => {
      certificateAuthorities?.forEach((each, index) => check([...path, 'certificateAuthorities', index], requiredSource(each)));
    },
    Proxy: ({ httpProxy, httpsProxy }: { httpProxy?: string; httpsProxy?: string }, path) => {
      const proxy = (given: string | undefined, at: Path, httpIsFine: boolean) => {
        const url = given === undefined ? undefined : parseUrl(given);
        if (given === undefined) return;
        if (!url) report('error', at, 'unable to parse url');
        else if (url.scheme !== 'https' && url.scheme !== 'http') report('error', at, 'proxies must be http(s)');
        else if (url.scheme === 'http' && !httpIsFine) report('warning', at, 'insecure plaintext HTTP proxy specified for HTTPS resources');
      };
      proxy(httpProxy, [...path, 'httpProxy'], true);
      proxy(httpsProxy, [...path, 'httpsProxy'], false);
    },
    Resource: (resource: ignition.Resource, path) => {
      if (![undefined, '', 'gzip'].includes(resource.compression)) report('error', [...path, 'compression'], 'invalid compression method');
      if (resource.verification?.hash !== undefined && resource.source === undefined) {
        report('error', [...path, 'verification', 'hash'], 'source must be specified if verification is specified');
      }
      check([...path, 'source'], resource.source ? urlProblem(resource.source, dialect.ignition34) : undefined);
      check([...path, 'httpHeaders'], headersProblem(resource));
    },
    HTTPHeader: ({ name, value }: { name: string; value?: string }, path) => {
      if (name === '') report('error', [...path, 'name'], "HTTP header name can't be empty");
      if (value === '') report('error', [...path, 'value'], 'unable to parse HTTP header');
    },
    Verification: ({ hash }: { hash?: string }, path) => check([...path, 'hash'], hash === undefined ? undefined : hashProblem(hash)),
    Storage: (storage: ignition.Storage, path) => validateStorage(storage, path, dialect, report),
    Directory: (directory: ignition.Directory, path) => {
      check([...path, 'path'], pathProblem(directory.path));
      mode(directory.mode, path);
    },
    File: (file: ignition.File, path) => {
      check([...path, 'path'], pathProblem(file.path));
      mode(file.mode, path);
      if (file.overwrite && file.contents?.source === undefined) {
        report('error', [...path, 'overwrite'], 'overwrite must be false if source is unspecified');
      }
    },
    Link: (link: ignition.Link, path) => check([...path, 'path'], pathProblem(link.path)),
    NodeUser: owner,
    NodeGroup: owner,
    Disk: (disk: ignition.Disk, path) => validateDisk(disk, path, report),
    Partition: (partition: ignition.Partition, path) => {
      const { label, typeGuid, guid: own, startMiB, sizeMiB } = partition;
      if (partition.shouldExist === false && (label !== undefined || typeGuid || own || startMiB !== undefined || sizeMiB !== undefined)) {
        report('error', path, 'shouldExist specified false with other options also specified');
      }
      if (!partition.number && label === undefined) report('error', path, 'a partition number >= 1 or a label must be specified');
      if (label !== undefined && Buffer.byteLength(label) > 36) {
        report('error', [...path, 'label'], 'partition labels may not exceed 36 characters');
      } else if (label?.includes(':')) {
        report('error', [...path, 'label'], 'partition label will be truncated to text before the colon');
      }
      guid(own, [...path, 'guid']);
      guid(typeGuid, [...path, 'typeGuid']);
    },
    Filesystem: (filesystem: ignition.Filesystem, path) => {
      check([...path, 'path'], filesystem.path ? pathProblem(filesystem.path) : undefined);
      check([...path, 'device'], pathProblem(filesystem.device));
      check([...path, 'format'], formatProblem(filesystem, dialect));
      check([...path, 'label'], labelProblem(filesystem));
    },
    Raid: (raid: ignition.Raid, path) => {
      check([...path, 'level'], levelProblem(raid, dialect));
      if (!raid.devices?.length) report('error', [...path, 'devices'], 'raid devices required');
    },
    Device: (device: string, path) => check(path, pathProblem(device)),
    Luks: (luks: ignition.Luks, path) => validateLuks(luks, path, dialect, report),
    ClevisCustom: ({ pin, config, needsNetwork }: NonNullable<ignition.Clevis['custom']>, path) => {
      if (!pin && !config && !(dialect.ignition34 && needsNetwork)) return;
      if (!pin && dialect.ignition34) report('error', [...path, 'pin'], 'missing required custom clevis pin');
      else if (!['tpm2', 'tang', 'sss'].includes(pin ?? '')) report('error', [...path, 'pin'], 'unsupported clevis pin');
      if (!config) report('error', [...path, 'config'], 'missing required custom clevis config');
    },
    Tang: ({ url = '', thumbprint, advertisement }: ignition.Tang, path) => {
      const parsed = parseUrl(url);
      if (!parsed) report('error', [...path, 'url'], 'unable to parse url');
      else if (parsed.scheme !== 'http' && parsed.scheme !== 'https') report('error', [...path, 'url'], 'invalid url scheme');
      if (!thumbprint) report('error', [...path, 'thumbprint'], 'thumbprint is required');
      if (advertisement && !isJson(advertisement)) report('error', [...path, 'advertisement'], 'advertisement is not valid JSON');
    },
    Systemd: ({ units = [] }: ignition.Systemd, path) => validateInstances(units, path, report),
    Unit: ({ name, contents, enabled }: ignition.Unit, path) => {
      if (!UNIT_EXTENSIONS.has(extension(name))) report('error', [...path, 'name'], 'invalid systemd unit extension');
      const file = readUnitFile(contents ?? '');
      if (file.problem) {
        report('error', [...path, 'contents'], `invalid unit content: ${file.problem}`);
      } else if (enabled && contents && !file.sections.has('Install')) {
        report('warning', [...path, 'contents'], `unit ${quote(name)} is enabled, but has no install section so enable does nothing`);
      }
    },
    Dropin: ({ name, contents }: ignition.Dropin, path) => {
      const { problem } = readUnitFile(contents ?? '');
      if (problem) report('error', [...path, 'contents'], `invalid unit content: ${problem}`);
      if (extension(name) !== '.conf') report('error', [...path, 'name'], 'invalid systemd drop-in extension');
    },
  };
}

/** Suffixes of units that Ignition takes. */
export const UNIT_EXTENSIONS: ReadonlySet<string> = new Set([
  '.service', '.socket', '.device', '.mount', '.automount', '.swap', '.target', '.path', '.timer', '.snapshot', '.slice', '.scope',
]);
const GUID = /^(|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})$/;
