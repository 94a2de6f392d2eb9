import { createHash } from 'crypto';
import { isAbsolute } from 'path';
import { pathToFileURL } from 'url';
import { printableJson } from '../../core/printable';
import { sentence } from '../../core/sentence';
import { Rule, RULES } from '../../rules';
import type { FileFinding, InputProblem, Report } from '../check';

const HOME = 'https://github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec';

/** SARIF 2.1.0, with what GitHub code scanning shows of it: the help of a rule, and where a finding stays the same. */
export function sarifReport({ findings, problems, notes, summary: { objects, judged } }: Report, version: string): string {
  const indexes = new Map(RULES.map(({ id }, i) => [id, i]));
  return `${printableJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'openshift-ipsec', semanticVersion: version, informationUri: HOME, rules: RULES.map(describeRule) } },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder that the command ran in.' } } },
      invocations: [{
        executionSuccessful: problems.length === 0,
        toolExecutionNotifications: [...problems.map(describeProblem), ...notes.map((text) => ({ level: 'note', message: { text } }))],
      }],
      properties: { objects, judged },
      results: fingerprinted(findings).map(({ finding, fingerprint }) => ({
        ruleId: finding.rule,
        ruleIndex: indexes.get(finding.rule),
        level: finding.severity,
        message: { text: sentence(finding) },
        locations: [{
          physicalLocation: { artifactLocation: artifact(finding.file), region: { startLine: finding.line, startColumn: finding.column } },
          logicalLocations: [{ kind: 'resource', name: finding.object.name, fullyQualifiedName: `${nameOf(finding)}${finding.path}` }],
        }],
        partialFingerprints: { 'findingInObject/v1': fingerprint },
      })),
    }],
  })}\n`;
}

/** GitHub does not show `helpUri`, so that the help says everything again. */
function describeRule({ id, severity, title, why, fix, docs }: Rule): object {
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: plain(title) },
    fullDescription: { text: why },
    help: {
      text: `${id}: ${plain(title)}.\n${why}\nFix: ${fix}\n${docs}`,
      markdown: `**${id}**: ${title}.\n\n${why}\n\n**Fix**: ${fix}\n\n[More](${docs})`,
    },
    helpUri: docs,
    defaultConfiguration: { level: severity },
    properties: { 'tags': ['ipsec', 'openshift'], 'precision': 'high', 'problem.severity': severity },
  };
}

function describeProblem({ file, line, column, message }: InputProblem): object {
  return {
    level: 'error',
    message: { text: `${file} ${message}` },
    locations: [{
      physicalLocation: {
        artifactLocation: artifact(file),
        ...(line === undefined ? {} : { region: { startLine: line, startColumn: column } }),
      },
    }],
  };
}

/** Lines move; the rule, the object and the place in it stay. The same one twice in a file is counted. */
function fingerprinted(findings: readonly FileFinding[]): { finding: FileFinding; fingerprint: string }[] {
  const uses = new Map<string, number>();
  return findings.map((finding) => {
    const identity = [finding.rule, finding.file, nameOf(finding), finding.path].join('\0');
    const use = (uses.get(identity) ?? 0) + 1;
    uses.set(identity, use);
    return { finding, fingerprint: `${createHash('sha256').update(identity).digest('hex').slice(0, 32)}:${use}` };
  });
}

function nameOf({ object: { apiVersion, kind, namespace, name } }: FileFinding): string {
  return [apiVersion, kind, ...namespace === undefined ? [] : [namespace], name].join('/');
}

function artifact(file: string): object {
  if (file === '-') return { uri: 'stdin' };
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href };
  const uri = file.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '').split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: '%SRCROOT%' };
}

function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}
