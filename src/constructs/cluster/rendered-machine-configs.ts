import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { IpsecMode } from './ipsec-mode';
import { CONTROL_PLANE_POOL } from './pool-manifests';
import { MACHINE_CONFIG_ROLE_LABEL } from '../../openshift/labels';

/**
 * The MachineConfigs that a pool is to get of what stands under `scope`: its own, and those that the Cluster Network Operator writes
 * for modes External and Full. A custom pool is a compute pool: it gets the worker's beside its own.
 */
export function renderedInto(pool: string, scope: IConstruct): string[] {
  const role = pool === CONTROL_PLANE_POOL ? CONTROL_PLANE_POOL : 'worker';
  return scope.node.findAll().flatMap((object) => {
    if (!ApiObject.isApiObject(object)) return [];
    if (object.kind === 'MachineConfig') {
      const label = object.metadata.getLabel(MACHINE_CONFIG_ROLE_LABEL);
      return label === role || label === pool ? [object.name] : [];
    }
    if (object.kind !== 'Network') return [];
    const mode = object.toJson().spec.defaultNetwork?.ovnKubernetesConfig?.ipsecConfig?.mode;
    return mode === IpsecMode.EXTERNAL || mode === IpsecMode.FULL ? [`80-ipsec-${role}-extensions`] : [];
  });
}
