import { ARGUMENTS, DEVICES, FILES, GROUPS, LINKS, mergeTrees, NAMED, sameTree, Shape, Tree, treeOf, UNITS, USERS } from './ignition-tree';
import { at, list, PlainObject, record, text } from '../documents/values';

/** What is there for one MachineConfig in a pool. */
export interface ConfigSource {
  /** Its name, which decides the order. */
  readonly name: string;
  /** Its role; those of `worker` come before those of a custom pool, whatever their names. */
  readonly role: string;
  readonly spec: PlainObject;
}

/** All MachineConfigs of a pool as one, as the operator renders it for its nodes. */
export interface RenderedConfig {
  readonly files: readonly PlainObject[];
  readonly units: readonly PlainObject[];
  readonly users: Tree;
  /** Sections of Ignition by their names, which no change may touch on a running node. */
  readonly fixed: { readonly [section: string]: Tree };
  readonly kernelArguments: readonly unknown[];
  readonly extensions: readonly unknown[];
  readonly kernelType: string;
  readonly fips: boolean;
  readonly osImageURL: string;
  readonly baseOSExtensionsContainerImage: string;
}

const FIXED: { readonly [section: string]: { readonly path: readonly string[]; readonly shape: Shape } } = {
  'passwd.groups': { path: ['passwd', 'groups'], shape: GROUPS },
  'storage.disks': { path: ['storage', 'disks'], shape: DEVICES },
  'storage.filesystems': { path: ['storage', 'filesystems'], shape: DEVICES },
  'storage.raid': { path: ['storage', 'raid'], shape: NAMED },
  'storage.directories': { path: ['storage', 'directories'], shape: LINKS },
  'storage.links': { path: ['storage', 'links'], shape: LINKS },
  'kernelArguments.shouldExist': { path: ['kernelArguments', 'shouldExist'], shape: ARGUMENTS },
  'kernelArguments.shouldNotExist': { path: ['kernelArguments', 'shouldNotExist'], shape: ARGUMENTS },
};

/** Sections that share their paths: an item of a later config takes the place of one of another section. */
const BY_PATH = ['storage.directories', 'storage.links'];

const OTHER_KERNELS = ['realtime', '64k-pages'];

/**
 * Merges the MachineConfigs of a pool.
 *
 * Source: openshift/machine-config-operator (pkg/controller/common/helpers.go, `MergeMachineConfigs`).
 */
export function render(sources: readonly ConfigSource[]): RenderedConfig {
  const ordered = inOrder(sources);
  let [files, units, users]: Tree[] = [];
  let fixed: { [section: string]: Tree } = {};
  for (const { spec } of ordered) {
    const config = spec.config;
    const own = sectionsOf(config);
    const paths = new Set([...pathsOf(own.files), ...BY_PATH.flatMap((section) => pathsOf(own.fixed[section]))]);
    files = mergeTrees(without(files, paths, own.files), own.files, FILES);
    units = mergeTrees(units, own.units, UNITS);
    users = mergeTrees(users, own.users, USERS);
    fixed = Object.fromEntries(Object.entries(FIXED).map(([section, { shape }]) => {
      const before = BY_PATH.includes(section) ? without(fixed[section], paths, own.fixed[section]) : fixed[section];
      return [section, mergeTrees(before, own.fixed[section], shape)];
    }));
  }
  const specs = ordered.map(({ spec }) => spec);
  const last = (key: string) => specs.map((spec) => text(spec[key]) ?? '').filter((value) => value !== '').pop() ?? '';
  return {
    files: (files as PlainObject[] | undefined ?? []).map(finished),
    units: units as PlainObject[] | undefined ?? [],
    users,
    fixed,
    kernelArguments: specs.flatMap((spec) => list(spec.kernelArguments)),
    extensions: specs.flatMap((spec) => list(spec.extensions)),
    kernelType: specs.map((spec) => text(spec.kernelType) ?? '').filter((type) => OTHER_KERNELS.includes(type)).pop() ?? 'default',
    fips: specs.some((spec) => spec.fips === true),
    osImageURL: last('osImageURL'),
    baseOSExtensionsContainerImage: last('baseOSExtensionsContainerImage'),
  };
}

function inOrder(sources: readonly ConfigSource[]): ConfigSource[] {
  const byName = (one: ConfigSource, other: ConfigSource) => one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
  const ofWorker = (source: ConfigSource) => source.role === 'worker';
  return [...sources.filter(ofWorker).sort(byName), ...sources.filter((source) => !ofWorker(source)).sort(byName)];
}

interface Sections {
  readonly files: Tree;
  readonly units: Tree;
  readonly users: Tree;
  readonly fixed: { readonly [section: string]: Tree };
}

function sectionsOf(config: unknown): Sections {
  return {
    files: withCompression(treeOf(at(config, 'storage', 'files'), FILES)),
    units: treeOf(at(config, 'systemd', 'units'), UNITS),
    users: treeOf(at(config, 'passwd', 'users'), USERS),
    fixed: Object.fromEntries(Object.entries(FIXED).map(([section, { path, shape }]) => [section, treeOf(at(config, ...path), shape)])),
  };
}

/** The operator has each file say its compression, so that no file inherits that of an earlier config. */
function withCompression(files: Tree): Tree {
  return (files as PlainObject[] | undefined)?.map((file) =>
    treeOf({ ...file, contents: { compression: '', ...record(file.contents) } }, FILES.item),
  );
}

/** What a file is when all are merged: the compression that says nothing is gone, and every file is overwritten. */
function finished(file: PlainObject): PlainObject {
  const { compression, ...contents } = record(file.contents) ?? {};
  return treeOf(
    { overwrite: true, ...file, contents: compression === '' ? contents : { ...contents, compression } },
    FILES.item,
  ) as PlainObject;
}

function pathsOf(items: Tree): string[] {
  return list(items).map((item) => String(at(item, 'path')));
}

/** Items whose place another section takes; those of the same section are merged instead. */
function without(items: Tree, paths: ReadonlySet<string>, own: Tree): Tree {
  if (items === undefined) return undefined;
  const merged = new Set(pathsOf(own));
  return list(items).filter((item) => {
    const path = String(at(item, 'path'));
    return merged.has(path) || !paths.has(path);
  });
}

/** What a MachineConfig says of a file or unit, to tell whose change it is. */
export function ownPart(spec: PlainObject, section: 'files' | 'units', key: string): Tree {
  return list(sectionsOf(spec.config)[section]).find((item) => at(item, section === 'files' ? 'path' : 'name') === key);
}

/** Whether nodes have nothing to do: the operator renders the same configuration. */
export function sameConfig(one: RenderedConfig, other: RenderedConfig): boolean {
  return sameTree(one, other);
}
