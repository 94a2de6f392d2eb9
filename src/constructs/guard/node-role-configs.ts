import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { writeManifest } from '../../synthesis/manifests';
import { refuseRoles } from '../certificates/import-names';
import { IpsecClusterConfig } from '../cluster/ipsec-cluster-config';
import { MachineConfigInput } from '../machine-config/machine-config-input';
import { compileMachineConfig } from '../machine-config/machine-config-object';

/** What the MachineConfigs of all roles have in common. */
export interface RoleConfigs extends Pick<MachineConfigInput, 'annotations' | 'files' | 'units'> {
  readonly cluster: IpsecClusterConfig;
  readonly roles: readonly string[];
  /** What follows the role in the name. */
  readonly name: string;
}

/** Writes one MachineConfig a role, and returns them in the order of the roles. */
export function writeRoleConfigs(scope: Construct, { cluster, roles, name, ...parts }: RoleConfigs): ApiObject[] {
  refuseRoles(roles);
  return roles.map((role) => {
    const manifest = compileMachineConfig({ ...parts, version: cluster.openshiftVersion, name: `99-${role}-${name}`, role });
    return writeManifest(scope, role, manifest, { cluster, facts: cluster._facts });
  });
}
