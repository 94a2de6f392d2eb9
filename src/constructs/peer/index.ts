export { PeerConfiguration, PeerConfigurationProps } from './peer-configuration';
