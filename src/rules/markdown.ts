import { RULE_SECTIONS } from './catalogue';
import { needsSet } from './rule';

const HEAD = `# Rules

Generated from \`src/rules/\` by \`npx projen rules\`; do not edit.

*Error*: the cluster refuses it, the tunnel cannot come up, or it is insecure. *Warning*: it works, but not as most people think.
A rule that needs a fact the documents don't carry (version, platform, hosted control plane) takes it from the options of
\`openshift-ipsec check\` or from the constructs, and stays silent without it. An id never changes its meaning.

A finding that is right where it is gets an annotation with the reason, \`ipsec.cdk8s.io/acknowledge.<rule-id>: <reason>\`, or in an app the prop
\`acknowledge\`; it is counted then and no longer told. *At synthesis* marks the rules that need more than one object, which run when an app is
synthesized; what one object shows, the constructs refuse or warn of by themselves.
`;

/** The text of RULES.md. */
export function rulesMarkdown(): string {
  const sections = RULE_SECTIONS.map(({ title, rules }) => [
    `\n## ${title}\n`,
    '| id | severity | what it finds | why it matters, and what to do | at synthesis |',
    '| --- | --- | --- | --- | --- |',
    ...rules.map((rule) => `| \`${rule.id}\` | ${rule.severity} | ${cell(rule.title)} | ${cell(`${rule.why} *${rule.fix}* [More](${rule.docs})`)} | ${needsSet(rule) ? 'yes' : ''} |`),
    '',
  ].join('\n'));
  return HEAD + sections.join('');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/`[^`]*`/g, (code) => code.replaceAll('&lt;', '<'));
}
