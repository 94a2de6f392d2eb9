import type { DisruptionPolicies } from './disruption-policies';
import { sameTree } from './ignition-tree';
import { RenderedConfig, sameConfig } from './rendered-config';
import { at, list, PlainObject } from '../documents/values';
import { FORCE_FILE } from '../openshift/machine-config-operator';
import type { NodeAction } from '../openshift/node-disruption';

/** What of a pool's configuration a change is in. */
export type Section = 'files' | 'units' | 'sshKeys' | 'spec' | 'refused';

/** One difference between two configurations of a pool. */
export interface Difference {
  readonly section: Section;
  /** The path of a file, the name of a unit, or the field of the MachineConfig. */
  readonly path: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** What the operator does for it by itself. */
  readonly actions: readonly NodeAction[];
}

/** What a change does to each node of a pool. */
export interface PoolChange {
  /** Whether the operator renders another configuration at all. */
  readonly changed: boolean;
  /** Whether it refuses the new one on a running node: the pool is degraded then, and nothing is done. */
  readonly refused: boolean;
  /** What is done, in order; files by their paths, though the operator takes them in any order. */
  readonly actions: readonly NodeAction[];
  readonly differences: readonly Difference[];
}

const REBOOT: readonly NodeAction[] = [{ type: 'Reboot' }];

/** Fields whose change always reboots. */
const REBOOTING = ['osImageURL', 'kernelArguments', 'kernelType', 'extensions'] as const;

/**
 * What the Machine Config Daemon does when a node's configuration changes.
 *
 * Source: openshift/machine-config-operator (pkg/daemon/update.go, pkg/controller/common/reconcile.go).
 */
export function changeOf(before: RenderedConfig, after: RenderedConfig, policies: DisruptionPolicies): PoolChange {
  const refusals = refusedDifferences(before, after);
  const fields = REBOOTING.filter((field) => !sameTree(before[field], after[field]))
    .map((field): Difference => ({ section: 'spec', path: field, change: changeWord(before[field], after[field]), actions: REBOOT }));
  const files = keyed('files', 'path', before.files, after.files, (path) => policies.forFile(path) ?? REBOOT);
  const units = keyed('units', 'name', before.units, after.units, (name) => policies.forUnit(name) ?? REBOOT);
  const ssh: Difference[] = sameTree(before.users, after.users) ? []
    : [{ section: 'sshKeys', path: 'passwd', change: changeWord(before.users, after.users), actions: policies.forSshKeys() }];
  const differences = [...refusals, ...fields, ...files, ...units, ...ssh];
  const changed = !sameConfig(before, after);
  const refused = refusals.length > 0;
  const touched = differences.length > 0 || !sameTree(before.files, after.files) || !sameTree(before.units, after.units);
  return {
    changed,
    refused,
    differences,
    actions: refused ? [] : touched ? together(differences.flatMap(({ actions }) => actions)) : [{ type: 'None' }],
  };
}

/** A reboot does all; nothing is nothing beside anything else. */
function together(actions: readonly NodeAction[]): readonly NodeAction[] {
  if (actions.some(({ type }) => type === 'Reboot')) return REBOOT;
  const others = actions.filter(({ type }) => type !== 'None');
  return others.length > 0 || actions.length === 0 ? others : [{ type: 'None' }];
}

function keyed(
  section: 'files' | 'units', key: string, before: readonly PlainObject[], after: readonly PlainObject[], actionsFor: (key: string) => readonly NodeAction[],
): Difference[] {
  const old = new Map(before.map((item) => [String(item[key]), item]));
  const now = new Map(after.map((item) => [String(item[key]), item]));
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => !sameTree(old.get(name), now.get(name)));
  return names.sort().map((name) => ({ section, path: name, change: changeWord(old.get(name), now.get(name)), actions: actionsFor(name) }));
}

function changeWord(before: unknown, after: unknown): Difference['change'] {
  if (isNothing(before)) return 'added';
  return isNothing(after) ? 'removed' : 'changed';
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === '' || Array.isArray(value) && value.length === 0;
}

/** What a running node can't take: the operator leaves it as it is, and reports the pool as degraded. */
function refusedDifferences(before: RenderedConfig, after: RenderedConfig): Difference[] {
  const refused = (path: string, change: Difference['change'] = 'changed'): Difference => ({
    section: 'refused',
    path,
    change,
    actions: [],
  });
  const sections = Object.keys(after.fixed)
    .filter((section) => !sameTree(before.fixed[section], after.fixed[section]) && (section !== 'storage.links' || after.fixed[section] !== undefined))
    .map((section) => refused(section, changeWord(before.fixed[section], after.fixed[section])));
  // Every file is overwritten once it is rendered, which Ignition refuses where there is nothing to write.
  const invalid = [
    ...before.files.filter((file) => !isValid(file)),
    ...after.files.filter((file) => !isValid(file) || !isReconcilable(file)),
  ];
  const files = [...new Set(invalid.map(({ path }) => String(path)))].map((path) => refused(path));
  return [
    ...sections,
    ...files,
    ...sameTree(before.users, after.users) || usersAreTaken(after.users) ? [] : [refused('passwd.users')],
    ...before.fips === after.fips ? [] : [refused('fips')],
  ];
}

/** A file that Ignition takes; merging may have made it one that it does not. */
function isValid({ contents, user, group }: PlainObject): boolean {
  const isNamedTwice = [user, group].some((owner) => at(owner, 'id') !== undefined && at(owner, 'name') !== undefined);
  return at(contents, 'source') !== undefined && !isNamedTwice;
}

/** A file that the operator writes on a running node. */
function isReconcilable({ path, append }: PlainObject): boolean {
  return list(append).length === 0 && path !== FORCE_FILE;
}

/** The user `core` alone, with keys or a password and nothing else. */
function usersAreTaken(users: unknown): boolean {
  return list(users).every((user) => {
    const { name, sshAuthorizedKeys, passwordHash, ...others } = user as PlainObject;
    return name === 'core' && Object.keys(others).length === 0 && (sshAuthorizedKeys !== undefined || passwordHash !== undefined);
  });
}

/** An action as the operator's log has it: `Restart ipsec-import.service`. */
export function actionText({ type, service }: NodeAction): string {
  return service === undefined ? type : `${type} ${service}`;
}
