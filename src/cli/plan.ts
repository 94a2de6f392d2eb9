import { existsSync } from 'fs';
import type { Invocation } from './invocation';
import { passwordsIn, readArguments } from './options';
import { shown } from './shown';
import { UsageError, withUsage } from './usage';
import { now } from '../certificate/clock';
import { inputFiles, MANIFESTS } from '../check/input-files';
import { readDescriptor } from '../core/local-file';
import { printable, printableLines } from '../core/printable';
import { gitFiles, isGitPath } from '../plan/git-files';
import type { Plan } from '../plan/model';
import { planOf } from '../plan/plan';
import { readSide } from '../plan/read';
import { htmlPlan } from '../plan/reporters/html';
import { jsonPlan } from '../plan/reporters/json';
import { mermaidPlan } from '../plan/reporters/mermaid';
import { svgPlan } from '../plan/reporters/svg';
import { textPlan } from '../plan/reporters/text';

export const HELP = `Usage: openshift-ipsec plan [options] OLD NEW

Says what a change of manifests does to the nodes of a cluster and to its tunnels, before it is applied: which pools drain and
reboot, and which file causes it; which tunnels come up, go down, renew or stay behind. OLD and NEW are folders or files
(.yaml, .yml, .json), - for standard input, or git:REV:PATH, such as git:main:dist. It needs no cluster.

Options:
  --nodes POOL=N            how many nodes a pool has; once for each pool, or worker=6,master=3
  --reboot TIME             what one node needs to drain, reboot and come back, such as 12m or 1h (default: 12m)
  --format FORMAT           text, json, mermaid, svg or html (default: text)
  --p12-password-file FILE  the password of PKCS#12 bundles in MachineConfigs; it is printed nowhere
  --help, -h                this text

Example:
  openshift-ipsec plan git:main:dist dist --nodes worker=6 --reboot 12m

Exit code: 0 planned, 2 bad usage or an input that can't be read (the rest is planned).
`;

const FORMATS: { readonly [format: string]: (plan: Plan, colours: boolean) => string } = {
  text: textPlan, json: jsonPlan, mermaid: mermaidPlan, svg: svgPlan, html: htmlPlan,
};

interface Options {
  readonly sides: readonly [old: string, now: string];
  readonly nodes: ReadonlyMap<string, number>;
  readonly rebootMinutes: number;
  readonly format: string;
  readonly passwords: readonly Buffer[];
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
  const [old, fresh] = options.sides.map((path, side) =>
    readSide(side === 0 ? 'OLD' : 'NEW', isGitPath(path) ? gitFiles(path) : inputFiles([path], stdin), options.passwords),
  );
  const problems = [...old.problems, ...fresh.problems];
  for (const problem of problems) stderr(`${printable(problem)}\n`);
  const { nodes, rebootMinutes } = options;
  const output = FORMATS[options.format](planOf(old.set, fresh.set, { nodes, rebootMinutes, time: now() }), terminal && hasColours());
  stdout(terminal && options.format !== 'text' ? printableLines(output) : output);
  return problems.length > 0 ? 2 : 0;
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
    rebootMinutes: minutesOf(values.reboot ?? '12m'),
    format,
    passwords: passwordsIn(values['p12-password-file']),
  };
}

const OPTIONS = {
  'nodes': { type: 'string', multiple: true },
  'reboot': { type: 'string' },
  'format': { type: 'string' },
  'p12-password-file': { type: 'string' },
  'help': { type: 'boolean', short: 'h' },
} as const;

function nodesOf(given: readonly string[]): ReadonlyMap<string, number> {
  const nodes = new Map<string, number>();
  for (const one of given.flatMap((value) => value.split(','))) {
    const [, pool, count] = /^([a-z0-9][a-z0-9.-]{0,252})=(\d{1,5})$/.exec(one.trim()) ?? [];
    if (pool === undefined) {
      throw new UsageError(`'--nodes' (${shown(one)}) must be the name of a pool and how many nodes it has, such as worker=6`);
    }
    if (nodes.has(pool)) throw new UsageError(`'--nodes' names pool ${shown(pool)} twice: say once how many nodes it has`);
    nodes.set(pool, Number(count));
  }
  return nodes;
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
