import { relative } from 'path';
import { isGitPath } from './git-files';
import type { Input } from '../check/input-files';
import { NodeBudget } from '../check/node-budget';
import { isButane } from '../check/notes';
import { parseTexts, YamlFile } from '../check/yaml-file';
import { InputError } from '../core/input-error';
import { clustersOf } from '../documents/clusters';
import type { DocumentSet } from '../documents/document-set';

/** A file with its documents. */
export interface ReadFile {
  /** The folders between what the user named and the file. */
  readonly folder: readonly string[];
  readonly documents: readonly unknown[];
}

/** The files of one side of a change, and what of them could not be read, a line each. */
export interface ReadFiles {
  readonly files: readonly ReadFile[];
  readonly problems: readonly string[];
  /** What was passed over, a line each: a file in a folder may be the source of what lies beside it. */
  readonly notes: readonly string[];
}

/**
 * The files of one side.
 *
 * @param root what the user named: a folder, file or git:REV:PATH, with which the names of the inputs begin
 */
export function readFiles(root: string, inputs: Iterable<Input>): ReadFiles {
  const problems: string[] = [];
  const files: ReadFile[] = [];
  const notes: string[] = [];
  const budget = new NodeBudget();
  for (const input of inputs) {
    if ('problem' in input) problems.push(`${input.name}: ${input.problem}`);
    if (!('text' in input)) continue;
    const documents: unknown[] = [];
    readDocuments(new YamlFile(input.name, input.text, budget), documents, problems);
    if (documents.some(isButane)) {
      (input.name === root ? problems : notes).push(`${input.name}: is a Butane config, which is not planned: plan what 'openshift-ipsec butane' makes of it`);
    }
    files.push({ folder: foldersBelow(root, input.name), documents });
  }
  return { files, problems, notes };
}

/** The names are made from the root, so that no file system is asked. */
function foldersBelow(root: string, name: string): string[] {
  const inside = isGitPath(root) ? name.slice(root.replace(/\/$/, '').length) : relative(root, name);
  return inside.split(/[/\\]/).filter((part) => part !== '').slice(0, -1);
}

/** One side of a change as it was read. */
export interface ReadSide {
  readonly set: DocumentSet;
  /** What could not be read, a line each. */
  readonly problems: readonly string[];
}

/**
 * The manifests of one side.
 *
 * @param name what messages call it: OLD or NEW
 * @throws where they are for several clusters
 */
export function readSide(name: string, inputs: Iterable<Input>, passwords: readonly Buffer[] = []): ReadSide {
  const problems: string[] = [];
  const documents: unknown[] = [];
  const budget = new NodeBudget();
  for (const input of inputs) {
    if ('problem' in input) problems.push(`${input.name}: ${input.problem}`);
    else if ('text' in input) readDocuments(new YamlFile(input.name, input.text, budget), documents, problems);
  }
  const { sets, unopened } = clustersOf(documents, { parseYaml: parseTexts, passwords });
  for (const { subject, why } of unopened) {
    problems.push(`a text in ${subject.kind} '${subject.name ?? ''}' looks like manifests and is not read: ${why}`);
  }
  if (sets.length > 1) {
    const clusters = sets.map(({ subjects }) => subjects[0]?.cluster ?? '(none named)').sort();
    throw new InputError(
      `${name} has the objects of ${sets.length} clusters (${clusters.slice(0, 5).join(', ')}${clusters.length > 5 ? ', …' : ''}), `
        + "and peers are those of one cluster's: give the folder of one cluster",
    );
  }
  return { set: sets[0], problems };
}

function readDocuments(file: YamlFile, documents: unknown[], problems: string[]): void {
  for (const read of file.read()) {
    if ('value' in read) {
      if (typeof read.value === 'object' && read.value !== null) documents.push(read.value);
    } else {
      const { line, column } = file.position(read.offset);
      problems.push(`${file.name}:${line}:${column}: ${read.message}`);
    }
  }
}
