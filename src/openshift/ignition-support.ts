import type { OpenShiftVersion } from './openshift-version';

/**
 * The newest Ignition 3 that the Machine Config Operator of a minor reads, by the first minor that reads it.
 *
 * Source: the imports of `pkg/controller/common/helpers.go` on the operator's release branches.
 */
const NEWEST_BY_MINOR: readonly (readonly [minor: number, ignition: number])[] = [[8, 2], [13, 4], [19, 5]];

/** The newest Ignition 3 that any release reads. */
const NEWEST = NEWEST_BY_MINOR[NEWEST_BY_MINOR.length - 1][1];

/**
 * Why a Machine Config Operator refuses an Ignition version, as the end of a sentence; undefined where it reads it.
 *
 * @param target the cluster's version; without it the newest one known
 */
export function ignitionVersionProblem(version: unknown, target?: OpenShiftVersion): string | undefined {
  if (typeof version !== 'string') return 'must be a text such as \'3.2.0\'';
  const match = /^([23])\.(\d{1,3})\.0$/.exec(version);
  if (!match) return "must be the version of a released Ignition specification, such as '3.2.0'";
  if (match[1] === '2') return undefined;
  const newest = target ? NEWEST_BY_MINOR.filter(([minor]) => minor <= target._order).at(-1)?.[1] ?? NEWEST : NEWEST;
  if (Number(match[2]) <= newest) return undefined;
  return `is newer than 3.${newest}.0, the newest that the Machine Config Operator `
    + `${target ? `of ${target}` : 'of any OpenShift known here'} reads`;
}
