import { Excerpt, excerpt } from './excerpt';
import type { Input } from './input-files';
import { PlaceFinder } from './locate-text';
import { NodeBudget } from './node-budget';
import { notesOnFiles, notesOnObjects } from './notes';
import { parseTexts, YamlDocument, YamlFile } from './yaml-file';
import type { Finding } from '../core/finding';
import type { JudgeOptions } from '../documents/facts';
import { judgeAll, ObjectFinding, RULE_BY_ID } from '../rules';

/** A finding and where it stands in a file. */
export interface FileFinding extends Required<Finding> {
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
  readonly summary: Summary;
  /** How many files were read, whether all that is in them could be or not. */
  readonly files: number;
}

/** The result in figures; silence of the rules means something only beside how much they judged. */
export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly acknowledged: number;
  /** Kubernetes objects, those inside others among them, and nmstate states that stand by themselves. */
  readonly objects: number;
  /** How many of these are of a kind that the rules judge. */
  readonly judged: number;
}

/** A stream may hold what lies in many files. */
function fileIn(name: string | undefined): string | undefined {
  return name === '-' ? undefined : name;
}

/** Reads inputs and judges all objects in them together, as those of one cluster. */
export function checkInputs(inputs: Iterable<Input>, options: JudgeOptions = {}): Report {
  const problems: InputProblem[] = [];
  const notes: string[] = [];
  const documents = new Map<unknown, YamlDocument>();
  const named = new Map<string, readonly YamlDocument[]>();
  const budget = new NodeBudget();
  let files = 0;
  for (const input of inputs) {
    if ('problem' in input) {
      problems.push({ file: input.name, message: input.problem });
    } else if ('note' in input) {
      notes.push(`'${input.name}' ${input.note}`);
    } else {
      files++;
      const { documents: read, problem } = readDocuments(new YamlFile(input.name, input.text, budget));
      for (const document of read) documents.set(document.value, document);
      if (problem) problems.push(problem);
      else if (input.named) named.set(input.name, read);
    }
  }
  const fileOf = (document: unknown) => documents.get(document)?.file.name;
  const verdict = judgeAll(documents.keys(), {
    parseYaml: parseTexts,
    fileOf,
    appliedWith: (document) => fileIn(fileOf(document)),
    ...options,
  });
  const places = new PlaceFinder();
  const found = verdict.findings.map((finding) => located(finding, documents.get(finding.subject.document)!, places));
  const findings = inOrder(found, [...documents.values()]);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const { acknowledged, objects, judged } = verdict;
  return {
    findings,
    problems,
    notes: [...notes, ...notesOnFiles(named, verdict.sets), ...notesOnObjects(verdict, (options.passwords?.length ?? 0) > 0)],
    summary: { errors, warnings: findings.length - errors, acknowledged, objects, judged },
    files,
  };
}

/** What can be read of a file. One broken document costs one line, and the others are still checked. */
function readDocuments(file: YamlFile): { readonly documents: readonly YamlDocument[]; readonly problem?: InputProblem } {
  const documents: YamlDocument[] = [];
  let problem: InputProblem | undefined;
  for (const read of file.read()) {
    if ('value' in read) {
      if (typeof read.value === 'object' && read.value !== null) documents.push(read);
    } else {
      const hint = read.message.startsWith('is broken') ? hintOfTemplate(file.text) : '';
      problem ??= { file: file.name, ...file.position(read.offset), message: read.message + hint };
    }
  }
  return { documents, problem };
}

/** Templates are no YAML before they are filled in, and whoever has many of them should know what to check instead. */
function hintOfTemplate(text: string): string {
  if (text.includes('{%')) return '; it looks like a Jinja template: check what your tool makes of it';
  const isTemplate = /^[ \t]*(?:-[ \t]+)?\{\{|:[ \t]+\{\{/m.test(text);
  return isTemplate ? "; it looks like a template: check what 'helm template', or whatever fills it in, makes of it" : '';
}

function located(finding: ObjectFinding, document: YamlDocument, places: PlaceFinder): FileFinding {
  const { rule, severity, message, fix, subject, pointer } = finding;
  const conceal = RULE_BY_ID.get(rule)!.conceals ?? false;
  const shown = excerpt(document, places.find(document, finding, conceal), conceal);
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
  return [...findings].sort(
    (one, other) => order.get(one.file)! - order.get(other.file)! || one.line - other.line || one.column - other.column,
  );
}
