import { FilePolicies } from './file-policies';
import type { DisruptionPolicy, PolicyAction } from '../documents/disruption-policies';
import type { DocumentSet } from '../documents/document-set';
import { DEFAULT_FILE_POLICIES, DEFAULT_SSH_ACTIONS, EARLY_FILE_POLICIES, FilePolicy, NodeAction, UnitPolicy } from '../openshift/node-disruption';

/** What the operator does for which change: its own policies, and those of the cluster (`MachineConfiguration`). */
export class DisruptionPolicies {
  /** What releases do that know no such policies, whatever `MachineConfiguration/cluster` says. */
  public static readonly EARLY = new DisruptionPolicies([], EARLY_FILE_POLICIES);

  /** Those of a set: `MachineConfiguration/cluster`, which several owners may write parts of. */
  public static of({ disruptionPolicies }: Pick<DocumentSet, 'disruptionPolicies'>): DisruptionPolicies {
    return new DisruptionPolicies(disruptionPolicies.filter(({ subject }) => subject.name === 'cluster'));
  }

  /** Whether the cluster has policies of its own. */
  public readonly isOwn: boolean;
  private readonly files: FilePolicies;
  private readonly units: ReadonlyMap<string, UnitPolicy>;
  private readonly ssh: readonly NodeAction[];

  private constructor(own: readonly DisruptionPolicy[], defaults = DEFAULT_FILE_POLICIES) {
    const files = own.flatMap((policy) => policy.files.map(({ name = '', actions }) => ({ path: name, actions: actions.map(actionOnNode) })));
    const units = own.flatMap((policy) => policy.units.map(({ name = '', actions }) => ({ name, actions: actions.map(actionOnNode) })));
    const ssh = own.flatMap(({ sshkey }) => sshkey.map(actionOnNode));
    this.isOwn = files.length > 0 || units.length > 0 || ssh.length > 0;
    this.files = new FilePolicies(replaced(defaults, files));
    this.units = new Map([...units].reverse().map((unit) => [unit.name, unit]));
    this.ssh = ssh.length > 0 ? ssh : DEFAULT_SSH_ACTIONS;
  }

  /** What is done when a file changes; undefined where no policy is for it. The longest path that is it or a folder above it counts. */
  public forFile(path: string): readonly NodeAction[] | undefined {
    return this.files.of(path)?.actions;
  }

  /** What is done when a unit changes; undefined where no policy is for it. */
  public forUnit(name: string): readonly NodeAction[] | undefined {
    return this.units.get(name)?.actions;
  }

  /** What is done when the SSH keys of the user `core` change. */
  public forSshKeys(): readonly NodeAction[] {
    return this.ssh;
  }
}

/** The cluster's policies in place of the operator's for the same path, and behind them. */
function replaced(defaults: readonly FilePolicy[], own: readonly FilePolicy[]): FilePolicy[] {
  const byPath = new Map(own.map((policy) => [policy.path, policy]));
  const known = new Set(defaults.map(({ path }) => path));
  return [...defaults.map((policy) => byPath.get(policy.path) ?? policy), ...own.filter(({ path }) => !known.has(path))];
}

const TYPES: readonly string[] = ['Reboot', 'Drain', 'Reload', 'Restart', 'DaemonReload', 'None'] satisfies NodeAction['type'][];

/** What is none of the API's types is refused there; until then nobody should count on less than a reboot. */
function actionOnNode({ type = '', unit }: PolicyAction): NodeAction {
  return TYPES.includes(type) ? { type: type as NodeAction['type'], ...unit === undefined ? {} : { service: unit } } : { type: 'Reboot' };
}
