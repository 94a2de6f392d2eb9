export { IpsecClusterConfig } from './ipsec-cluster-config';
export { IpsecClusterConfigProps } from './ipsec-cluster-config-props';
export { IpsecEncapsulation, IpsecMode } from './ipsec-mode';
export { MachineConfigPoolPause, MachineConfigPoolPauseProps } from './machine-config-pool-pause';
export { MtuForIpsecProps, MtuMigration, MtuMigrationProps } from './mtu-migration';
export { InstallPlanApproval, NmstateOperator, NmstateOperatorProps } from './nmstate-operator';
export { PausedRollout, PausedRolloutProps } from './paused-rollout';
