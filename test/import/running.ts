import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { basename, dirname, join } from 'path';
import * as ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import * as library from '../../src';
import { OpenShiftVersion } from '../../src';
import { KUBERNETES_YAML } from '../../src/check/yaml-options';
import { Imported, importFiles, ImportRequest } from '../../src/import/import';

const ROOT = join(__dirname, '..', '..');

/** Every program that was run, to be compiled with its types in one go. */
export const PROGRAMS = new Map<string, string>();

/** The objects of a text of YAML, as the library of YAML reads them by itself. */
export function objectsOf(text: string): any[] {
  return parseAllDocuments(text, KUBERNETES_YAML).map((document) => document.toJSON()).filter((object) => object !== null);
}

/** Writes files, imports their folder, and returns what was made of it. */
export function importTexts(texts: { readonly [name: string]: string | Buffer }, request: Partial<ImportRequest> = {}): Imported {
  const folder = mkdtempSync(join(tmpdir(), 'import-'));
  try {
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return importFiles({ paths: [folder], out: 'app.ts', version: OpenShiftVersion.of('4.16'), passwords: [], ...request });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes a program and its files, runs it there, and returns the objects of every file that it synthesizes. */
export function runProgram({ text, files }: Pick<Imported, 'text' | 'files'>, others: { readonly [name: string]: string } = {}): any[] {
  PROGRAMS.set(`program-${PROGRAMS.size}.ts`, text);
  const folder = mkdtempSync(join(tmpdir(), 'imported-'));
  const home = process.cwd();
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    for (const [path, bytes] of [...files, ...Object.entries(others)]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    process.chdir(folder);
    run(text);
    const dist = join(folder, 'dist');
    if (!existsSync(dist)) return [];
    return readdirSync(dist).sort().flatMap((name) => objectsOf(readFileSync(join(dist, name), 'utf8')));
  } finally {
    told.mockRestore();
    process.chdir(home);
    rmSync(folder, { recursive: true });
  }
}

function run(code: string): void {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText, diagnostics } = ts.transpileModule(code, { compilerOptions, reportDiagnostics: true });
  expect(diagnostics).toEqual([]);
  const requireHere = createRequire(__filename);
  const load = (name: string) =>
    name === 'cdk8s-openshift-ipsec' ? library : name === 'cdk8s' ? jest.requireActual('cdk8s') : requireHere(name);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('require', 'exports', outputText)(load, {});
}

/** What the compiler, as strict as cdk8s has it in a new project, says of all programs that were run. */
export function typeProblems(): string[] {
  const files = new Map([...PROGRAMS].map(([name, text]) => [join(__dirname, name), text]));
  const options: ts.CompilerOptions = {
    ...ts.parseJsonConfigFileContent(ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, ROOT).options,
    noEmit: true,
    declaration: false,
    skipLibCheck: true,
    rootDir: ROOT,
    strict: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules', '@types')],
    paths: { 'cdk8s-openshift-ipsec': [join(ROOT, 'src')] },
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...rest) =>
    files.has(file) ? ts.createSourceFile(file, files.get(file)!, rest[0]) : getSourceFile(file, ...rest);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ messageText, start = 0 }) =>
      `${basename(file)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}: ${files.get(file)!.slice(start, start + 60)}`);
  });
}

/** Without what the cluster writes, and without the annotations that constructs add. */
export function comparable({ status, ...object }: any): any {
  const { uid, resourceVersion, creationTimestamp, generation, managedFields, selfLink, annotations, ...metadata } = object.metadata ?? {};
  const own = Object.entries(annotations ?? {}).filter(([name]) => !name.startsWith('ipsec.cdk8s.io/certificate-')
    && name !== 'ipsec.cdk8s.io/acknowledge.private-key-exposed');
  return {
    ...object,
    metadata: {
      ...metadata,
      ...own.length > 0 || annotations && Object.keys(annotations).length === 0 ? { annotations: Object.fromEntries(own) } : {},
    },
  };
}

/** In an order that does not depend on files: by what they are. */
export function sorted(objects: readonly any[]): any[] {
  return objects.map(comparable).map((object): [string, any] => [JSON.stringify(object, (_, value) => (
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value)), object]).sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object);
}
