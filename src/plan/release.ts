import type { DocumentSet } from '../documents/document-set';
import { at, list, text } from '../documents/values';
import { ignitionVersionProblem } from '../openshift/ignition-support';
import { NODE_DISRUPTION_MINOR } from '../openshift/node-disruption';
import { OpenShiftVersion } from '../openshift/openshift-version';

/** What is known of the cluster's release. */
export interface Release {
  readonly version?: OpenShiftVersion;
  /** Whether it knows node disruption policies; undefined where nobody says so. */
  readonly hasDisruptionPolicies?: boolean;
}

/**
 * The release of a cluster: what the user says, or its ClusterVersion in the manifests, NEW's before OLD's. Where neither is there, a
 * MachineConfig that only a later release reads shows at least that.
 */
export function releaseOf(before: DocumentSet, after: DocumentSet, given?: OpenShiftVersion): Release {
  const version = given ?? versionIn(after) ?? versionIn(before);
  if (version) return { version, hasDisruptionPolicies: version._order >= NODE_DISRUPTION_MINOR };
  return [after, before].some(needsLater) ? { hasDisruptionPolicies: true } : {};
}

/** What the cluster runs by its own account; an update that is only asked for is not it. */
function versionIn({ subjects }: DocumentSet): OpenShiftVersion | undefined {
  const object = subjects.find(({ kind, apiVersion }) => kind === 'ClusterVersion' && apiVersion.startsWith('config.openshift.io/'))?.object;
  const completed = list(at(object?.status, 'history')).find((entry) => at(entry, 'state') === 'Completed');
  const name = text(at(completed, 'version')) ?? text(at(object?.status, 'desired', 'version'));
  const [, plain] = /^(\d+\.\d+(?:\.\d+)?)/.exec(name ?? '') ?? [];
  try {
    return plain === undefined ? undefined : OpenShiftVersion.of(plain);
  } catch {
    return undefined; // a release that nobody here knows
  }
}

function needsLater({ machineConfigs }: DocumentSet): boolean {
  const last = OpenShiftVersion.of(`4.${NODE_DISRUPTION_MINOR - 1}`);
  return machineConfigs.some(({ config }) => {
    const version = text(at(config, 'ignition', 'version'));
    return version !== undefined && /^3\.\d+\.0$/.test(version) && ignitionVersionProblem(version, last) !== undefined
      && ignitionVersionProblem(version) === undefined;
  });
}
