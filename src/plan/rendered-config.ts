import { ARGUMENTS, DEVICES, FILES, GROUPS, Items, LINKS, MergedItems, NAMED, sameTree, Tree, treeOf, UNITS, USERS } from './ignition-tree';
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

const FIXED: { readonly [section: string]: { readonly path: readonly string[]; readonly shape: Items } } = {
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
  const [files, units, users] = [FILES, UNITS, USERS].map((shape) => new MergedItems(shape));
  const fixed = Object.fromEntries(Object.entries(FIXED).map(([section, { shape }]) => [section, new MergedItems(shape)]));
  const byPath = [files, ...BY_PATH.map((section) => fixed[section])];
  for (const { spec } of ordered) {
    const own = sectionsOf(spec);
    const ownByPath = [own.files, ...BY_PATH.map((section) => own.fixed[section])];
    for (const [i, merged] of byPath.entries()) {
      for (const [j, others] of ownByPath.entries()) if (i !== j) merged.giveWay(others, ownByPath[i]);
    }
    files.add(own.files);
    units.add(own.units);
    users.add(own.users);
    for (const section of Object.keys(FIXED)) fixed[section].add(own.fixed[section]);
  }
  const specs = ordered.map(({ spec }) => spec);
  const last = (key: string) => specs.map((spec) => text(spec[key]) ?? '').filter((value) => value !== '').pop() ?? '';
  return {
    files: (files.tree as PlainObject[] | undefined ?? []).map(finished),
    units: units.tree as PlainObject[] | undefined ?? [],
    users: users.tree,
    fixed: Object.fromEntries(Object.entries(fixed).map(([section, merged]) => [section, merged.tree])),
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

const known = new WeakMap<PlainObject, Sections>();

/** What a MachineConfig says; worked out once, for it may be in many pools. */
function sectionsOf(spec: PlainObject): Sections {
  let sections = known.get(spec);
  if (!sections) known.set(spec, sections = readSections(spec.config));
  return sections;
}

function readSections(config: unknown): Sections {
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

/** What a MachineConfig says of each file or unit, by its path or name, to tell whose change it is. */
export function ownParts(spec: PlainObject | undefined, section: 'files' | 'units'): ReadonlyMap<string, Tree> {
  const parts = new Map<string, Tree>();
  for (const item of list(spec && sectionsOf(spec)[section])) {
    const key = String(at(item, section === 'files' ? 'path' : 'name'));
    if (!parts.has(key)) parts.set(key, item);
  }
  return parts;
}

/** Whether a refused difference is in a field of the configuration, and not in the file of this path. */
export function isFieldOfNode(path: string): boolean {
  return Object.hasOwn(FIXED, path) || path === 'passwd.users' || path === 'fips';
}

/** Whether nodes have nothing to do: the operator renders the same configuration. */
export function sameConfig(one: RenderedConfig, other: RenderedConfig): boolean {
  return sameTree(one, other);
}
