import type { Candidate } from './candidate';
import { escapeUnprintable, indented, literal, quoted, recordOf, VARIABLE } from './code';
import type { KeptFiles } from './kept-files';
import type { ChartName } from './names';
import { READ_BASE64, READ_TEXT } from './values';
import { nameOf, patchCode, Statement } from './written';

/** What is printed. */
export interface Printed {
  readonly program: string;
  readonly charts: readonly ChartName[];
  readonly statements: readonly Statement[];
  readonly hasCluster: boolean;
  readonly assumed: Candidate;
  readonly kept: KeptFiles;
  /** The rollout that policies bring to clusters. */
  readonly rollout?: { readonly name: string; readonly id: string; readonly pools: readonly string[] };
}

const FROM_CDK8S = ['ApiObject', 'App', 'Chart', 'JsonPatch'];

const HELPERS: { readonly [name: string]: string } = {
  [READ_TEXT]: `function ${READ_TEXT}(path: string): string {\n  return readFileSync(path, 'utf8');\n}\n`,
  [READ_BASE64]: `function ${READ_BASE64}(path: string): string {\n  return readFileSync(path, 'base64');\n}\n`,
};

/** The text of the program. */
export function printProgram({ program, charts, statements, hasCluster, assumed, kept, rollout }: Printed): string {
  const uses = new Set(['App', ...charts.length > 0 ? ['Chart'] : []]);
  const variables = new Set(statements.flatMap(({ candidate }) => candidate.props.uses));
  const body = [
    'const app = new App();\n',
    ...charts.map(({ name, id, file }) => `${comment(`From ${file}.`)}const ${name} = new Chart(app, ${quoted(id)});\n`),
    ...rollout ? [rolloutElsewhere(rollout, uses)] : [],
    ...variables.has(`${VARIABLE}cluster`) && !hasCluster ? [elsewhere(assumed, uses)] : [],
    ...statements.map((statement) => printStatement(statement, kept, uses, variables)),
    'app.synth();\n',
  ].join('\n');
  const helpers = Object.keys(HELPERS).filter((name) => uses.has(name));
  const isOther = (name: string) => FROM_CDK8S.includes(name) || Object.hasOwn(HELPERS, name) || name.startsWith(VARIABLE);
  const library = [...uses].filter((name) => !isOther(name)).sort();
  return [
    comment(`Made by 'openshift-ipsec import'; from here on it is yours. Run it in its own folder: npx tsx ${program}`),
    ...helpers.length > 0 ? ["import { readFileSync } from 'fs';\n"] : [],
    importLine(FROM_CDK8S.filter((name) => uses.has(name)), 'cdk8s'),
    ...library.length > 0 ? [importLine(library, 'cdk8s-openshift-ipsec')] : [],
    `\n${body}`,
    ...helpers.map((name) => `\n${HELPERS[name]}`),
  ].join('');
}

function importLine(names: readonly string[], from: string): string {
  const line = `import { ${names.join(', ')} } from '${from}';\n`;
  return line.length <= 121 ? line : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from '${from}';\n`;
}

/** The cluster that the others are for, where its Network object is not among them. */
function elsewhere({ name, props }: Candidate, uses: Set<string>): string {
  ['Chart', name, ...props.uses].forEach((each) => uses.add(each));
  return comment('The Network object of the cluster is not written here: in an app of its own, it only says what the cluster is.')
    + `const elsewhere = new Chart(new App(), 'elsewhere');\nconst cluster = new ${name}(elsewhere, 'cluster', ${props.text});\n`;
}

/** The rollout that comes to clusters by its policies alone. */
function rolloutElsewhere({ name, id, pools }: NonNullable<Printed['rollout']>, uses: Set<string>): string {
  uses.add('IpsecRollout');
  return comment('What the policies bring to the clusters: its own app writes no files.')
    + `const ${name} = new IpsecRollout(new App(), ${quoted(id)}, ${recordOf([['pools', literal(pools)]]).text});\n`;
}

function printStatement(
  { objects, candidate, patches, plain, chart, id, name }: Statement, kept: KeptFiles, uses: Set<string>, variables: ReadonlySet<string>,
): string {
  [candidate.name, ...candidate.props.uses].forEach((each) => uses.add(each));
  const made = `new ${candidate.name}(${chart}, ${quoted(id)}, ${candidate.props.text})`;
  const calls = patches.flatMap((ops, i) => {
    if (ops.length === 0) return [];
    const codes = patchCode(ops, kept);
    codes.flatMap((code) => code.uses).forEach((each) => uses.add(each));
    const target = candidate.path(name ?? '', i);
    if (target.includes(' as ApiObject')) uses.add('ApiObject');
    return [`${target}.addJsonPatch(\n${codes.map(({ text }) => `${indented(text)},\n`).join('')});\n`];
  });
  const why = plain === undefined ? '' : comment(`${objects.map(nameOf).join(', ')} stays as it is: ${plain}`);
  if (candidate.name === 'ApiObject') return `${why}${made}${calls[0] ?? ';\n'}`;
  const isUsed = name !== undefined && (calls.length > 0 || variables.has(VARIABLE + name));
  return `${why}${isUsed ? `const ${name} = ` : ''}${made};\n${calls.join('')}`;
}

/** A comment that nothing in it ends. */
function comment(text: string): string {
  const lines = [''];
  for (const word of escapeUnprintable(text.replace(/\s+/g, ' ')).split(' ')) {
    const line = lines.at(-1)!;
    if (line.length + word.length > 115 && line !== '') lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `// ${line}\n`).join('');
}
