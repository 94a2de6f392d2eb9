export { IpsecClusterConfig, IpsecClusterConfigProps } from './ipsec-cluster-config';
export { IpsecEncapsulation, IpsecMode } from './ipsec-mode';
export { MtuForIpsecProps, MtuMigration, MtuMigrationProps } from './mtu-migration';
