import { IpsecEncapsulation, IpsecMode } from './ipsec-mode';
import type { MtuMigration } from './mtu-migration';
import { largestClusterMtu } from '../../openshift/mtu';

type Spec = { [key: string]: unknown };

/** What a Network object is made of. */
export interface NetworkParts {
  readonly mode: IpsecMode;
  readonly routingViaHost?: boolean;
  readonly encapsulation?: IpsecEncapsulation;
  readonly removeFullOptions?: boolean;
  readonly mtuMigration?: MtuMigration;
  readonly clusterMtu?: number;
  readonly machineMtu?: number;
}

const IPSEC_CONFIG_PATH = '/spec/defaultNetwork/ovnKubernetesConfig/ipsecConfig';

/** JSON pointers into the Network object. */
export const MODE_PATH = `${IPSEC_CONFIG_PATH}/mode`;
export const FULL_PATH = `${IPSEC_CONFIG_PATH}/full`;

/** The part of a running cluster's Network object that IPsec needs; null takes a field out of the object. */
export function networkSpec(props: NetworkParts): Spec {
  const { mtuMigration } = props;
  return {
    ...(mtuMigration ? { migration: mtuMigration._migration } : {}),
    defaultNetwork: { ovnKubernetesConfig: ovnKubernetesConfig(props, mtuMigration?.isFinal ? mtuMigration.networkTo : undefined) },
  };
}

/** The same for a cluster that is to be installed, where nothing has to be taken out and the MTU needs no migration. */
export function installSpec(props: NetworkParts): Spec {
  const room = props.machineMtu === undefined || props.mode === IpsecMode.DISABLED ? undefined : largestClusterMtu(props.machineMtu);
  return { defaultNetwork: { ovnKubernetesConfig: ovnKubernetesConfig({ ...props, removeFullOptions: false }, props.clusterMtu ?? room) } };
}

function ovnKubernetesConfig({ mode, routingViaHost, encapsulation, removeFullOptions }: NetworkParts, mtu: number | undefined): Spec {
  const full = removeFullOptions ? { full: null } : encapsulation === undefined ? {} : { full: { encapsulation } };
  return {
    ...(mtu === undefined ? {} : { mtu }),
    ...(routingViaHost === undefined ? {} : { gatewayConfig: { routingViaHost } }),
    ipsecConfig: { mode, ...full },
  };
}

/** The same without what is null, for a manifest. */
export function withoutNulls(spec: Spec): Spec {
  const entries = Object.entries(spec).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, typeof value === 'object' ? withoutNulls(value as Spec) : value]));
}
