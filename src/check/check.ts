import { Excerpt, excerpt } from './excerpt';
import type { Input } from './input-files';
import { NodeBudget, parseText, YamlDocument, YamlFile } from './yaml-file';
import { RULES } from '../rules/catalogue';
import { DocumentSet } from '../rules/document-set';
import type { JudgeOptions } from '../rules/facts';
import { judge, Judgement } from '../rules/judge';
import { unreadOf } from '../rules/machine-config/scripts';
import type { AnyRule, Severity } from '../rules/rule';

/** A finding and where it stands in a file. */
export interface FileFinding {
  readonly rule: AnyRule;
  readonly severity: Severity;
  readonly message: string;
  readonly fix: string;
  readonly object: { readonly apiVersion: string; readonly kind: string; readonly name: string; readonly namespace?: string };
  /** A JSON pointer into the document. */
  readonly path: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly excerpt: Excerpt;
}

/** An input that could not be read, or a part of it. */
export interface InputProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** What came out of checking files. */
export interface Report {
  readonly findings: readonly FileFinding[];
  readonly problems: readonly InputProblem[];
  /** What could not be judged, and is no finding. */
  readonly notes: readonly string[];
  readonly summary: { readonly errors: number; readonly warnings: number; readonly acknowledged: number };
  /** How many files were read. */
  readonly files: number;
}

/** Reads inputs and judges all objects in them together, as those of one cluster. */
export function checkInputs(inputs: Iterable<Input>, options: JudgeOptions = {}): Report {
  const problems: InputProblem[] = [];
  const documents = new Map<unknown, YamlDocument>();
  const budget = new NodeBudget();
  let files = 0;
  for (const input of inputs) {
    if ('problem' in input) {
      problems.push({ file: input.name, message: input.problem });
      continue;
    }
    files++;
    readDocuments(new YamlFile(input.name, input.text, budget), documents, problems);
  }
  const set = new DocumentSet(documents.keys(), { parseYaml: parseText, ...options });
  const { judgements, acknowledged } = judge(set, RULES);
  const findings = inOrder(judgements.map((judgement) => toFinding(judgement, documents.get(judgement.subject.document)!)), [...documents.values()]);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return { findings, problems, notes: notesOf(set), summary: { errors, warnings: findings.length - errors, acknowledged }, files };
}

/** Adds the Kubernetes objects of a file. One broken document costs one line, and the others are still checked. */
function readDocuments(file: YamlFile, documents: Map<unknown, YamlDocument>, problems: InputProblem[]): void {
  let told = false;
  for (const read of file.read()) {
    if ('value' in read) {
      if (typeof read.value === 'object' && read.value !== null) documents.set(read.value, read);
    } else if (!told) {
      told = true;
      const hint = /^\s*\{\{/m.test(file.text) && read.message.startsWith('is broken') ? "; it looks like a Helm template: check what 'helm template' makes of it" : '';
      problems.push({ file: file.name, ...file.position(read.offset), message: read.message + hint });
    }
  }
}

function toFinding({ rule, severity, message, fix, subject, pointer }: Judgement, document: YamlDocument): FileFinding {
  const conceal = rule.conceals ?? false;
  const shown = excerpt(document, document.locate(pointer, conceal), conceal);
  return {
    rule,
    severity,
    message,
    fix,
    object: { apiVersion: subject.apiVersion, kind: subject.kind, name: subject.name ?? '', namespace: subject.namespace },
    path: pointer,
    file: document.file.name,
    line: shown.line,
    column: shown.column,
    excerpt: shown,
  };
}

/** By file as they were given, then from top to bottom. */
function inOrder(findings: readonly FileFinding[], documents: readonly YamlDocument[]): FileFinding[] {
  const order = new Map<string, number>();
  for (const { file } of documents) if (!order.has(file.name)) order.set(file.name, order.size);
  return [...findings].sort((one, other) => order.get(one.file)! - order.get(other.file)! || one.line - other.line || one.column - other.column);
}

function notesOf(set: DocumentSet): string[] {
  return [...lockedNotes(set), ...unreadNotes(set)];
}

/** How many of a kind are named, before only their number is told. */
const NAMED = 3;

/** Silence must not stand for what was not looked at. */
function unreadNotes({ machineConfigs, certificateImports }: DocumentSet): string[] {
  const unread = [
    ...machineConfigs.flatMap((machineConfig) => unreadOf(machineConfig).map((what) => ({ machineConfig, what }))),
    ...certificateImports.all.filter(({ opened }) => opened && 'unread' in opened).map(({ bundle, machineConfig }) => (
      { machineConfig, what: `'${bundle!.path}' was not opened, because the bundles before it asked for all the key derivation that is worth waiting for` })),
  ];
  const named = unread.slice(0, NAMED).map(({ machineConfig, what }) => `MachineConfig '${machineConfig.subject.name}': ${what}`);
  return [...named, ...unread.length > NAMED ? [`${unread.length - NAMED} more were not read for such reasons`] : []];
}

function lockedNotes({ certificateImports }: DocumentSet): string[] {
  const locked = certificateImports.all.filter(({ opened }) => opened && 'locked' in opened);
  if (locked.length === 0) return [];
  const paths = [...new Set(locked.map(({ bundle }) => bundle!.path))];
  return [`${paths.slice(0, 3).map((path) => `'${path}'`).join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''} in MachineConfig '${locked[0].machineConfig.subject.name}'`
    + `${locked.length > 1 ? ' and others' : ''}: the bundle needs a password, so that its certificate was not judged; give it with --p12-password-file`];
}
