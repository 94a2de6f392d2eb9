import { spawnSync } from 'child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { delimiter, join } from 'path';
import { PAGES as ALL } from '../docs/command-blocks';
import { expectSaid } from '../docs/said';
import { files, runExample } from '../examples/run-example';

const ROOT = join(__dirname, '..', '..');

/** Command lines of a page that are run, and what the page says that they print. */
interface Step {
  readonly script: string;
  readonly says?: string;
}

function stepsOf(page: string): Step[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/^ *```(sh run|text says|ts)\n([^]*?)^ *```$/gm)].map(([, kind, body]) => ({ kind, body }));
  return blocks.flatMap(({ kind, body }, i) => {
    // The first program of a page is the one that its commands run.
    if (kind === 'ts') return i === blocks.findIndex((block) => block.kind === 'ts') ? [{ script: `cat > app.ts <<'PROGRAM'\n${body}PROGRAM\n` }] : [];
    if (kind !== 'sh run') return [];
    const next = blocks[i + 1];
    return [{ script: body, says: next?.kind === 'text says' ? next.body : undefined }];
  });
}

const PAGES = ALL.filter((page) => readFileSync(join(ROOT, page), 'utf8').includes('```sh run\n'));

/** What the reader has before the first command, where the page begins later: what an example writes, or reads, and is. */
const BEFORE: { readonly [page: string]: (work: string) => void } = {
  'README.md': (work) => {
    for (const [from, to] of [[files.ca, 'ca.pem'], [files.bundle, 'left_server.p12'], [files.passwordFile, 'left_server.password']]) {
      cpSync(from, join(work, to));
    }
    cpSync(join(ROOT, 'examples/quickstart.ts'), join(work, 'app.ts'));
  },
  'docs/keys.md': (work) => copyExample('quickstart', work),
  'docs/peers.md': (work) => copyExample('quickstart', work),
  'docs/several-clusters.md': (work) => copyExample('fleet', work),
  'docs/upgrade-openshift.md': (work) => copyExample('quickstart', work),
};

function copyExample(example: string, work: string): void {
  cpSync(runExample(example).folder, work, { recursive: true });
}

/** `npx` of a folder that has the packages: the command from its source, and programs with the package from its source. */
function programs(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const register = `require(${JSON.stringify(require.resolve('ts-node'))}).register({ transpileOnly: true, skipProject: true, ignore: ['/node_modules/'],`
    + " compilerOptions: { module: 'commonjs', target: 'es2022', esModuleInterop: true, ignoreDeprecations: '6.0' } });";
  writeFileSync(join(bin, 'npx.js'), `${register}
const Module = require('module');
const resolve = Module._resolveFilename;
Module._resolveFilename = function (name, ...rest) {
  if (name === 'cdk8s-openshift-ipsec') return resolve.call(this, ${JSON.stringify(join(ROOT, 'src'))}, ...rest);
  return name === 'cdk8s' ? ${JSON.stringify(require.resolve('cdk8s'))} : resolve.call(this, name, ...rest);
};
const [command, ...args] = process.argv.slice(2);
if (command === 'tsx') {
  const program = require('path').resolve(args[0]);
  process.argv = [process.argv[0], program, ...args.slice(1)];
  require(program);
} else if (command === 'openshift-ipsec') {
  process.argv = [process.argv[0], command, ...args];
  require(${JSON.stringify(join(ROOT, 'src/cli/main.ts'))}).main();
} else throw new Error('npx ' + command);
`);
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(join(bin, 'npx.js'))} "$@"\n`);
  chmodSync(join(bin, 'npx'), 0o755);
  // On some pages the command is installed.
  writeFileSync(join(bin, 'openshift-ipsec'), '#!/bin/sh\nexec npx openshift-ipsec "$@"\n', { mode: 0o755 });
  return bin;
}

test('there are pages whose commands are run', () => expect(PAGES.length).toBeGreaterThan(2));

test.each(PAGES)('the commands of %s do what the page says', (page) => {
  const folder = mkdtempSync(join(tmpdir(), 'docs-commands-'));
  const work = join(folder, 'work');
  mkdirSync(work);
  BEFORE[page]?.(work);
  const path = `${programs(folder)}${delimiter}${process.env.PATH}`;
  for (const { script, says } of stepsOf(page)) {
    const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: work, encoding: 'utf8', env: { ...process.env, PATH: path, NODE_PATH: '' },
    });
    if (status !== 0) throw new Error(`${page}: exit code ${status} of\n${script}\n${stdout}\n${stderr}`);
    if (says !== undefined) expectSaid(stdout, says);
  }
}, 180_000);
