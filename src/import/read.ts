import { readdirSync } from 'fs';
import { dirname, join, sep } from 'path';
import type { ReadObject } from './candidate';
import { compileText } from '../butane/compile';
import { formatEntry, Entry } from '../butane/spec/report';
import { Input, inputFiles, MANIFESTS } from '../check/input-files';
import { NodeBudget } from '../check/node-budget';
import { YamlFile } from '../check/yaml-file';
import { InputError } from '../core/input-error';
import { readLocalFile, UnreadableFile } from '../core/local-file';
import { at, list, PlainObject, record, step } from '../documents/values';
import { OpenShiftVersion } from '../openshift/openshift-version';

/** What was found under the paths of an import. */
export interface ReadFiles {
  readonly objects: readonly ReadObject[];
  /** What keeps the import from being exact, a line each. */
  readonly problems: readonly string[];
  /** Whether a file, or a document in it, can't be read at all. */
  readonly isUnreadable: boolean;
  /** Files with what is no Kubernetes object, and goes on living where it is. */
  readonly passedOver: readonly string[];
  /** The release that Butane configs name, where they do. */
  readonly version?: OpenShiftVersion;
}

/** What the cluster itself writes, and refuses or overrules in a manifest. */
const OF_THE_CLUSTER = ['creationTimestamp', 'generation', 'managedFields', 'resourceVersion', 'selfLink', 'uid'];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Reads manifests and Butane configs: files, and folders with all that is in them. */
export function readFiles(paths: readonly string[]): ReadFiles {
  const reader = new Reader();
  for (const input of [...inputFiles(paths), ...paths.flatMap(butaneFiles)]) reader.read(input);
  return reader;
}

class Reader implements ReadFiles {
  public readonly objects: ReadObject[] = [];
  public readonly problems: string[] = [];
  public readonly passedOver: string[] = [];
  public isUnreadable = false;
  public version?: OpenShiftVersion;
  private readonly budget = new NodeBudget();

  public read(input: Input): void {
    if ('problem' in input) {
      this.cannotRead(`${input.name}: ${input.problem}`);
    } else if ('text' in input) {
      if (input.name.endsWith('.bu')) this.compile(input.name, input.text);
      else this.readDocuments(new YamlFile(input.name, input.text, this.budget));
    }
  }

  private readDocuments(file: YamlFile): void {
    for (const document of file.read()) {
      if ('value' in document) {
        if (isButane(document.value)) this.compile(file.name, file.text);
        else this.add(document.value, file.name);
      } else {
        const { line, column } = file.position(document.offset);
        this.cannotRead(`${file.name}:${line}:${column}: ${document.message}`);
      }
    }
  }

  private cannotRead(problem: string): void {
    this.problems.push(problem);
    this.isUnreadable = true;
  }

  private compile(name: string, text: string): void {
    try {
      const { object, source } = compileText(text, { filesDir: dirname(name), compress: true });
      this.objects.push({ object: JSON.parse(JSON.stringify(object)), file: name, leftOut: [] });
      const version = /^version:\s*["']?(\d+\.\d+)/m.exec(source.text)?.[1];
      if (version !== undefined) this.version ??= OpenShiftVersion.of(version);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { entries } = error as InputError & { readonly entries?: readonly Entry[] };
      this.problems.push(`${name}: ${entries ? entries.map(formatEntry).join('; ') : error.message}`);
    }
  }

  private add(value: unknown, file: string): void {
    if (value === null || value === undefined) return;
    const object = record(value);
    if (object?.kind === 'List' && object.apiVersion === 'v1') {
      for (const item of list(object.items)) this.add(item, file);
    } else if (!object || typeof object.kind !== 'string' || typeof object.apiVersion !== 'string') {
      this.passedOver.push(file);
    } else {
      const problem = unspeakable(object);
      if (problem) this.problems.push(`${file}: ${object.kind} '${String(at(object.metadata, 'name') ?? '')}' ${problem}`);
      else this.objects.push({ object: withoutTheClusters(object), file, leftOut: leftOut(object) });
    }
  }
}

function isButane(document: unknown): boolean {
  return typeof at(document, 'variant') === 'string' && at(document, 'version') !== undefined && at(document, 'kind') === undefined;
}

function withoutTheClusters({ status, ...object }: PlainObject): PlainObject {
  const given = record(object.metadata);
  if (!given) return object;
  const metadata = Object.fromEntries(Object.entries(given).filter(([key]) => !OF_THE_CLUSTER.includes(key)));
  const { [LAST_APPLIED]: applied, ...annotations } = record(given.annotations) ?? {};
  if (applied !== undefined) {
    if (Object.keys(annotations).length > 0) metadata.annotations = annotations;
    else delete metadata.annotations;
  }
  return { ...object, metadata };
}

/** What was read of an object and is left out. */
function leftOut(object: PlainObject): string[] {
  return [
    ...Object.hasOwn(object, 'status') ? ['status'] : [],
    ...OF_THE_CLUSTER.filter((key) => at(object.metadata, key) !== undefined).map((key) => `metadata.${key}`),
    ...at(object.metadata, 'annotations', LAST_APPLIED) === undefined ? [] : [`the annotation ${LAST_APPLIED}`],
  ];
}

/** Why a value can't be written again as it was read; undefined where it can. */
function unspeakable(value: unknown, path = ''): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return `has ${value} at '${path}', which no manifest can hold: take it out`;
  if (typeof value === 'bigint' || typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return `has a number at '${path}' of more digits than a program keeps: quote it where it is a text, or keep this file as it is`;
  }
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(record(value) ?? {});
  for (const [key, each] of inner) {
    if (key === '__proto__') return `has the key '__proto__' at '${path}', which no program can hold: keep this file as it is`;
    if (isMapAsKey(key)) {
      return `has a map for a key at '${path}', as a template with {{ … }} reads that nobody has filled in: fill it in, and import the result`;
    }
    const problem = unspeakable(each, path + step(key));
    if (problem) return problem;
  }
  return undefined;
}

/** How the reader shows a key that is no text. */
function isMapAsKey(key: string | number): boolean {
  if (typeof key === 'number' || !/^[[{].*[\]}]$/s.test(key)) return false;
  try {
    return typeof JSON.parse(key) === 'object';
  } catch {
    return false;
  }
}

const PASSED_OVER = ['.git', 'node_modules'];

/** The Butane configs in a folder, which no reader of manifests looks at. */
function butaneFiles(folder: string): Input[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names.filter((name) => name.endsWith('.bu') && !name.split(sep).some((part) => PASSED_OVER.includes(part))).sort()
    .map((name): Input => {
      const path = join(folder, name);
      try {
        return { name: path, text: readLocalFile(path, MANIFESTS).toString('utf8') };
      } catch (error) {
        if (!(error instanceof UnreadableFile)) throw error;
        return { name: path, problem: error.message };
      }
    });
}
