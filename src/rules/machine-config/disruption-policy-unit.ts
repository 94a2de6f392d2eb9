import type { PolicyAction, PolicyEntry } from '../../documents/disruption-policies';
import type { MachineConfigObject } from '../../documents/machine-config/machine-configs';
import { isPlaceholder } from '../../documents/placeholders';
import { show } from '../../documents/values';
import { DOCS } from '../docs';
import type { Rule } from '../rule';

/** The units that this library writes; others may well come with the operating system. */
const OURS = /^ipsec-(?:import|remove)(?:-.*)?\.service$/;

export const disruptionPolicyUnit: Rule = {
  id: 'disruption-policy-unit',
  severity: 'warning',
  title: "a node disruption policy that restarts an import's unit which nodes that get the change do not have",
  why: 'systemctl fails on the missing unit, the node takes the change back, and the rollout stops there: '
    + 'so it is after an import was taken away and its policy was left.',
  fix: 'Take the import out of the policy first, and away from the nodes when the policy is in force; '
    + 'or restart units that all these nodes have.',
  docs: DOCS.nodeDisruption,

  on: {
    set({ disruptionPolicies, machineConfigs }, report) {
      if (machineConfigs.length === 0) return;
      for (const { subject, files, units } of disruptionPolicies) {
        const entries = [...files, ...units];
        if (!entries.some(({ actions }) => actions.some(restartsOurs))) continue;
        const written = new Written(machineConfigs);
        for (const entry of entries) {
          for (const action of entry.actions.filter(restartsOurs)) {
            const missing = written.missing(entry, action.unit!);
            if (missing === undefined) continue;
            const what = entry.name === undefined ? 'a change' : `a change of ${show(entry.name)}`;
            report({ subject, path: action.pointer, message: `${what} restarts ${show(action.unit)}, which ${missing}` });
          }
        }
      }
    },
  },
};

function restartsOurs({ type, unit }: PolicyAction): boolean {
  return type === 'Restart' && unit !== undefined && OURS.test(unit);
}

/** Which roles have which units, and get which files. */
class Written {
  private readonly rolesOfUnit = new Map<string, Set<string | undefined>>();
  private readonly rolesOfName = new Map<string, Set<string | undefined>>();
  private readonly hasUnknown: boolean;

  public constructor(machineConfigs: readonly MachineConfigObject[]) {
    let hasUnknown = false;
    const add = (map: Map<string, Set<string | undefined>>, name: string, role: string | undefined) => {
      hasUnknown ||= isPlaceholder(name);
      map.set(name, (map.get(name) ?? new Set()).add(role));
    };
    for (const { role, files, units } of machineConfigs) {
      for (const { path } of files) add(this.rolesOfName, path, role);
      for (const { name } of units) {
        add(this.rolesOfName, name, role);
        add(this.rolesOfUnit, name, role);
      }
    }
    this.hasUnknown = hasUnknown;
  }

  /** Who lacks a unit that a change restarts, as the end of a sentence. */
  public missing({ name }: PolicyEntry, unit: string): string | undefined {
    if (this.hasUnknown || isPlaceholder(name)) return undefined;
    const having = this.rolesOfUnit.get(unit);
    if (!having) return 'no MachineConfig in the set writes';
    if (having.has(undefined)) return undefined;
    const lacking = [...name === undefined ? [] : this.rolesOfName.get(name) ?? []]
      // Nodes of a custom pool get what worker has too.
      .filter((role) => role !== undefined && !having.has(role) && !(having.has('worker') && role !== 'master'));
    return lacking.length === 0 ? undefined : `the nodes of ${lacking.map(show).join(', ')}, which get it too, do not have`;
  }
}
