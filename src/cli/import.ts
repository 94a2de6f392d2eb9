import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, openSync, rmSync } from 'fs';
import { dirname, isAbsolute, join, relative } from 'path';
import type { Invocation } from './invocation';
import { passwordsIn, readArguments } from './options';
import { writeAll } from './output';
import { shown } from './shown';
import { UsageError, withUsage } from './usage';
import { printable } from '../core/printable';
import { Imported, importFiles, ImportRefused } from '../import/import';
import { importReport } from '../import/report';
import { OpenShiftVersion } from '../openshift/openshift-version';

export const HELP = `Usage: openshift-ipsec import [options] PATH...

Turns what a cluster has already into a program: NodeNetworkConfigurationPolicies, MachineConfigs, Butane configs, the Network
object, and whatever else lies beside them. What the program synthesizes is, object by object, equal to what was read; each
difference is listed with its reason. An object that no construct writes stays as it is, with the rule that says why. PATH is a
folder or a file (.yaml, .yml, .json, .bu).

Certificates, keys and the contents of files on nodes go into files beside the program (mode 0600), and into the program their
names. Nothing that exists is overwritten.

Options:
  --out FILE                the program, in TypeScript (default: app.ts)
  --openshift-version V     the cluster's release, such as 4.16 or 4.19.22; needed unless a Butane config names it
  --p12-password-file FILE  the password of PKCS#12 bundles; the program names the file, and is printed nowhere what is in it
  --help, -h                this text

Example:
  openshift-ipsec import manifests/ --openshift-version 4.16 --out app.ts

Exit code: 0 written, 1 refused because it would not be what was read, 2 bad usage, or a file that can't be
read or written.
`;

const OPTIONS = {
  'out': { type: 'string' },
  'openshift-version': { type: 'string' },
  'p12-password-file': { type: 'string' },
  'help': { type: 'boolean', short: 'h' },
} as const;

/** `openshift-ipsec import`. */
export function importCommand(invocation: Invocation): number {
  return withUsage('import', invocation, () => importAll(invocation));
}

function importAll({ args, stdout, stderr }: Invocation): number {
  const { values, positionals } = readArguments('import', args, OPTIONS);
  if (values.help) {
    stdout(HELP);
    return 0;
  }
  const out = values.out ?? 'app.ts';
  refuseUsage(positionals, out);
  const version = values['openshift-version'];
  const passwordFile = values['p12-password-file'];
  const fromProgram = passwordFile === undefined || isAbsolute(passwordFile) ? passwordFile : relative(dirname(out), passwordFile);
  try {
    const imported = importFiles({
      paths: positionals,
      out,
      version: version === undefined ? undefined : OpenShiftVersion.of(version),
      passwords: passwordsIn(passwordFile).map((password) => ({ file: fromProgram!, password })),
    });
    writeImported(out, imported);
    stdout(importReport(out, imported).split('\n').map(printable).join('\n'));
    return 0;
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error;
    for (const reason of error.reasons.slice(0, MOST_TOLD)) stderr(`${printable(reason)}\n`);
    if (error.reasons.length > MOST_TOLD) stderr(`and ${error.reasons.length - MOST_TOLD} more\n`);
    const why = error.isUnreadable ? 'not all of it can be read' : 'the program would not be equal to what was read';
    stderr(`openshift-ipsec import: refused, and nothing is written: ${why}\n`);
    return error.isUnreadable ? 2 : 1;
  }
}

const MOST_TOLD = 50;

function refuseUsage(paths: readonly string[], out: string): void {
  if (paths.length === 0) {
    throw new UsageError("no folder or file is named: give the one with the manifests; 'openshift-ipsec import --help' tells more");
  }
  if (!/\.[cm]?ts$/.test(out)) throw new UsageError(`'--out' (${shown(out)}) must be the name of a TypeScript file, such as app.ts`);
  for (const path of paths) {
    if (!existsSync(path)) throw new UsageError(`${shown(path)} does not exist: name a folder or file`);
  }
}

/** Nothing is begun where anything is in the way; what fails halfway leaves nothing behind. */
function writeImported(out: string, { text, files }: Imported): void {
  const folder = dirname(out);
  const targets = [...files].map(([path, bytes]): [string, Buffer] => [join(folder, path), bytes]);
  for (const path of [out, ...targets.map(([target]) => target)]) {
    if (isThere(path)) {
      throw new UsageError(`${shown(path)} exists, and an import overwrites nothing: take it away, or give another name with '--out'`);
    }
  }
  const written: string[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    for (const [target] of targets) mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    for (const [target, bytes] of targets) create(target, bytes, 0o600, written);
    create(out, Buffer.from(text, 'utf8'), 0o666, written);
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new UsageError(`${shown(out)} or what is beside it can not be written (${code}), and nothing was`);
  }
}

/** A broken link is there too; where its folder is a file, writing will say so. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function create(path: string, bytes: Buffer, mode: number, written: string[]): void {
  const descriptor = openSync(path, 'wx', mode);
  written.push(path);
  try {
    writeAll(descriptor, bytes);
  } finally {
    closeSync(descriptor);
  }
  // The mask of the process may take from it, and never adds.
  if (mode === 0o600) chmodSync(path, mode);
}
