import { lstatSync, readdirSync, readlinkSync } from 'fs';
import { join, posix } from 'path';
import { Traced } from './merge';
import type { TranslateContext, TranslationEntry } from './translation';
import { Tree } from '../spec/config';
import { File, Link } from '../spec/ignition';
import { LocalFiles, NO_FOLDER, reason } from '../spec/local-files';
import { Path } from '../spec/report';

/** Adds the files and links of local folders to a config, in place, in the order of their names. */
export function addTrees(trees: readonly Tree[], traced: Traced, context: TranslateContext): TranslationEntry[] {
  if (trees.length === 0) return [];
  const adder = new TreeAdder(traced, context);
  for (const [index, tree] of trees.entries()) {
    const path = ['storage', 'trees', index];
    if (!context.files.folder) {
      adder.error(path, NO_FOLDER);
      break;
    }
    adder.add(tree, path, context.files);
  }
  return adder.entries;
}

class TreeAdder {
  public readonly entries: TranslationEntry[] = [];
  private readonly files: File[];
  private readonly links: Link[];
  private readonly fileIndex: Map<string, number>;
  private readonly linkIndex: Map<string, number>;
  private readonly folders: Set<string>;
  private readonly storage: { files?: File[]; links?: Link[] };

  public constructor(private readonly traced: Traced, private readonly context: TranslateContext) {
    const storage = traced.config.storage ??= {};
    this.storage = storage;
    this.files = [...storage.files ?? []];
    this.links = [...storage.links ?? []];
    this.fileIndex = new Map(this.files.map(({ path }, index) => [path, index]));
    this.linkIndex = new Map(this.links.map(({ path }, index) => [path, index]));
    this.folders = new Set(storage.directories?.map(({ path }) => path));
  }

  public error(path: Path, text: string): void {
    this.entries.push({ severity: 'error', path, text });
  }

  public add({ local, path: target }: Tree, path: Path, files: LocalFiles): void {
    const folder = files.inside(local);
    if (typeof folder === 'string') return this.error(path, folder);
    const isFolder = files.isFolder(folder.path);
    if (typeof isFolder === 'string') return this.error(path, isFolder);
    if (!isFolder) return this.error(path, 'root of tree must be a directory');
    this.walk(folder.path, target || '/', '', path);
    if (this.files.length > 0) this.storage.files = this.files;
    if (this.links.length > 0) this.storage.links = this.links;
    return undefined;
  }

  private walk(folder: string, target: string, relative: string, path: Path): void {
    let names: string[];
    try {
      names = readdirSync(join(folder, relative)).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    } catch (error) {
      return this.error(path, reason(error, 'open', join(folder, relative)));
    }
    for (const name of names) {
      const inner = relative === '' ? name : `${relative}/${name}`;
      const source = join(folder, inner);
      const stat = lstatSync(source);
      if (stat.isDirectory()) this.walk(folder, target, inner, path);
      else if (stat.isFile()) this.file(source, posix.join(target, inner), stat.mode, path);
      else if (stat.isSymbolicLink()) this.link(source, posix.join(target, inner), path);
      else this.error(path, 'trees may only contain files, directories, and symlinks');
    }
  }

  private file(source: string, target: string, localMode: number, path: Path): void {
    const { origins } = this.traced;
    let index = this.fileIndex.get(target);
    if (index === undefined) {
      if (this.linkIndex.has(target) || this.folders.has(target)) return this.error(path, NODE_EXISTS);
      index = this.files.length;
      this.fileIndex.set(target, index);
      this.files.push({ path: target });
      for (const part of FILE_PARTS) origins?.add(path, ['storage', 'files', index, ...part]);
      if (index === 0) origins?.add(path, ['storage', 'files']);
    } else if (this.files[index].contents?.source) {
      return this.error(path, NODE_EXISTS);
    }
    const file = this.files[index] = { ...this.files[index] };
    const body = this.context.files.contents(source);
    if (typeof body === 'string') return this.error(path, body);
    const to = ['storage', 'files', index];
    const compressed = Boolean(file.contents?.compression);
    const encoded = this.context.encoder.encode(body, !compressed && this.context.compress);
    file.contents = { ...file.contents, source: encoded.source };
    origins?.add(path, [...to, 'contents', 'source']);
    if (!compressed) {
      file.contents.compression = encoded.compression;
      origins?.add(path, [...to, 'contents', 'compression']);
    }
    origins?.add(path, [...to, 'contents']);
    if (file.mode === undefined) {
      file.mode = isExecutable(localMode) ? 0o755 : 0o644;
      origins?.add(path, [...to, 'mode']);
    }
    return undefined;
  }

  private link(source: string, target: string, path: Path): void {
    const { origins } = this.traced;
    let index = this.linkIndex.get(target);
    if (index === undefined) {
      if (this.fileIndex.has(target) || this.folders.has(target)) return this.error(path, NODE_EXISTS);
      index = this.links.length;
      this.linkIndex.set(target, index);
      this.links.push({ path: target });
      for (const part of LINK_PARTS) origins?.add(path, ['storage', 'links', index, ...part]);
      if (index === 0) origins?.add(path, ['storage', 'links']);
    } else if (this.links[index].target) {
      return this.error(path, NODE_EXISTS);
    }
    this.links[index] = { ...this.links[index], target: readlinkSync(source) };
    origins?.add(path, ['storage', 'links', index, 'target']);
    return undefined;
  }
}

/** By anyone: what the umask of a checkout leaves must not decide. */
function isExecutable(mode: number): boolean {
  // eslint-disable-next-line no-bitwise
  return (mode & 0o111) !== 0;
}

const NODE_EXISTS = 'matching filesystem node has existing contents or different type';

/** The fields of a new node: all come from the tree, filled or not. */
const NODE_PARTS: Path[] = [
  [],
  ['group'],
  ['group', 'id'],
  ['group', 'name'],
  ['overwrite'],
  ['path'],
  ['user'],
  ['user', 'id'],
  ['user', 'name'],
];
const FILE_PARTS: Path[] = [
  ...NODE_PARTS,
  ['append'],
  ['contents'],
  ['contents', 'compression'],
  ['contents', 'httpHeaders'],
  ['contents', 'source'],
  ['contents', 'verification'],
  ['contents', 'verification', 'hash'],
  ['mode'],
];
const LINK_PARTS: Path[] = [...NODE_PARTS, ['hard'], ['target']];
