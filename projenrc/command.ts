import { createHash } from 'crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join, resolve } from 'path';
import { setFlagsFromString } from 'v8';
import { Script } from 'vm';
import { build, Plugin } from 'esbuild';
import * as yaml from 'yaml';
import type { Invocation } from '../src/cli/invocation';
import { COMPILED, compiledFormOf, identified, requireFor, wrapped } from '../src/cli/start';

/**
 * Makes one file of the command, and the compiled form of what it needs to begin. Both are beside the modules that `tsc` made, and in the
 * package.
 */
const BUNDLE = resolve('lib/cli/bundle.js');

/** A third of what a small file would have loaded, which no file needs that programs wrote and in which nothing is found. */
const YAML_WHEN_ASKED: Plugin = {
  name: 'yaml-when-asked',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^yaml$/ }, ({ path, namespace }) => namespace === 'when-asked' ? undefined : { path, namespace: 'when-asked' });
    onLoad({ filter: /^yaml$/, namespace: 'when-asked' }, () => ({
      contents: `let loaded; const load = () => loaded ??= require('yaml');
        ${Object.keys(yaml).map((name) => `Object.defineProperty(exports, '${name}', { get: () => load().${name} });`).join('\n')}`,
      resolveDir: resolve('lib'),
    }));
  },
};

interface Command {
  run(invocation: Invocation): number;
}

const CONFIG = `variant: openshift
version: 4.16.0
metadata:
  name: a
  labels:
    machineconfiguration.openshift.io/role: worker
storage:
  files:
    - path: /etc/a
      mode: 0644
      contents:
        inline: a
systemd:
  units:
    - name: a.service
      enabled: true
      contents: |
        [Service]
        ExecStart=/usr/bin/true

        [Install]
        WantedBy=multi-user.target
`;

/** One file of all the modules, which begins with its own digest. */
async function writeBundle(): Promise<void> {
  await build({
    entryPoints: ['lib/cli/main.js'],
    plugins: [YAML_WHEN_ASKED],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    target: 'node20',
    charset: 'ascii',
    minify: true,
    legalComments: 'linked',
    // What runs constructs needs the scripts beside them, and is loaded as modules.
    external: ['cdk8s', 'constructs', './import'],
  });
  const made = readFileSync(BUNDLE, 'latin1');
  writeFileSync(BUNDLE, identified(made, createHash('sha256').update(made, 'latin1').digest('hex')), 'latin1');
}

/** What each command reads for its compiled form. What people write has comments, and is read by the YAML library. */
const INPUTS: { readonly [command in typeof COMPILED[number]]: readonly (readonly [name: string, text: string])[] } = {
  butane: [['a.bu', CONFIG], ['b.bu', `# a comment\n${CONFIG}`]],
  check: [['a.yaml', 'apiVersion: operator.openshift.io/v1\nkind: Network\nmetadata:\n  name: cluster\nspec: {}\n']],
};

/** Keeps what has run of a command compiled; anything else is compiled when it is called. */
function writeCompiledForm(command: typeof COMPILED[number]): void {
  // Else V8 takes one text for one script, and what one command has run is in the form of the next; a form is for the flags that it knows.
  setFlagsFromString('--no-compilation-cache');
  const script = new Script(wrapped(readFileSync(BUNDLE, 'latin1')), { filename: BUNDLE });
  setFlagsFromString('--compilation-cache');
  const module_ = { exports: {} as Command };
  (script.runInThisContext() as (...parts: unknown[]) => void)(module_.exports, requireFor(BUNDLE), module_, BUNDLE, dirname(BUNDLE));
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  try {
    for (const [name, text] of INPUTS[command]) {
      writeFileSync(join(folder, name), text);
      let said = '';
      const code = module_.exports.run({
        args: [command, join(folder, name)], stdout: () => undefined, stderr: (more) => { said += more; }, terminal: false,
      });
      if (code !== 0) throw new Error(`the bundled command '${command}' fails: ${said}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  writeFileSync(compiledFormOf(BUNDLE, command), script.createCachedData());
}

/** Those of an earlier compilation, or of another Node.js, would be packed. */
function removeCompiledForms(): void {
  const folder = dirname(BUNDLE);
  for (const name of readdirSync(folder)) if (name.endsWith('.cache')) rmSync(join(folder, name));
}

removeCompiledForms();
writeBundle().then(() => COMPILED.forEach(writeCompiledForm)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
