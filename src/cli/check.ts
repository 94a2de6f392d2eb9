import { readFileSync } from 'fs';
import type { Invocation } from './invocation';
import { passwordsIn, readArguments } from './options';
import { shown } from './shown';
import { UsageError, withUsage } from './usage';
import { checkInputs, Report } from '../check/check';
import { inputFiles, MANIFESTS } from '../check/input-files';
import { checkResourceList } from '../check/krm';
import { githubReport } from '../check/reporters/github';
import { jsonReport } from '../check/reporters/json';
import { sarifReport } from '../check/reporters/sarif';
import { judgedOf } from '../check/reporters/summary';
import { textReport } from '../check/reporters/text';
import type { Severity } from '../core/finding';
import { readDescriptor, UnreadableFile } from '../core/local-file';
import { printable, printableLines } from '../core/printable';
import type { JudgeOptions } from '../documents/facts';
import { OpenShiftVersion } from '../openshift/openshift-version';
import { platformOf } from '../openshift/platform';

export const CHECK_HELP = `Usage: openshift-ipsec check [options] PATH…
       openshift-ipsec check --krm [options] < resource-list.yaml

Judges the IPsec configuration in Kubernetes YAML or JSON: the Network operator object, NMState policies, MachineConfigs
and the certificates in them. PATH is a file, a folder (.yaml, .yml and .json in it), or - for standard input; all paths
together are one cluster.

Options:
  --format FORMAT           text, json, sarif or github (default: text)
  --openshift-version V     the target, such as 4.16 or 4.16.12
  --platform P              the platform, such as BareMetal
  --hosted-control-plane    the control plane is hosted
  --rhel-compute-nodes      there are compute nodes that run RHEL
  --fail-on SEVERITY        error or warning: what makes the exit code 1 (default: error)
  --p12-password-file FILE  the password of PKCS#12 bundles in MachineConfigs; it is printed nowhere
  --expires-within DAYS     when a certificate counts as expiring soon (default: 30)
  --krm                     be a KRM function: a ResourceList from standard input, the same with results to standard output
  --help, -h                this text

Example:
  oc get network.operator,nncp,mc -o yaml | openshift-ipsec check --openshift-version 4.16 -

Exit code: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or unreadable input (the rest is still checked).
`;

const FORMATS = ['text', 'json', 'sarif', 'github'];

/** `openshift-ipsec check`. */
export function check(invocation: Invocation): number {
  return withUsage('check', invocation, () => checkAll(invocation));
}

function checkAll({ args, stdout, stderr, stdin = () => readDescriptor(0, MANIFESTS), terminal = false }: Invocation): number {
  const options = readOptions(args);
  if (options === 'help') {
    stdout(CHECK_HELP);
    return 0;
  }
  if (options.krm) {
    const { output, severities, objects, judged } = checkResourceList(readAll(stdin), options.judge);
    stdout(terminal ? printableLines(output) : output);
    stderr(`openshift-ipsec check: ${judgedOf(judged, objects)}\n`);
    return exitCode(severities, options.failOn, 0);
  }
  const report = checkInputs(inputFiles(options.paths, stdin), options.judge);
  for (const { file, line, column, message } of report.problems) {
    stderr(`${printable(`${file}${line === undefined ? '' : `:${line}:${column}`}: ${message}`)}\n`);
  }
  for (const note of report.notes) stderr(`note: ${printable(note)}\n`);
  if (report.summary.objects === 0 && report.notes.length === 0 && report.problems.length === 0) stderr(`note: ${NOTHING_READ}\n`);
  stdout(render(report, options.format, terminal));
  return exitCode(report.findings.map(({ severity }) => severity), options.failOn, report.problems.length);
}

const NOTHING_READ = 'no Kubernetes object is in what was read, so that nothing is judged; manifests have an apiVersion and a kind: '
  + "name the folder that 'cdk8s synth', Helm or Kustomize writes, or pipe in what 'oc get … -o yaml' prints";

interface Options {
  readonly paths: readonly string[];
  readonly krm: boolean;
  readonly format: string;
  readonly failOn: string;
  readonly judge: JudgeOptions;
}

function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = readArguments('check', args, OPTIONS);
  if (values.help) return 'help';
  const format = oneOf('--format', values.format ?? 'text', FORMATS);
  const failOn = oneOf('--fail-on', values['fail-on'] ?? 'error', ['error', 'warning']);
  if (values.krm && positionals.length > 0) {
    throw new UsageError(`'--krm' reads standard input, and ${shown(positionals[0])} is given beside it: leave one of them out`);
  }
  if (!values.krm && positionals.length === 0) {
    throw new UsageError('no PATH is given, so that there is nothing to check: name the folder with your manifests (openshift-ipsec check dist), '
      + "or '-' for standard input (oc get network.operator,nncp,mc -o yaml | openshift-ipsec check -); "
      + "'openshift-ipsec check --help' tells more");
  }
  const version = values['openshift-version'];
  const days = values['expires-within'];
  const passwordFile = values['p12-password-file'];
  if (days !== undefined && !/^\d{1,5}$/.test(days)) {
    throw new UsageError(`'--expires-within' (${shown(days)}) must be a whole number of days`);
  }
  return {
    paths: positionals,
    krm: values.krm ?? false,
    format,
    failOn,
    judge: {
      version: version === undefined ? undefined : OpenShiftVersion.of(version),
      platform: values.platform === undefined ? undefined : platformOf(values.platform),
      hostedControlPlane: values['hosted-control-plane'],
      rhelComputeNodes: values['rhel-compute-nodes'],
      expiresSoonDays: days === undefined ? undefined : Number(days),
      passwords: passwordsIn(passwordFile),
    },
  };
}

const OPTIONS = {
  'format': { type: 'string' },
  'openshift-version': { type: 'string' },
  'platform': { type: 'string' },
  'hosted-control-plane': { type: 'boolean' },
  'rhel-compute-nodes': { type: 'boolean' },
  'fail-on': { type: 'string' },
  'p12-password-file': { type: 'string' },
  'expires-within': { type: 'string' },
  'krm': { type: 'boolean' },
  'help': { type: 'boolean', short: 'h' },
} as const;

function readAll(stdin: () => Buffer): string {
  try {
    return stdin().toString('utf8');
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    throw new UsageError(`standard input ${error.message}`);
  }
}

function oneOf(option: string, value: string, allowed: readonly string[]): string {
  if (allowed.includes(value)) return value;
  throw new UsageError(`'${option}' (${shown(value)}) must be one of ${allowed.join(', ')}`);
}

function render(report: Report, format: string, terminal: boolean): string {
  switch (format) {
    case 'json': return jsonReport(report);
    case 'sarif': return sarifReport(report, packageVersion());
    case 'github': return githubReport(report);
    default: return textReport(report, terminal && hasColours());
  }
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(`${__dirname}/../../package.json`, 'utf8')) as { version: string }).version;
}

function exitCode(severities: readonly Severity[], failOn: string, problems: number): number {
  if (problems > 0) return 2;
  return severities.some((severity) => severity === 'error' || failOn === 'warning') ? 1 : 0;
}

/** @see https://no-color.org */
function hasColours(): boolean {
  return !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}
