import { PayloadEncoder } from './encoder';
import { Origins } from './origins';
import { ButaneConfig, OpenShift } from './spec/config';
import { decode } from './spec/decode';
import { MachineConfigObject, MachineConfigSpec } from './spec/ignition';
import { LocalFiles } from './spec/local-files';
import { Entry, Path } from './spec/report';
import { configSchema, snake, Struct } from './spec/schema';
import { unusedKeys } from './spec/unused-keys';
import { ButaneVersion } from './spec/versions';
import { goJson, machineConfigObject, prune } from './translate/output';
import { translate } from './translate/translate';
import type { TranslateContext, Translation, TranslationEntry } from './translate/translation';
import { addFipsCiphers, checkForbiddenFields, checkOperatorSupport } from './validate/machine-config-rules';
import { validateNestedConfigs } from './validate/nested-config';
import { operatorWarnings } from './validate/operator-warnings';
import { findDuplicates, validateIgnition } from './validate/validate-ignition';
import { validateInput } from './validate/validate-input';
import { SourceError, YamlSource } from './yaml/yaml-source';

/** How a config is compiled. */
export interface CompileSettings {
  /** The folder of the files that the config names; without it, it may name none. */
  readonly filesDir?: string;
  /** Whether only the Ignition config is wanted. */
  readonly raw?: boolean;
  /** Whether payloads may be compressed, where the version allows it. */
  readonly compress: boolean;
  /** Whether a warning of the tool refuses the config. */
  readonly strict?: boolean;
}

/** A config that was accepted. */
export interface Compiled {
  /** The object; with `raw`, the one whose Ignition config is wanted. */
  readonly object: MachineConfigObject;
  readonly warnings: readonly Entry[];
  readonly source: YamlSource;
}

/**
 * Compiles the text of a Butane config, openshift variant.
 *
 * @throws SourceError for a config that the tool refuses
 */
export function compileText(text: string, settings: CompileSettings): Compiled {
  const source = YamlSource.parse(text.replace(/^\ufeff/, ''));
  const version = readVersion(source);
  const schema = configSchema(version.minor);
  const config = decode(source, schema);
  const early = unusedKeys(source, schema, version.minor, config);
  const { object, entries } = compileConfig(config, version, settings, early, source);
  const warnings = entries.map((entry) => located(entry, source));
  if (settings.strict && warnings.some(({ ours }) => !ours)) {
    throw new SourceError(warnings.filter(({ ours }) => !ours).map((entry) => ({ ...entry, severity: 'error' as const })));
  }
  return { object, warnings, source };
}

/** The same for a config that exists as an object; what is wrong with it has a path, but no place. */
export function compileConfig(
  config: ButaneConfig, version: ButaneVersion, settings: CompileSettings, early: readonly Entry[] = [], source?: YamlSource,
): { readonly object: MachineConfigObject; readonly entries: readonly Entry[] } {
  return new Compilation(config, version, settings, early, source).run();
}

class Compilation {
  private readonly schema: Struct;
  private readonly context: TranslateContext;
  private readonly entries: Entry[];
  private fips: ReturnType<typeof addFipsCiphers> = [];
  private traced?: Origins;

  public constructor(
    private readonly config: ButaneConfig,
    private readonly version: ButaneVersion,
    private readonly settings: CompileSettings,
    early: readonly Entry[],
    private readonly source?: YamlSource,
  ) {
    this.schema = configSchema(version.minor);
    this.context = {
      version,
      schema: this.schema,
      files: new LocalFiles(settings.filesDir),
      encoder: PayloadEncoder.shared,
      compress: settings.compress && version.has('compression'),
    };
    this.entries = [...early];
  }

  public run(): { object: MachineConfigObject; entries: Entry[] } {
    this.entries.push(...validateInput(this.config, this.schema, this.version));
    this.entries.push(...validateNestedConfigs(this.config, this.version));
    this.stopOnErrors();
    const translation = translate(this.config, this.context, false);
    if (translation.entries.some(({ severity }) => severity === 'error')) this.add(translation.entries, true);
    const { kernelArguments, extensions, fips, kernelType } = this.config.openshift ?? {};
    const spec: MachineConfigSpec = { config: translation.config, kernelArguments, extensions, fips, kernelType };
    this.fips = addFipsCiphers(spec, this.version);
    this.add(translation.entries);
    this.add(checkOperatorSupport(spec.config, this.version));
    if (this.settings.raw) this.entries.push(...ignoredFields(this.config.openshift));
    this.stopOnErrors();
    // The tool names these fields by their place in a MachineConfig, and so does not find them without one.
    if (!this.settings.raw) this.add(checkForbiddenFields(spec.config, this.version));
    this.stopOnErrors();
    if (!this.settings.raw) this.entries.push(...duplicateTexts(this.config.openshift));
    this.add(findDuplicates(this.schema, spec.config));
    const dialect = { ignition34: this.version.has('ignition34'), ignition35: this.version.has('ignition35') };
    this.add(validateIgnition(this.schema, spec.config, dialect));
    this.stopOnErrors();
    const { metadata } = this.config;
    const object = machineConfigObject(metadata!.name, metadata!.labels, { ...spec, config: prune(this.schema, spec.config) });
    if (!this.settings.raw) this.entries.push(...operatorWarnings(object, () => Buffer.byteLength(goJson(object))));
    return { object, entries: this.entries };
  }

