import type { Subject } from './subjects';
import { at, list, PlainObject, record, text } from './values';

export const DISRUPTION_POLICY = '/spec/nodeDisruptionPolicy';

/** A `MachineConfiguration` that says what a change on a node does. Most that people keep are partial, to be applied. */
export interface DisruptionPolicy {
  readonly subject: Subject;
  readonly files: readonly PolicyEntry[];
  readonly units: readonly PolicyEntry[];
  /** What a change of the SSH keys of the user `core` does. */
  readonly sshkey: readonly PolicyAction[];
}

/** What a change of a file, a folder or a unit does. */
export interface PolicyEntry {
  /** The path or the unit's name; undefined where it is none, or still to be filled in. */
  readonly name?: string;
  /** JSON pointer from the object to the entry. */
  readonly pointer: string;
  /** `actions` as it is written. */
  readonly given: unknown;
  readonly actions: readonly PolicyAction[];
}

/** One step of what a change does. */
export interface PolicyAction {
  readonly pointer: string;
  readonly type?: string;
  /** The unit that it restarts or reloads. */
  readonly unit?: string;
}

/** The policy of a `MachineConfiguration`; undefined for other objects, and where it has none. */
export function disruptionPolicyOf(subject: Subject): DisruptionPolicy | undefined {
  if (subject.kind !== 'MachineConfiguration' || !subject.apiVersion.startsWith('operator.openshift.io/')) return undefined;
  const policy = record(at(subject.object.spec, 'nodeDisruptionPolicy'));
  return policy && {
    subject,
    files: entries(policy, 'files', 'path'),
    units: entries(policy, 'units', 'name'),
    sshkey: actionsOf(at(policy, 'sshkey', 'actions'), `${DISRUPTION_POLICY}/sshkey`),
  };
}

/** The entries of all policies of a set, to be asked for by what changes. */
export class DisruptionEntries {
  private readonly byPath: ReadonlyMap<string, PolicyEntry>;
  private readonly byUnit: ReadonlyMap<string, PolicyEntry>;

  public constructor(policies: readonly DisruptionPolicy[]) {
    this.byPath = named(policies.flatMap(({ files }) => files));
    this.byUnit = named(policies.flatMap(({ units }) => units));
  }

  /** What decides over a file: the longest path that is the file's own or a folder above it. */
  public ofFile(path: string): PolicyEntry | undefined {
    for (let above = path; above !== ''; above = above.slice(0, Math.max(0, above.lastIndexOf('/')))) {
      const entry = this.byPath.get(above);
      if (entry) return entry;
    }
    return this.byPath.get('');
  }

  public ofUnit(name: string): PolicyEntry | undefined {
    return this.byUnit.get(name);
  }
}

/** A folder may be written with a slash at its end; `/` alone is the empty text then. */
function named(all: readonly PolicyEntry[]): ReadonlyMap<string, PolicyEntry> {
  return new Map(all.flatMap((entry) => (entry.name === undefined ? [] : [[entry.name.replace(/\/+$/, ''), entry]])));
}

function entries(policy: PlainObject, key: string, name: string): PolicyEntry[] {
  return list(policy[key]).map((entry, i) => {
    const pointer = `${DISRUPTION_POLICY}/${key}/${i}`;
    const given = at(entry, 'actions');
    return {
      name: text(at(entry, name)),
      pointer,
      given,
      actions: actionsOf(given, pointer),
    };
  });
}

function actionsOf(actions: unknown, pointer: string): PolicyAction[] {
  return list(actions).map((action, i) => ({
    pointer: `${pointer}/actions/${i}`,
    type: text(at(action, 'type')),
    unit: text(at(action, 'restart', 'serviceName') ?? at(action, 'reload', 'serviceName')),
  }));
}
