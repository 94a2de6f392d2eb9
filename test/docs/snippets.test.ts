import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { createRequire } from 'module';
import { tmpdir } from 'os';
import { join, relative } from 'path';
import * as ts from 'typescript';
import * as library from '../../src';
import { makeCa, makeLeaf, makePkcs12 } from '../pki';

const ROOT = join(__dirname, '..', '..');

/** A program of the documentation, and what the page says that it prints. */
interface Snippet {
  readonly name: string;
  readonly code: string;
  readonly printed?: string;
}

/** The `ts` blocks of a page. A block whose fence says `printed` holds what the program before it prints. */
function snippetsOf(file: string): Snippet[] {
  const page = relative(ROOT, file);
  const blocks = [...readFileSync(file, 'utf8').matchAll(/^```(\w+)( printed)?\n([^]*?)^```$/gm)];
  return blocks.flatMap(([, language, printed, body], i) => {
    if (printed && blocks[i - 1]?.[1] !== 'ts') {
      throw new Error(`${page}: a block of what is printed stands after no program: ${body.slice(0, 80)}`);
    }
    if (language !== 'ts') return [];
    const next = blocks[i + 1];
    return [
      {
        name: `${page}, program ${blocks.slice(0, i + 1).filter(([, each]) => each === 'ts').length}`,
        code: body,
        printed: next?.[2] ? next[3] : undefined,
      },
    ];
  });
}

function pages(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // The generator of the site has its own packages, and no page.
    return entry.isDirectory() ? entry.name === 'site' ? [] : pages(path) : path.endsWith('.md') ? [path] : [];
  });
}

const SNIPPETS = [join(ROOT, 'README.md'), ...pages(join(ROOT, 'docs'))].flatMap(snippetsOf);

let directory: string;
const home = process.cwd();
const pki = (() => {
  const ca = makeCa();
  return { ca: ca.pem, bundle: makePkcs12({ identity: makeLeaf({ ca }), friendlyName: 'left_server', password: 'throwaway' }) };
})();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'snippet-'));
  process.chdir(directory);
  mkdirSync('dist');
  writeFileSync('ca.pem', pki.ca);
  for (const name of ['left_server', 'hosts/worker-0.example.com', 'hosts/worker-1.example.com']) {
    mkdirSync(join(name, '..'), { recursive: true });
    writeFileSync(`${name}.p12`, pki.bundle);
    writeFileSync(`${name}.password`, 'throwaway\n');
  }
});
afterEach(() => {
  process.chdir(home);
  rmSync(directory, { recursive: true });
});

/** Runs a program as a module of its own, and returns what it prints. */
function run(code: string): string {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const printed: string[] = [];
  const console = { log: (...words: unknown[]) => void printed.push(`${words.join(' ')}\n`) };
  const requireHere = createRequire(__filename);
  const load = (name: string) =>
    name === 'cdk8s-openshift-ipsec' ? library : name === 'cdk8s' ? jest.requireActual('cdk8s') : requireHere(name);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  new Function('require', 'exports', 'console', outputText)(load, {}, console);
  return printed.join('');
}

test('the documentation has programs', () => {
  expect(SNIPPETS.length).toBeGreaterThan(10);
});

test.each(SNIPPETS.map((snippet): [string, Snippet] => [snippet.name, snippet]))(
  '%s runs, and prints what the page says',
  (_, { code, printed }) => {
    const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const output = run(code);
    const warnings = told.mock.calls.map(([text]) => String(text));
    told.mockRestore();
    if (printed !== undefined) expect(output.trimEnd()).toBe(printed.trimEnd());
    else expect(output).toBe('');
    expect(warnings).toEqual([]);
  },
);

test('every program is type-correct', () => {
  const folder = join(ROOT, 'test', 'docs');
  const files = new Map(SNIPPETS.map(({ code }, i) => [join(folder, `snippet-${i}.ts`), code]));
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, ROOT);
  const compilerOptions: ts.CompilerOptions = {
    ...options,
    noEmit: true,
    declaration: false,
    skipLibCheck: true,
    rootDir: ROOT,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules', '@types')],
    paths: { 'cdk8s-openshift-ipsec': [join(ROOT, 'src')] },
  };
  const host = ts.createCompilerHost(compilerOptions);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...rest) =>
    files.has(file) ? ts.createSourceFile(file, files.get(file)!, rest[0]) : getSourceFile(file, ...rest);
  const program = ts.createProgram([...files.keys()], compilerOptions, host);
  const problems = [...files.keys()].flatMap((file, i) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .map(({ messageText }) => `${SNIPPETS[i].name}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
  expect(problems).toEqual([]);
});

test('every page that another one links to is there', () => {
  for (const page of [join(ROOT, 'README.md'), ...pages(join(ROOT, 'docs'))]) {
    for (const [, target] of readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)) {
      const path = join(page, '..', target);
      if (!existsSync(path)) throw new Error(`${relative(ROOT, page)} links to ${target}, which is not there`);
    }
  }
});
