export { IpsecMonitoring, IpsecMonitoringProps } from './ipsec-monitoring';
