import { existsSync } from 'fs';
import type { Invocation } from './invocation';
import { passwordsIn, readArguments } from './options';
import { shown } from './shown';
import { UsageError, withUsage } from './usage';
import { now } from '../certificate/clock';
import { inputFiles, MANIFESTS } from '../check/input-files';
import { readDescriptor } from '../core/local-file';
import { printable, printableLines } from '../core/printable';
import { OpenShiftVersion } from '../openshift/openshift-version';
import { ClusterSides, clustersOfSides } from '../plan/clusters';
import { gitFiles, isGitPath } from '../plan/git-files';
import type { Plan, PlanOptions } from '../plan/model';
import { planOf } from '../plan/plan';
import { readFiles } from '../plan/read';
import { ClusterPlan, htmlFleet, jsonFleet, mermaidFleet, svgFleet, textFleet } from '../plan/reporters/fleet';
import { htmlPlan } from '../plan/reporters/html';
import { jsonPlan } from '../plan/reporters/json';
import { mermaidPlan } from '../plan/reporters/mermaid';
import { svgPlan } from '../plan/reporters/svg';
import { textPlan } from '../plan/reporters/text';

export const HELP = `Usage: openshift-ipsec plan [options] OLD NEW

Says what a change of manifests does to the nodes of a cluster and to its tunnels, before it is applied: which pools drain and
reboot, and which file causes it; which tunnels come up, go down, renew or stay behind. OLD and NEW are folders or files
(.yaml, .yml, .json), - for standard input, or git:REV:PATH, such as git:main:dist. It needs no cluster. Where they have a folder for
each of several clusters, there is a plan for each.

Options:
  --nodes POOL=N            how many nodes a pool has; once for each pool, or worker=6,master=3; paris/worker=6 for one cluster
  --openshift-version V     the release of the cluster, such as 4.16; paris=4.16 for one of several
  --reboot TIME             what one node needs to drain, reboot and come back, such as 12m or 1h (default: 12m)
  --format FORMAT           text, json, mermaid, svg or html (default: text)
  --p12-password-file FILE  the password of PKCS#12 bundles in MachineConfigs; it is printed nowhere
  --help, -h                this text

Example:
  openshift-ipsec plan git:main:dist dist --nodes worker=6 --reboot 12m

Exit code: 0 planned, 2 bad usage or an input that can't be read (the rest is planned).
`;

interface Format {
  readonly one: (plan: Plan, colours: boolean) => string;
  /** Where there is more than one cluster. */
  readonly several: (plans: readonly ClusterPlan[], colours: boolean) => string;
}

const FORMATS: { readonly [format: string]: Format } = {
  text: { one: textPlan, several: textFleet },
  json: { one: jsonPlan, several: jsonFleet },
  mermaid: { one: mermaidPlan, several: mermaidFleet },
  svg: { one: svgPlan, several: svgFleet },
  html: { one: htmlPlan, several: htmlFleet },
};

interface Options {
  readonly sides: readonly [old: string, now: string];
  readonly nodes: readonly Said<number>[];
  readonly versions: readonly Said<OpenShiftVersion>[];
  readonly rebootMinutes: number;
  readonly format: string;
  readonly passwords: readonly Buffer[];
}

/** What the user says of a cluster, or of all of them. */
interface Said<T> {
  readonly option: string;
  readonly cluster?: string;
  /** The pool, where it is of one. */
  readonly pool?: string;
  readonly value: T;
}

/** `openshift-ipsec plan`. */
export function plan(invocation: Invocation): number {
  return withUsage('plan', invocation, () => planAll(invocation));
}

function planAll({ args, stdout, stderr, stdin = () => readDescriptor(0, MANIFESTS), terminal = false }: Invocation): number {
  const options = readOptions(args);
  if (options === 'help') {
    stdout(HELP);
    return 0;
  }
  options.sides.forEach((path, side) => refuseMissing(side === 0 ? 'OLD' : 'NEW', path));
  const [old, fresh] = options.sides.map((path) => readFiles(path, isGitPath(path) ? gitFiles(path) : inputFiles([path], stdin)));
  const { clusters, problems: unread } = clustersOfSides(old.files, fresh.files, options.passwords);
  refuseOtherClusters(options, clusters);
  const problems = [...old.problems, ...fresh.problems, ...unread];
  for (const line of [...problems, ...old.notes, ...fresh.notes]) stderr(`${printable(line)}\n`);
  const files = fresh.files.map(({ documents }) => documents);
  const plans = clusters.map(({ name, before, after }) => (
    { cluster: name ?? '', plan: planOf(before, after, { ...planOptions(options, name), files }) }));
  const { one, several } = FORMATS[options.format];
  const colours = terminal && hasColours();
  const output = plans.length === 1 ? one(plans[0].plan, colours) : several(plans, colours);
  stdout(terminal && options.format !== 'text' ? printableLines(output) : output);
  return problems.length > 0 ? 2 : 0;
}

