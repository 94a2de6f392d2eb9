import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { parse, stringify } from 'yaml';
import { RULE_SECTIONS } from '../src/rules/catalogue';
import { needsSet, Rule } from '../src/rules/rule';

const HEAD = `# Rules

Generated from \`src/rules/\` by \`npx projen rules\`; do not edit.

*Error*: the cluster refuses it, the tunnel cannot come up, or it is insecure. *Warning*: it works, but not as most people think.
A rule that needs a fact the documents don't carry (version, platform, hosted control plane) takes it from the options of
\`openshift-ipsec check\` or from the constructs, and stays silent without it. An id never changes its meaning.

A finding that is right where it is gets an annotation with the reason, \`ipsec.cdk8s.io/acknowledge.<rule-id>: <reason>\`, or in an app the prop
\`acknowledge\`; it is counted then and no longer told. *At synthesis* marks the rules that need more than one object, which run when an app is
synthesized; what one object shows is told at the line that makes the object.

The examples are the first cases of each rule: what is changed in objects that have nothing to complain about, what is said of it, and what
almost looks like it and passes.
`;

/** The text of RULES.md. */
export function rulesMarkdown(): string {
  const sections = RULE_SECTIONS.map(({ title, rules }) => [
    `\n## ${title}\n`,
    '| id | severity | what it finds | why it matters, and what to do | at synthesis |',
    '| --- | --- | --- | --- | --- |',
    ...rules.map((rule) => `| \`${rule.id}\` | ${rule.severity} | ${cell(rule.title)} | `
      + `${cell(`${rule.why} *${rule.fix}* [More](${rule.docs})`)} | ${needsSet(rule) ? 'yes' : ''} |`),
    '',
    '<details><summary>Examples</summary>\n',
    ...rules.flatMap(example),
    '</details>\n',
  ].join('\n'));
  return HEAD + sections.join('');
}

/** The first pair of the cases of a rule; certificates are no text to show. */
function example({ id }: Rule): string[] {
  const file = ['network', 'policy', 'machine-config', 'certificate', 'general']
    .map((folder) => join(__dirname, '../src/rules', folder, `${id}.yaml`))
    .find((path) => existsSync(path));
  if (file === undefined) return [];
  const { breaks: [broken], passes: [passing] } = parse(readFileSync(file, 'utf8'));
  const { says } = [broken.finds].flat()[0];
  return [`\`${id}\`: ${cell(says)}`, '', fence(broken), `Passes (${cell(passing.case)}):`, '', fence(passing)];
}

function fence({ facts, given }: { readonly facts?: object; readonly given: readonly object[] }): string {
  return `\`\`\`yaml\n${stringify({ ...facts ? { facts } : {}, given }, { lineWidth: 120 })}\`\`\`\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/`[^`]*`/g, (code) => code.replaceAll('&lt;', '<'));
}
