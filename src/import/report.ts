import type { Imported } from './import';
import { nameOf, Statement } from './written';

/** What an import says of each object: what writes it now, and every difference to what was read. */
export function importReport(out: string, { statements, files, read, hasCluster, warnings }: Imported): string {
  const count = read.objects.length;
  const written = new Set(read.objects.map(({ file }) => file)).size;
  const lines = [`${out}: ${count} object${count === 1 ? '' : 's'} of ${written} file${written === 1 ? '' : 's'}`];
  for (const statement of statements) lines.push(...describe(statement));
  if (!hasCluster && statements.some(({ plain }) => plain === undefined)) {
    lines.push("The cluster's Network object was not read, or stays as it is: the program takes mode External and routingViaHost for granted.");
  }
  if (read.passedOver.length > 0) {
    lines.push(`Not in the program, because it is no Kubernetes object: what is in ${[...new Set(read.passedOver)].join(', ')}`);
  }
  if (warnings.length > 0) lines.push(`The program warns, as 'openshift-ipsec check' does: ${[...new Set(warnings.map(({ ruleId }) => ruleId))].sort().join(', ')}`);
  if (files.size > 0) {
    lines.push(`Beside it, for its owner alone (mode 0600): ${[...files.keys()].join(', ')}`);
    lines.push('They may hold private keys and passwords: keep them out of Git where they do.');
  }
  return `${lines.join('\n')}\n`;
}

function describe({ objects, candidate, plain, instead, patches, added }: Statement): string[] {
  return objects.flatMap((read, i) => [
    `  ${nameOf(read)} (${read.file}): ${plain === undefined ? candidate.name : `as it is, because ${plain}`}`,
    ...instead === undefined ? [] : [`    by its files and units, because ${instead}`],
    ...patches[i].length > 0 && plain === undefined ? [`    patched to what it was: ${patches[i].map(({ path }) => path).join(', ')}`] : [],
    ...added.length > 0 ? [`    gains annotations, which change nothing on a node: ${added.join(', ')}`] : [],
    ...read.leftOut.length > 0 ? [`    left out, because the cluster writes it: ${read.leftOut.join(', ')}`] : [],
  ]);
}
