import type { Import } from './cert-import-machine-config';
import { Removal, REMOVAL_SCRIPT_PATH } from './cert-removal-machine-config';
import { SCRIPT_PATH } from './import-script';
import { InputError } from '../../core/input-error';
import { MAX_POLICIES, MAX_POLICY_ACTIONS } from '../../openshift/machine-config-operator';

type Action = { readonly type: 'DaemonReload' | 'None' } | { readonly type: 'Restart'; readonly restart: { readonly serviceName: string } };

/** What a node does when one of our files or units changes. */
export interface DisruptionPolicySpec {
  readonly files: readonly { readonly path: string; readonly actions: readonly Action[] }[];
  readonly units: readonly { readonly name: string; readonly actions: readonly Action[] }[];
}

/**
 * The policy for imports and removals.
 *
 * Of several changed files the operator takes the actions in random order, and those of units last. So every path has the
 * whole sequence: a unit that changed together with a file must be read before it is restarted. To run it several times does no
 * harm, since an import that finds its certificate in the database ends there.
 */
export function disruptionPolicy(imports: readonly Import[], removals: readonly Removal[]): DisruptionPolicySpec {
  const files = new Map<string, Action[]>();
  const units = new Map<string, Action[]>();
  for (const { names } of imports) {
    const actions = restart([names.unit]);
    for (const path of [names.caPath, names.pkcs12Path]) files.set(path, actions);
    units.set(names.unit, actions);
    units.set(names.pathUnit, restart([names.pathUnit, names.unit]));
  }
  for (const { names, unit } of removals) {
    const actions = restart([unit]);
    for (const path of [names.caPath, names.pkcs12Path]) files.set(path, actions);
    for (const name of [names.unit, names.pathUnit, unit]) units.set(name, actions);
  }
  const importing = imports.map(({ names, roles }) => ({ unit: names.unit, roles }));
  if (imports.length > 0) files.set(SCRIPT_PATH, ofScript(importing));
  if (removals.length > 0) {
    files.set(REMOVAL_SCRIPT_PATH, ofScript(removals));
    // The last import's script goes with it.
    if (imports.length === 0) files.set(SCRIPT_PATH, ofScript(removals));
  }
  const most = Math.max(files.size, units.size);
  if (most > MAX_POLICIES) {
    throw new InputError(
      `'certificates' has ${new Set([...imports, ...removals].map(({ names }) => names.nickname)).size} nicknames, `
        + `whose files and units need ${most} policies, and the API takes ${MAX_POLICIES}: `
        + 'leave out those that may reboot the nodes when they are renewed',
    );
  }
  return {
    files: [...files].map(([path, actions]) => ({ path, actions })),
    units: [...units].map(([name, actions]) => ({ name, actions })),
  };
}

function restart(units: readonly string[]): Action[] {
  return [{ type: 'DaemonReload' }, ...units.map((serviceName) => ({ type: 'Restart' as const, restart: { serviceName } }))];
}

/**
 * What a changed script does. The policy is one for all nodes, and a node fails at a unit that it does not have: so the units
 * that every node with the script has are restarted. Where there is none, nothing is: the script runs at the next renewal or boot.
 */
function ofScript(runs: readonly { readonly unit: string; readonly roles: readonly string[] }[]): Action[] {
  const unitsOf = new Map<string, Set<string>>();
  for (const { unit, roles } of runs) {
    for (const role of roles) unitsOf.set(role, (unitsOf.get(role) ?? new Set()).add(unit));
  }
  const ofWorkers = unitsOf.get('worker') ?? new Set();
  // Nodes of a custom pool get what worker has too.
  const nodes = [...unitsOf].map(([role, units]) => (role === 'master' ? units : new Set([...units, ...ofWorkers])));
  const everywhere = [...new Set(runs.map(({ unit }) => unit))].filter((unit) => nodes.every((units) => units.has(unit)));
  return everywhere.length === 0 || everywhere.length >= MAX_POLICY_ACTIONS ? [{ type: 'None' }] : restart(everywhere);
}
