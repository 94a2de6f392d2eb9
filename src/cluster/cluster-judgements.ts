import type { IpsecClusterConfigProps } from './ipsec-cluster-config';
import { IpsecMode } from './ipsec-mode';
import { ENCAPSULATION_SINCE } from '../openshift/ipsec-config';
import { ESP_OVERHEAD, GENEVE_OVERHEAD, isMtu, largestClusterMtu, MTU_RANGE } from '../openshift/mtu';
import { availability, describeFloor, versionsWithIpsecMode } from '../openshift/openshift-version';
import { Platform, PLATFORMS_WITH_EXTERNAL_IPSEC } from '../openshift/platform';
import { ENCRYPTED_TOO_EARLY } from '../rules/network/network-mtu-before-full';
import type { Acknowledgements } from '../synthesis/acknowledgements';
import { InputError } from '../synthesis/input-error';

export function refuseUnsupportedCluster(props: IpsecClusterConfigProps): void {
  const { mode, openshiftVersion, hostedControlPlane, rhelComputeNodes } = props;
  if (!openshiftVersion._hasIpsecMode) {
    throw new InputError(`'openshiftVersion' (${openshiftVersion}) must be one of ${versionsWithIpsecMode()} for IpsecClusterConfig: earlier Network operators have no ipsecConfig.mode, `
      + 'the API drops it, and the empty ipsecConfig that is left means Full');
  }
  if (mode === IpsecMode.DISABLED) return;
  if (hostedControlPlane) {
    throw new InputError(`'mode' (${mode}) must be Disabled with 'hostedControlPlane': OpenShift supports IPsec neither between pods nor to outside hosts there`);
  }
  if (rhelComputeNodes) {
    throw new InputError(`'mode' (${mode}) must be Disabled with 'rhelComputeNodes': the libreswan of a RHEL host does not match the one of the ovn-ipsec container `
      + '(OCPBUGS-53316); replace the nodes with RHCOS ones');
  }
  if (mode === IpsecMode.EXTERNAL) refuseUnsupportedPlatform(props.platform, "'mode' (External)");
}

export function refuseUnsupportedPlatform(platform: Platform | undefined, what: string): void {
  if (platform === undefined || PLATFORMS_WITH_EXTERNAL_IPSEC.includes(platform)) return;
  throw new InputError(`'platform' (${platform}) does not support ${what}: OpenShift supports IPsec to hosts outside the cluster on `
    + `${PLATFORMS_WITH_EXTERNAL_IPSEC.join(', ')}`);
}

export function refuseExternalWithoutHostRouting({ mode, routingViaHost }: IpsecClusterConfigProps): void {
  if (mode === IpsecMode.EXTERNAL && routingViaHost === false) {
    throw new InputError("'routingViaHost' (false) must be true, or left unset where the cluster has it already, with mode External: "
      + 'otherwise pod traffic leaves through OVS and passes every tunnel by');
  }
}

export function judgeEncapsulation(props: IpsecClusterConfigProps, acknowledgements: Acknowledgements): void {
  const { mode, encapsulation, openshiftVersion, removeFullOptions } = props;
  if (encapsulation === undefined) return;
  if (removeFullOptions) {
    throw new InputError(`'encapsulation' (${encapsulation}) is one of the options of mode Full that 'removeFullOptions' takes out: give one of the two`);
  }
  if (mode !== IpsecMode.FULL) {
    throw new InputError(`'encapsulation' (${encapsulation}) needs mode Full, not ${mode}: the API refuses ipsecConfig.full otherwise, and it decides nothing `
      + 'for hosts outside the cluster; leave it out');
  }
  const available = availability(openshiftVersion, ENCAPSULATION_SINCE);
  if (available === 'no') {
    throw new InputError(`'encapsulation' (${encapsulation}) is not in the Network operator of ${openshiftVersion}: ${describeFloor(ENCAPSULATION_SINCE)} have it; leave it out`);
  }
  if (available === 'unknown') {
    acknowledgements.warn('network-encapsulation', `'encapsulation' (${encapsulation}) is only in later patch levels of 4.${openshiftVersion.minor}: `
      + "an older one drops it without a word; check with 'oc explain network.operator.spec.defaultNetwork.ovnKubernetesConfig.ipsecConfig.full'");
  }
}

export function judgeMtu(props: IpsecClusterConfigProps, acknowledgements: Acknowledgements): void {
  const { mode, mtuMigration } = props;
  for (const [name, mtu] of [['clusterMtu', props.clusterMtu], ['machineMtu', props.machineMtu]] as const) {
    if (mtu !== undefined && !isMtu(mtu)) {
      throw new InputError(`'${name}' (${mtu}) must be a whole number of bytes from ${MTU_RANGE.from} to ${MTU_RANGE.to}, which is what the Cluster Network Operator takes`);
    }
  }
  if (mode === IpsecMode.FULL && mtuMigration && !mtuMigration.isFinal) {
    acknowledgements.warn('network-mtu-before-full', `'mode' (Full) stands beside the first step of 'mtuMigration': ${ENCRYPTED_TOO_EARLY}; `
      + 'finish the migration in the mode that the cluster has, then switch to Full');
  }
  mtuMigration?._refuseFor({ isFull: mode === IpsecMode.FULL, clusterMtu: props.clusterMtu, machineMtu: props.machineMtu });
  const clusterMtu = mtuMigration?.networkTo ?? props.clusterMtu;
  const machineMtu = mtuMigration?.machineTo ?? props.machineMtu;
  if (mode === IpsecMode.DISABLED || (clusterMtu === undefined && machineMtu === undefined)) return;
  if (clusterMtu === undefined || machineMtu === undefined) {
    const [given, missing] = clusterMtu === undefined ? ['machineMtu', 'clusterMtu'] : ['clusterMtu', 'machineMtu'];
    acknowledgements.warn('network-mtu-headroom', `'${given}' (${clusterMtu ?? machineMtu}) is given without '${missing}': whether ${ESP_OVERHEAD} bytes are left for ESP can't be checked; give both`);
    return;
  }
  const largest = largestClusterMtu(machineMtu);
  if (clusterMtu <= largest) return;
  const problem = `${mtuMigration ? "'networkTo' of 'mtuMigration'" : "'clusterMtu'"} (${clusterMtu}) must be at most ${largest} on a machine network of ${machineMtu}: `
    + `Geneve takes ${GENEVE_OVERHEAD} bytes and ESP ${ESP_OVERHEAD}, and larger packets are fragmented or dropped; lower the cluster MTU first`;
  if (mode === IpsecMode.FULL) throw new InputError(problem);
  acknowledgements.warn('network-mtu-headroom', problem);
}
