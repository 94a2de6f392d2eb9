import { readdirSync } from 'fs';
import { dirname, extname } from 'path';
import { cdk8s, javascript } from 'projen';

const repository = 'https://github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec';

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-openshift-ipsec',
  description: 'cdk8s constructs that encrypt OpenShift traffic with IPsec: typed, checked at synthesis, ready for GitOps.',
  author: 'The cdk8s-openshift-ipsec authors',
  authorAddress: repository,
  authorOrganization: true,
  repositoryUrl: `${repository}.git`,
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,
  license: 'Apache-2.0',
  keywords: ['cdk8s', 'openshift', 'ipsec', 'nmstate', 'libreswan', 'butane', 'ignition', 'kubernetes'],

  // One compiler line: jsii 6.0 is TypeScript 6.0.
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '22',
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.3.0',

  // Bundled, because jsii consumers in other languages get one archive. Why each is here: docs/adr.
  deps: ['node-forge@1.4.3', 'pako@3.0.3', 'yaml@2.9.1'],
  bundledDeps: ['node-forge', 'pako', 'yaml'],
  devDeps: ['@types/node@^20', 'esbuild@^0.25', '@types/node-forge@^1.3.14', 'fast-check@^4'],

  // A release is a tag: CONTRIBUTING.md, .github/workflows/release.yml.
  release: false,
  publishToPypi: { distName: 'cdk8s-openshift-ipsec', module: 'cdk8s_openshift_ipsec' },
  publishToMaven: {
    javaPackage: 'io.github.cdk8s_openshift_ipsec', // the group id, as Java writes it
    mavenGroupId: 'io.github.cdk8s-openshift-ipsec',
    mavenArtifactId: 'cdk8s-openshift-ipsec',
  },
  publishToGo: { moduleName: 'github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec-go', packageName: 'ipsec' },
  publishToNuget: { dotNetNamespace: 'Cdk8s.OpenShift.Ipsec', packageId: 'Cdk8s.OpenShift.Ipsec' },

  jestOptions: {
    jestVersion: '30',
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      collectCoverage: false,
      maxWorkers: '100%', // by itself jest leaves one core of two without work
      globalSetup: '<rootDir>/test/temporary-folder/make.js',
      globalTeardown: '<rootDir>/test/temporary-folder/remove.js',
      moduleNameMapper: { '^cdk8s-openshift-ipsec$': '<rootDir>/src' },
      testPathIgnorePatterns: ['/node_modules/', '/test/system/', '/test/cluster/', '/test/e2e/'],
    },
  },
  eslintOptions: { dirs: ['src'], devdirs: ['test', 'examples', 'projenrc'] },
  sampleCode: false,
  integrationTestAutoDiscover: false,
  bumpPackage: 'commit-and-tag-version@^12', // newest line for node 20
  depsUpgrade: false,
  github: false, // the workflows are kept by hand: ci.yml calls .ci/run and nothing else, release.yml publishes
  gitignore: ['*.cpuprofile', '/.jsii.tabl.json', '/docs/site/.vitepress/cache/', '/docs/site/.vitepress/dist/'],
});

// The project supports Node.js 20, and jsii says at each call what it thinks of its end of life.
project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');
// Hostile inputs are bytes: a CR alone is what some of them are about.
for (const fixtures of ['/test/check/hostile-cases/**', '/test/certificate/pem-cases/**']) {
  project.gitattributes.addAttributes(fixtures, '-text');
}
project.addFields({ bin: { 'openshift-ipsec': 'bin/openshift-ipsec' } });
// The README of a package links to the repository for what is not in it.
for (const path of ['/examples/', '/.ci/', '/docs/', '/CONTRIBUTING.md', '/API.md', '/RULES.md', '/CHANGELOG.md', '/rosetta/', '/.jsii.tabl.json']) {
  project.npmignore?.exclude(path);
}

// What nobody loads is no part of the package: source maps of ours, and what projenrc/package-files.ts finds.
for (const option of ['inlineSourceMap', 'inlineSources']) {
  project.tryFindObjectFile('tsconfig.json')?.addOverride(`compilerOptions.${option}`, false);
}
project.package.setScript('prepack', 'ts-node --transpile-only --project projenrc/tsconfig.json projenrc/package-files.ts');

// unrs-resolver 1.13 names platform packages that were never published, which `npm ci` refuses.
project.package.addField('overrides', { 'unrs-resolver': '1.12.2' });

new javascript.TypescriptConfig(project, {
  fileName: 'examples/tsconfig.json',
  extends: javascript.TypescriptConfigExtends.fromPaths(['../tsconfig.json']),
  compilerOptions: { noEmit: true, rootDir: '..', paths: { 'cdk8s-openshift-ipsec': ['../src'] } },
  include: ['**/*.ts'],
});

// The scripts that go onto nodes are real files beside the code that reads them; tsc does not copy them.
const NODE_FILES = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => /\.(?:sh|lua)$/.test(path));
for (const folder of new Set(NODE_FILES.map((path) => `${dirname(path)}/*${extname(path)}`).sort())) {
  project.compileTask.exec(`cp src/${folder} lib/${dirname(folder)}/`);
}

