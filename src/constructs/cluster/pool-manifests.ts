import { InputError } from '../../core/input-error';
import { isObjectName } from '../../openshift/kubernetes-names';
import type { Manifest } from '../../synthesis/recorded-manifest';

/** The pool of the control plane. */
export const CONTROL_PLANE_POOL = 'master';

const REASON_ANNOTATION = 'ipsec.cdk8s.io/control-plane-paused';

interface PoolPause {
  readonly pools: readonly string[];
  readonly paused: boolean;
  readonly controlPlaneReason?: string;
  readonly annotations?: { [name: string]: string };
}

/** One MachineConfigPool for each name, with nothing but `spec.paused`. */
export function poolManifests({ pools, paused, controlPlaneReason, annotations }: PoolPause): Manifest[] {
  refusePools(pools, paused, controlPlaneReason);
  return pools.map((name) => {
    const reason = name === CONTROL_PLANE_POOL && paused ? { [REASON_ANNOTATION]: controlPlaneReason! } : undefined;
    return {
      apiVersion: 'machineconfiguration.openshift.io/v1',
      kind: 'MachineConfigPool',
      metadata: { name, ...(annotations || reason ? { annotations: { ...annotations, ...reason } } : {}) },
      spec: { paused },
    };
  });
}

function refusePools(pools: readonly string[], paused: boolean, controlPlaneReason: string | undefined): void {
  if (pools.length === 0) throw new InputError("'pools' (an empty list) must name at least one MachineConfigPool, such as 'worker'");
  const seen = new Set<string>();
  for (const pool of pools) {
    if (!isObjectName(pool)) {
      throw new InputError(
        `'pools' has '${pool}', which can't be the name of a MachineConfigPool: lower-case letters, digits, '-' and '.', such as 'worker'`,
      );
    }
    if (seen.has(pool)) throw new InputError(`'pools' has '${pool}' twice: name it once`);
    seen.add(pool);
  }
  if (controlPlaneReason !== undefined && controlPlaneReason.trim() === '') {
    throw new InputError("'controlPlaneReason' (an empty text) must say why the control plane is paused; it goes into the manifest");
  }
  const pausesControlPlane = seen.has(CONTROL_PLANE_POOL) && paused;
  if (pausesControlPlane && controlPlaneReason === undefined) {
    throw new InputError(
      `'pools' has '${CONTROL_PLANE_POOL}', the control plane, whose kubelets get no new certificates while it is paused: `
        + 'name compute pools only, '
        + "or say why in 'controlPlaneReason'",
    );
  }
  if (!pausesControlPlane && controlPlaneReason !== undefined) {
    throw new InputError(
      `'controlPlaneReason' is given, but ${paused ? `'pools' does not name '${CONTROL_PLANE_POOL}'` : "'paused' is false"}: leave it out`,
    );
  }
}