/** What holds for a cluster: what is said of it alone comes before what is said of all. */
function planOptions({ nodes, versions, rebootMinutes }: Options, cluster: string | undefined): PlanOptions {
  const own = <T>(all: readonly Said<T>[]) =>
    [...all.filter((said) => said.cluster === undefined), ...all.filter((said) => said.cluster !== undefined && said.cluster === cluster)];
  return {
    nodes: new Map(own(nodes).map(({ pool = '', value }) => [pool, value])),
    release: own(versions).at(-1)?.value,
    rebootMinutes,
    time: now(),
  };
}

function refuseOtherClusters({ nodes, versions }: Options, clusters: readonly ClusterSides[]): void {
  const names = clusters.flatMap(({ name }) => name ?? []);
  const other = [...nodes, ...versions].find(({ cluster }) => cluster !== undefined && !names.includes(cluster));
  if (!other) return;
  const known = names.length === 0 ? 'OLD and NEW are for one cluster: leave its name out'
    : `the clusters are ${names.slice(0, 5).map(shown).join(', ')}${names.length > 5 ? ', …' : ''}`;
  throw new UsageError(`'--${other.option}' names cluster ${shown(other.cluster!)}, and ${known}`);
}

/** A plan against nothing would say that everything is new, or gone. */
function refuseMissing(side: string, path: string): void {
  if (path === '-' || isGitPath(path) || existsSync(path)) return;
  throw new UsageError(
    `${side} (${shown(path)}) does not exist: name a folder or file, - for standard input, or git:REV:PATH; for a cluster that has none of the `
      + 'manifests yet, name an empty folder',
  );
}

function readOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = readArguments('plan', args, OPTIONS);
  if (values.help) return 'help';
  const format = values.format ?? 'text';
  if (!Object.hasOwn(FORMATS, format)) {
    throw new UsageError(`'--format' (${shown(format)}) must be one of ${Object.keys(FORMATS).join(', ')}`);
  }
  if (positionals.length !== 2) {
    throw new UsageError(
      'OLD and NEW are '
        + `${positionals.length === 0 ? 'not given' : `${positionals.length} argument${positionals.length === 1 ? '' : 's'}`}: `
        + 'name two folders, '
        + "such as the one of the main branch and yours; 'openshift-ipsec plan --help' tells more",
    );
  }
  if (positionals.every((path) => path === '-')) {
    throw new UsageError("OLD and NEW are both '-', and standard input can be read once: name a folder or file for one of them");
  }
  return {
    sides: [positionals[0], positionals[1]],
    nodes: nodesOf(values.nodes ?? []),
    versions: versionsOf(values['openshift-version'] ?? []),
    rebootMinutes: minutesOf(values.reboot ?? '12m'),
    format,
    passwords: passwordsIn(values['p12-password-file']),
  };
}

const OPTIONS = {
  'nodes': { type: 'string', multiple: true },
  'openshift-version': { type: 'string', multiple: true },
  'reboot': { type: 'string' },
  'format': { type: 'string' },
  'p12-password-file': { type: 'string' },
  'help': { type: 'boolean', short: 'h' },
} as const;

function nodesOf(given: readonly string[]): Said<number>[] {
  const all = given.flatMap((value) => value.split(',')).map((one): Said<number> => {
    const [, cluster, pool, count] = /^(?:(.{1,253})\/)?([a-z0-9][a-z0-9.-]{0,252})=(\d{1,5})$/.exec(one.trim()) ?? [];
    if (pool === undefined) {
      throw new UsageError(`'--nodes' (${shown(one)}) must be the name of a pool and how many nodes it has, such as worker=6`);
    }
    return { option: 'nodes', cluster, pool, value: Number(count) };
  });
  const twice = repeated(all);
  if (twice) throw new UsageError(`'--nodes' names pool ${shown(twice.pool!)} twice: say once how many nodes it has`);
  return all;
}

function versionsOf(given: readonly string[]): Said<OpenShiftVersion>[] {
  const all = given.flatMap((value) => value.split(',')).map((one): Said<OpenShiftVersion> => {
    const [, cluster, version] = /^(?:(.{1,253})=)?(.*)$/s.exec(one.trim())!;
    return { option: 'openshift-version', cluster, value: OpenShiftVersion.of(version) };
  });
  if (repeated(all)) throw new UsageError("'--openshift-version' is given twice for one cluster: say once which release it has");
  return all;
}

function repeated<T>(all: readonly Said<T>[]): Said<T> | undefined {
  const seen = new Set<string>();
  return all.find(({ cluster = '', pool = '' }) => seen.size === seen.add(`${cluster}/${pool}`).size);
}

const UNITS: { readonly [unit: string]: number } = { s: 1 / 60, m: 1, h: 60 };

function minutesOf(given: string): number {
  const [, amount, unit] = /^(\d{1,4})(s|m|h)$/.exec(given) ?? [];
  const minutes = Number(amount) * UNITS[unit];
  if (amount === undefined || minutes === 0) {
    throw new UsageError(`'--reboot' (${shown(given)}) must be a time with its unit, such as 12m, 90s or 1h`);
  }
  return minutes;
}

/** @see https://no-color.org */
function hasColours(): boolean {
  return !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}
