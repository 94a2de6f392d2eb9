import { basename } from 'path';
import type { BundlePassword } from './machine-config';
import { Program, programOf } from './program';
import { ReadFiles, readFiles } from './read';
import { InputError } from '../core/input-error';
import { at } from '../documents/values';
import { OpenShiftVersion } from '../openshift/openshift-version';

/** What an import is asked for. */
export interface ImportRequest {
  readonly paths: readonly string[];
  /** The file of the program, as the user knows it. */
  readonly out: string;
  readonly version?: OpenShiftVersion;
  readonly passwords: readonly BundlePassword[];
}

/** What was read, and the program that writes it. */
export interface Imported extends Program {
  readonly read: ReadFiles;
}

/** Why an import is refused, a line each. */
export class ImportRefused extends InputError {
  public constructor(
    public readonly reasons: readonly string[],
    /** Whether what was to be imported can't be read. */
    public readonly isUnreadable = false,
  ) {
    super(reasons.join('\n'));
  }
}

/** The release that everything is for. */
export const NO_VERSION = "what was read does not say the cluster's release, which decides what may be written: give '--openshift-version', "
  + "such as --openshift-version 4.16 ('oc get clusterversion' prints it)";

/**
 * Turns manifests and Butane configs into a program that writes them.
 *
 * @throws ImportRefused when the program would not write what was read, or there is nothing to write
 */
export function importFiles({ paths, out, version, passwords }: ImportRequest): Imported {
  const read = readFiles(paths);
  if (read.problems.length > 0) throw new ImportRefused(read.problems, read.isUnreadable);
  if (read.objects.length === 0) throw new ImportRefused([`${paths.join(', ')} has no Kubernetes object and no Butane config: name their folder`]);
  const release = version ?? read.version ?? releaseOf(read);
  if (!release) throw new InputError(NO_VERSION);
  const program = basename(out);
  const folder = `${program.replace(/\.[^.]*$/, '')}-files`;
  return { ...programOf(read.objects, { program, folder, version: release, passwords }), read };
}

/** What a ClusterVersion among the objects says. */
function releaseOf({ objects }: ReadFiles): OpenShiftVersion | undefined {
  const found = objects.find(({ object }) => object.kind === 'ClusterVersion')?.object;
  const text = at(found, 'spec', 'desiredUpdate', 'version');
  return typeof text === 'string' && /^4\.\d+\.\d+$/.test(text) ? OpenShiftVersion.of(text) : undefined;
}
