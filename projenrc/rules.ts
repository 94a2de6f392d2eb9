import { existsSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { basename, join } from 'path';

/** Writes the catalogue of the rules from their folder: a rule is a file that exports a constant of its own name. */
const FOLDER = join(__dirname, '../src/rules');

const SECTIONS: readonly (readonly [folder: string, title: string])[] = [
  ['network', 'Network and pools'],
  ['policy', 'Node network policy'],
  ['machine-config', 'MachineConfig'],
  ['certificate', 'Certificate'],
  ['general', 'Acknowledgement'],
];

const HEAD = '// Generated from the files of the rules by `npx projen rules`; do not edit.\n\n';

interface RuleFile {
  readonly id: string;
  readonly constant: string;
  readonly path: string;
}

function rulesOf(folder: string): RuleFile[] {
  return readdirSync(join(FOLDER, folder)).filter((file) => file.endsWith('.ts')).sort().flatMap((file) => {
    const id = basename(file, '.ts');
    const constant = id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    const text = readFileSync(join(FOLDER, folder, file), 'utf8');
    if (!new RegExp(`export const ${constant}(?:: Rule = | = (?:certificate|request)Rule\\()`).test(text)) return [];
    if (!text.includes(`id: '${id}'`)) throw new Error(`${folder}/${file} exports the rule ${constant}, whose id must be '${id}'`);
    if (!existsSync(join(FOLDER, folder, `${id}.yaml`)) && folder !== 'certificate') {
      throw new Error(`${folder}/${id}.yaml with the cases of the rule is missing`);
    }
    return [{ id, constant, path: `./${folder}/${id}` }];
  });
}

const sections = SECTIONS.map(([folder, title]) => ({ title, rules: rulesOf(folder) }));
const all = sections.flatMap(({ rules }) => rules);
const byPath = [...all].sort((one, other) => (one.path < other.path ? -1 : 1));

writeFileSync(
  join('src', 'core', 'rule-ids.ts'),
  `${HEAD}/** The ids of all rules, in the order of RULES.md. They are public, and never change their meaning. */
export const RULE_IDS = [
${all.map(({ id }) => `  '${id}',`).join('\n')}
] as const;

/** The id of a rule. */
export type RuleId = typeof RULE_IDS[number];
`,
);

writeFileSync(join(FOLDER, 'catalogue.ts'), `${HEAD}${byPath.map(({ constant, path }) => `import { ${constant} } from '${path}';`).join('\n')}
import type { Rule } from './rule';

/** The rules about one kind of object. */
export interface RuleSection {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** All rules, by what they judge. */
export const RULE_SECTIONS: readonly RuleSection[] = [
${sections.map(({ title, rules }) => `  {
    title: '${title}',
    rules: [
${rules.map(({ constant }) => `      ${constant},`).join('\n')}
    ],
  },`).join('\n')}
];

/** All rules, in the order of the sections. */
export const RULES: readonly Rule[] = RULE_SECTIONS.flatMap(({ rules }) => rules);

/** The rules by id. */
export const RULE_BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));
`);

// eslint-disable-next-line @typescript-eslint/no-require-imports -- it reads what was written above
writeFileSync(join(__dirname, '../RULES.md'), require('./rules-markdown').rulesMarkdown());
