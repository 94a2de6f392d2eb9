import { extname } from 'path';
import type { YamlDocument } from './yaml-file';
import type { DocumentSet } from '../documents/document-set';
import { unreadOf } from '../documents/machine-config/scripts';
import { outerPointer } from '../documents/subjects';
import { at } from '../documents/values';
import type { FullVerdict } from '../rules';

/** Beyond so many of a kind, the others are counted. */
const MAX_NOTES = 10;

/** A line for each file that the user named and that holds nothing to judge: silence would look like approval. */
export function notesOnFiles(named: ReadonlyMap<string, readonly YamlDocument[]>, sets: readonly DocumentSet[]): string[] {
  if (named.size === 0) return [];
  const holding = new Set<unknown>();
  for (const { subjects, policies } of sets) {
    for (const { document } of subjects) holding.add(document);
    for (const { subject } of policies) holding.add(subject.document);
  }
  return [...named].filter(([, documents]) => !documents.some(({ value }) => holding.has(value))).map(([file, documents]) => {
    return extname(file) === '.bu' || documents.some(({ value }) => isButane(value))
      ? `'${file}' is a Butane config, in which nothing is judged: check what 'openshift-ipsec butane' makes of it`
      : `'${file}' holds no Kubernetes object and no nmstate state with IPsec, so that nothing in it is judged`;
  });
}

/** Whether a document is a Butane config, of which a MachineConfig is to be made first. */
export function isButane(document: unknown): boolean {
  return typeof at(document, 'variant') === 'string' && at(document, 'version') !== undefined;
}

/** What stands in objects and could not be judged. */
export function notesOnObjects({ sets, unopened }: FullVerdict, hasPassword: boolean): string[] {
  return [...notesOnLockedBundles(sets, hasPassword), ...notesOnUnread(sets), ...cut(unopened.map(({ subject, path, why }) =>
    `'${outerPointer(subject, path)}' of ${subject.kind} '${subject.name ?? ''}' looks like manifests and was not judged: ${why}`))];
}

function notesOnLockedBundles(sets: readonly DocumentSet[], hasPassword: boolean): string[] {
  const locked = sets.flatMap(({ certificateImports }) => certificateImports.all.filter(({ opened }) => opened && 'locked' in opened));
  if (locked.length === 0) return [];
  const paths = [...new Set(locked.map(({ bundle }) => bundle!.path))];
  return [
    `${paths
      .slice(0, 3)
      .map((path) => `'${path}'`)
      .join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''} in MachineConfig '${locked[0].machineConfig.subject.name}'`
      + `${locked.length > 1 ? ' and others' : ''}: ${hasPassword
        ? "the password in the file of --p12-password-file does not open the bundle, so that its certificate was not judged; give the bundle's own "
          + 'password, and see that the file holds nothing else'
        : 'the bundle needs a password, so that its certificate was not judged; give it with --p12-password-file'}`,
  ];
}

/** What was too large to be read, and so was not judged. */
function notesOnUnread(sets: readonly DocumentSet[]): string[] {
  return cut(sets.flatMap(({ machineConfigs, certificateImports }) => [
    ...machineConfigs.flatMap((machineConfig) => unreadOf(machineConfig).map((what) => `MachineConfig '${machineConfig.subject.name}': `
      + `${what}`)),
    ...certificateImports.all.filter(({ opened }) => opened && 'unread' in opened).map(({ bundle, machineConfig }) => (
      `MachineConfig '${machineConfig.subject.name}': '${bundle!.path}' was not opened, `
        + 'because the bundles before it asked for all the key derivation '
        + 'that is worth waiting for')),
  ]));
}

function cut(notes: readonly string[]): string[] {
  return notes.length <= MAX_NOTES
    ? [...notes]
    : [...notes.slice(0, MAX_NOTES), `${notes.length - MAX_NOTES} more were not judged for such reasons`];
}
