import { createHash } from 'crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join, resolve } from 'path';
import { Script } from 'vm';
import { buildSync } from 'esbuild';
import type { Invocation } from '../src/cli/invocation';
import { compiledFormOf, identified, requireFor, wrapped } from '../src/cli/start';

/**
 * Makes one file of the command, and the compiled form of what it needs to begin. Both are beside the modules that `tsc` made, and in the
 * package.
 */
const BUNDLE = resolve('lib/cli/bundle.js');

buildSync({
  entryPoints: ['lib/cli/main.js'],
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

interface Command {
  run(invocation: Invocation): number;
}

const script = new Script(wrapped(readFileSync(BUNDLE, 'latin1')), { filename: BUNDLE });
const module_ = { exports: {} as Command };
(script.runInThisContext() as (...parts: unknown[]) => void)(module_.exports, requireFor(BUNDLE), module_, BUNDLE, dirname(BUNDLE));

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

// What has run by now is kept compiled; anything else is compiled when it is called.
const folder = mkdtempSync(join(tmpdir(), 'command-'));
try {
  for (const [command, name, text] of [
    ['butane', 'a.bu', CONFIG],
    // What people write has comments, and is read by the YAML library.
    ['butane', 'b.bu', `# a comment\n${CONFIG}`],
    ['check', 'a.yaml', 'apiVersion: operator.openshift.io/v1\nkind: Network\nmetadata:\n  name: cluster\nspec: {}\n'],
  ] as const) {
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
writeFileSync(compiledFormOf(BUNDLE), script.createCachedData());
