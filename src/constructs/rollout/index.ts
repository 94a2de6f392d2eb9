export { IpsecRollout, IpsecRolloutProps } from './ipsec-rollout';