// A package shows the programs of the README in its own language, each compiled, and links that lead somewhere. The translations are made
// once for all languages; a program that is not among them fails the package.
project.compileTask.exec('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/readme-links.ts');
const translate = project.addTask('translate', {
  description: 'Compiles the programs of the README and translates them for the packages.',
  exec: 'jsii-rosetta extract --strict .jsii',
});
for (const language of ['js', 'python', 'java', 'go', 'dotnet']) {
  const task = project.tasks.tryFind(`package:${language}`);
  task?.reset(`jsii-pacmak -v --rosetta-unknown-snippets fail --target ${language}`);
  task?.prependSpawn(translate);
}

project.eslint?.addRules({
  '@stylistic/max-len': ['error', {
    code: 140, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true, ignoreRegExpLiterals: true,
  }],
});

// The examples import the package by its name, as users do; tests map the name to src.
project.eslint?.addOverride({
  files: ['examples/*.ts'],
  rules: { 'import/no-unresolved': ['error', { ignore: ['^cdk8s-openshift-ipsec$'] }] },
});

// The scripts of the project are judged as a whole, once, and each of them runs without that.
project.testTask.exec('tsc --noEmit --project projenrc/tsconfig.json');

project.addTask('demo', {
  description: 'Makes a throwaway PKI and writes every manifest of the main job to dist/demo/.',
  exec: 'ts-node --project examples/tsconfig.json examples/demo.ts',
  receiveArgs: true,
});
project.addTask('test:system', {
  description: 'Tests against NSS, Ignition, systemd and shellcheck; needs Debian packages, each named when missing.',
  exec: 'jest --config test/system/jest.config.json --ci --maxWorkers=3', // two processors can bear it: many of these tests wait
  receiveArgs: true,
});
project.addTask('test:cluster', {
  description: "Tests against the operators' own code, built as Go modules; needs Go, named when missing.",
  exec: 'jest --config test/cluster/jest.config.json --ci --runInBand',
  receiveArgs: true,
});
project.addTask('test:e2e', {
  description: 'The lab: what the library synthesizes, proven on the wire; needs root on Debian 12.',
  exec: 'bash test/e2e/run.sh',
  receiveArgs: true,
});
project.compileTask.exec('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/comments.ts');
project.compileTask.exec('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/command.ts');
project.compileTask.exec('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/rules-bundle.ts');
project.compileTask.exec('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/lazy-exports.ts');

project.addTask('test:languages', {
  description: 'Runs the quickstart in each language from its package; needs Python, a JDK with Maven, and Go, each named when missing.',
  exec: 'bash test/languages/run.sh',
  receiveArgs: true,
});
/** A task that writes files of the repository, which each build runs, so that a stale one shows. */
function generates(name: string, description: string, ...scripts: string[]): void {
  const exec = scripts.map((script) => `ts-node --transpile-only --project projenrc/tsconfig.json ${script}`).join(' && ');
  project.preCompileTask.spawn(project.addTask(name, { description, exec }));
}

generates('libreswan', 'Writes the props, enumerations and kinds of the libreswan options from their rows.', 'projenrc/libreswan.ts');
generates('releases', 'Writes the range of releases wherever prose names it.', 'projenrc/releases.ts', 'projenrc/releases-markdown.ts');
generates('rules', 'Writes the catalogue and the ids of the rules, and RULES.md, from the files of src/rules.', 'projenrc/rules.ts');
// In each language, from the assemblies of the lock: jsii-docgen by itself installs the newest peers of the day.
project.tasks.tryFind('docgen')?.reset('ts-node --transpile-only --project projenrc/tsconfig.json projenrc/api.ts');
project.tasks.tryFind('compat')?.reset('bash test/languages/compat.sh');
generates('rollout-picture', 'Draws the order of a rollout into docs/gitops.md.', 'projenrc/rollout-picture.ts');
generates('troubleshooting', 'Writes docs/the-tunnel-does-not-come-up.md from the lines of logs that the library explains.', 'projenrc/tunnel-page.ts');
generates('tunnel-picture', 'Draws the tunnel of the README from what the constructs write.', 'projenrc/tunnel-picture.ts');
generates('command', 'Writes docs/command.md from the help of every command.', 'projenrc/command-markdown.ts');
// The generator has packages of its own, so that `npm ci` of the library stays light.
const docs = project.addTask('docs', {
  description: 'Builds the documentation as a site into docs/site/.vitepress/dist/; a dead link fails it.',
});
docs.exec('npm ci --no-audit --no-fund', { cwd: 'docs/site' });
docs.exec('npm run build', { cwd: 'docs/site' });
project.addTask('test:mutation', {
  description: 'Changes the code in one place after another, and tells which changes no test notices: AREA [COUNT [SEED]].',
  exec: 'ts-node --transpile-only --project test/tsconfig.json test/mutation/run.ts',
  receiveArgs: true,
});
project.addTask('bench', {
  description: 'Measures ratios in one run; asserts nothing.',
  exec: 'ts-node --transpile-only --project test/tsconfig.json test/bench/run.ts',
  receiveArgs: true,
});

project.synth();