  private add(entries: readonly TranslationEntry[], stop = false): void {
    for (const { generated, ...entry } of entries) this.entries.push(generated ? { ...entry, path: this.inputPath(entry.path) } : entry);
    if (stop) this.stopOnErrors();
  }

  private stopOnErrors(): void {
    if (!this.entries.some(({ severity }) => severity === 'error')) return;
    throw new SourceError(this.source ? this.entries.map((entry) => located(entry, this.source!)) : this.entries);
  }

  /** The path in the config of something in the output. */
  private inputPath(path: Path): Path {
    // A field that is missing has no origin; what it is missing from has one.
    for (let length = path.length; length > 0; length--) {
      const known = this.origins().of(path.slice(0, length));
      if (known) return [...known, ...path.slice(length).map((step) => typeof step === 'string' ? snake(step) : step)];
    }
    return path.map((step) => typeof step === 'string' ? snake(step) : step);
  }

  private origins(): Origins {
    if (!this.traced) {
      const translation: Translation = translate(this.config, this.context, true);
      this.traced = translation.origins!;
      for (const { volume, first } of this.fips) {
        const options = ['storage', 'luks', volume, 'options'];
        for (const index of [first, first + 1]) this.traced.add(['openshift', 'fips'], [...options, index]);
        if (first === 0) this.traced.add(['openshift', 'fips'], options);
      }
    }
    return this.traced;
  }
}

/** Fields of the MachineConfig that an Ignition config has no place for. */
function ignoredFields({ kernelArguments, extensions, fips, kernelType }: OpenShift = {}): Entry[] {
  return Object.entries({ kernel_arguments: kernelArguments, extensions, fips, kernel_type: kernelType })
    .filter(([, value]) => value !== undefined)
    .map(([key]) => ({ severity: 'warning', path: ['openshift', key], text: 'field ignored in raw mode' }));
}

function duplicateTexts({ kernelArguments = [], extensions = [] }: OpenShift = {}): Entry[] {
  return Object.entries({ kernel_arguments: kernelArguments, extensions }).flatMap(([key, texts]) => texts
    .map((text, index): Entry | undefined => texts.indexOf(text) === index ? undefined
      : { severity: 'error', path: ['openshift', key, index], text: 'duplicate entry defined' })
    .filter((entry) => entry !== undefined));
}

function located(entry: Entry, source: YamlSource): Entry {
  return entry.position ? entry : { ...entry, position: source.locate(entry.path) };
}

/** Which variant and version a config is of; everything else depends on that. */
function readVersion(source: YamlSource): ButaneVersion {
  const { variant, version } = decode(source, VERSION_SCHEMA) as { variant?: string; version?: string };
  const fail = (key: string, text: string): never => {
    throw new SourceError([{ severity: 'error', path: [key], text, position: source.locate([key]) }]);
  };
  if (!variant) return fail('variant', 'error parsing variant; must be specified');
  if (!isSemver(version ?? '')) return fail('version', 'error parsing version; must be a valid semver');
  if (variant === 'rhcos') {
    return fail('variant', 'rhcos variant has been removed; use openshift variant instead: '
      + 'https://coreos.github.io/butane/upgrading-openshift/');
  }
  const found = variant === 'openshift' ? ButaneVersion.find(canonical(version!)) : undefined;
  if (found) return found;
  const known = ButaneVersion.names().join(', ');
  return fail(variant === 'openshift' ? 'version' : 'variant', `No translator exists for variant ${variant} with version ${version}: `
    + `the variant must be openshift and its version one of ${known}`);
}

const VERSION_SCHEMA: Struct = {
  name: 'commonFields',
  fields: configSchema(0).fields.filter(({ key }) => key === 'version' || key === 'variant'),
};

/** `04.16.0` is 4.16.0 to the tool. */
function canonical(version: string): string {
  return version.replace(/^[+]?(\d+)\.[+]?(\d+)\.[+]?(\d+)$/, (_, ...parts: string[]) =>
    parts
      .slice(0, 3)
      .map((part) => part.replace(/^0+(?=\d)/, ''))
      .join('.'),
  );
}

function isSemver(version: string): boolean {
  const match = /^([+-]?\d+)\.([+-]?\d+)\.([+-]?\d+)(?:-([^+]*))?(?:\+(.*))?$/s.exec(version);
  return match !== null && [match[4] ?? '', match[5] ?? ''].every((part) => /^[0-9A-Za-z-.]*$/.test(part));
}

