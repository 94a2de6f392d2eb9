/**
 * What the Machine Config Operator does to a node after a change, where the cluster's own node disruption policies say nothing.
 *
 * Source: openshift/machine-config-operator, release 4.20 (pkg/apihelpers/apihelpers.go, `defaultClusterPolicies`). Earlier releases have
 * the first five; a path that has no policy reboots the node.
 */

/** One thing that is done to a node. */
export interface NodeAction {
  /** `Special` is the operator's own, for one file: CRI-O is reloaded, and the node drained unless the change is harmless. */
  readonly type: 'Reboot' | 'Drain' | 'Reload' | 'Restart' | 'DaemonReload' | 'None' | 'Special';
  /** The unit of `Reload` and `Restart`. */
  readonly service?: string;
}

/** What is done when a file changes, or any file in a folder. */
export interface FilePolicy {
  readonly path: string;
  readonly actions: readonly NodeAction[];
}

/** What is done when a unit changes. */
export interface UnitPolicy {
  readonly name: string;
  readonly actions: readonly NodeAction[];
}

const RELOAD_CRIO: readonly NodeAction[] = [{ type: 'Reload', service: 'crio.service' }];
const NOTHING: readonly NodeAction[] = [{ type: 'None' }];

export const DEFAULT_FILE_POLICIES: readonly FilePolicy[] = [
  { path: '/var/lib/kubelet/config.json', actions: NOTHING },
  { path: '/etc/machine-config-daemon/no-reboot/containers-gpg.pub', actions: RELOAD_CRIO },
  { path: '/etc/containers/policy.json', actions: RELOAD_CRIO },
  { path: '/etc/containers/registries.conf', actions: [{ type: 'Special' }] },
  { path: '/etc/containers/registries.d', actions: RELOAD_CRIO },
  { path: '/etc/crio/policies', actions: RELOAD_CRIO },
  { path: '/etc/nmstate/openshift', actions: NOTHING },
  {
    path: '/etc/pki/ca-trust/source/anchors/openshift-config-user-ca-bundle.crt',
    actions: [{ type: 'Restart', service: 'coreos-update-ca-trust.service' }, { type: 'Restart', service: 'crio.service' }],
  },
];

/**
 * What releases without node disruption policies do by themselves: they know these files, and reboot for any other, and for any unit.
 *
 * Source: openshift/machine-config-operator (pkg/daemon/update.go, `calculatePostConfigChangeActionFromMCDiffs`).
 */
export const EARLY_FILE_POLICIES: readonly FilePolicy[] = DEFAULT_FILE_POLICIES.slice(0, 5);

/** What is done when the SSH keys of the user `core` change. */
export const DEFAULT_SSH_ACTIONS: readonly NodeAction[] = NOTHING;

/** The first minor release in which node disruption policies are there for everybody. */
export const NODE_DISRUPTION_MINOR = 17;
