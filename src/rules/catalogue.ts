// Generated from the files of the rules by `npx projen rules`; do not edit.

import { certificateCa } from './certificate/certificate-ca';
import { certificateCnLength } from './certificate/certificate-cn-length';
import { certificateCnReserved } from './certificate/certificate-cn-reserved';
import { certificateExpired } from './certificate/certificate-expired';
import { certificateExpiresSoon } from './certificate/certificate-expires-soon';
import { certificateImportTwice } from './certificate/certificate-import-twice';
import { certificateKeySize } from './certificate/certificate-key-size';
import { certificateKeyType } from './certificate/certificate-key-type';
import { certificateNickname } from './certificate/certificate-nickname';
import { certificateSan } from './certificate/certificate-san';
import { certificateShared } from './certificate/certificate-shared';
import { certificateSignature } from './certificate/certificate-signature';
import { certificateTrust } from './certificate/certificate-trust';
import { certificateUntrusted } from './certificate/certificate-untrusted';
import { certificateUsage } from './certificate/certificate-usage';
import { passwordInManifest } from './certificate/password-in-manifest';
import { passwordPrompt } from './certificate/password-prompt';
import { pkcs12AsCertificate } from './certificate/pkcs12-as-certificate';
import { pkcs12LegacyEncryption } from './certificate/pkcs12-legacy-encryption';
import { pkcs12Unreadable } from './certificate/pkcs12-unreadable';
import { pkcs12Unseen } from './certificate/pkcs12-unseen';
import { privateKeyExposed } from './certificate/private-key-exposed';
import { acknowledgementUnknown } from './general/acknowledgement-unknown';
import { disruptionPolicyActions } from './machine-config/disruption-policy-actions';
import { disruptionPolicyIncomplete } from './machine-config/disruption-policy-incomplete';
import { disruptionPolicyIpsecService } from './machine-config/disruption-policy-ipsec-service';
import { disruptionPolicyPath } from './machine-config/disruption-policy-path';
import { disruptionPolicyUnit } from './machine-config/disruption-policy-unit';
import { disruptionPolicyVersion } from './machine-config/disruption-policy-version';
import { guardConnectionOpen } from './machine-config/guard-connection-open';
import { guardCutsClusterOff } from './machine-config/guard-cuts-cluster-off';
import { guardException } from './machine-config/guard-exception';
import { guardNetworksUnknown } from './machine-config/guard-networks-unknown';
import { guardPeerBesideNodes } from './machine-config/guard-peer-beside-nodes';
import { guardRoutingViaHost } from './machine-config/guard-routing-via-host';
import { hubTemplateOutsidePolicy } from './machine-config/hub-template-outside-policy';
import { keyfileIgnored } from './machine-config/keyfile-ignored';
import { keyfileNotStarted } from './machine-config/keyfile-not-started';
import { keyfileUuidShared } from './machine-config/keyfile-uuid-shared';
import { machineconfigExecMode } from './machine-config/machineconfig-exec-mode';
import { machineconfigExecPath } from './machine-config/machineconfig-exec-path';
import { machineconfigExtension } from './machine-config/machineconfig-extension';
import { machineconfigFileAppend } from './machine-config/machineconfig-file-append';
import { machineconfigFileConflict } from './machine-config/machineconfig-file-conflict';
import { machineconfigFileMissing } from './machine-config/machineconfig-file-missing';
import { machineconfigFileMode } from './machine-config/machineconfig-file-mode';
import { machineconfigFilePath } from './machine-config/machineconfig-file-path';
import { machineconfigFileSource } from './machine-config/machineconfig-file-source';
import { machineconfigIgnitionVersion } from './machine-config/machineconfig-ignition-version';
import { machineconfigImportDatabase } from './machine-config/machineconfig-import-database';
import { machineconfigImportFragile } from './machine-config/machineconfig-import-fragile';
import { machineconfigImportOrder } from './machine-config/machineconfig-import-order';
import { machineconfigOperator } from './machine-config/machineconfig-operator';
import { machineconfigRole } from './machine-config/machineconfig-role';
import { machineconfigSize } from './machine-config/machineconfig-size';
import { machineconfigUnitInstall } from './machine-config/machineconfig-unit-install';
import { machineconfigUnitName } from './machine-config/machineconfig-unit-name';
import { passwordInArguments } from './machine-config/password-in-arguments';
import { poolExtension } from './machine-config/pool-extension';
import { firewallOrderTaken } from './network/firewall-order-taken';
import { networkEncapsulation } from './network/network-encapsulation';
import { networkEndpointWithoutMode } from './network/network-endpoint-without-mode';
import { networkFullOptions } from './network/network-full-options';
import { networkHostedControlPlane } from './network/network-hosted-control-plane';
import { networkModeMissing } from './network/network-mode-missing';
import { networkModeUnknown } from './network/network-mode-unknown';
import { networkModeVersion } from './network/network-mode-version';
import { networkMtuBeforeFull } from './network/network-mtu-before-full';
import { networkMtuHeadroom } from './network/network-mtu-headroom';
import { networkMtuRange } from './network/network-mtu-range';
import { networkMtuWithoutMigration } from './network/network-mtu-without-migration';
import { networkMustonlyhave } from './network/network-mustonlyhave';
import { networkName } from './network/network-name';
import { networkNull } from './network/network-null';
import { networkPlatform } from './network/network-platform';
import { networkRhelComputeNodes } from './network/network-rhel-compute-nodes';
import { networkRoutingViaHost } from './network/network-routing-via-host';
import { objectDuplicate } from './network/object-duplicate';
import { poolPaused } from './network/pool-paused';
import { poolUnknown } from './network/pool-unknown';
import { interfaceAbsentWithSettings } from './policy/interface-absent-with-settings';
import { interfaceDuplicate } from './policy/interface-duplicate';
import { interfaceReserved } from './policy/interface-reserved';
import { interfaceType } from './policy/interface-type';
import { libreswanAuthbyIgnored } from './policy/libreswan-authby-ignored';
import { libreswanCertificateUnasked } from './policy/libreswan-certificate-unasked';
import { libreswanDpdIncomplete } from './policy/libreswan-dpd-incomplete';
import { libreswanDpdTimeout } from './policy/libreswan-dpd-timeout';
import { libreswanEnds } from './policy/libreswan-ends';
import { libreswanExtra } from './policy/libreswan-extra';
import { libreswanIdAddress } from './policy/libreswan-id-address';
import { libreswanIdPrefix } from './policy/libreswan-id-prefix';
import { libreswanIkev2 } from './policy/libreswan-ikev2';
import { libreswanIpv6 } from './policy/libreswan-ipv6';
import { libreswanLeftShared } from './policy/libreswan-left-shared';
import { libreswanLifetime } from './policy/libreswan-lifetime';
import { libreswanModecfgClient } from './policy/libreswan-modecfg-client';
import { libreswanOptionUnknown } from './policy/libreswan-option-unknown';
import { libreswanOptionValue } from './policy/libreswan-option-value';
import { libreswanOptionVersion } from './policy/libreswan-option-version';
import { libreswanPeerUnverified } from './policy/libreswan-peer-unverified';
import { libreswanProposal } from './policy/libreswan-proposal';
import { libreswanRightMissing } from './policy/libreswan-right-missing';
import { libreswanSubnetHostBits } from './policy/libreswan-subnet-host-bits';
import { libreswanSubnetLocal } from './policy/libreswan-subnet-local';
import { libreswanSubnetMissing } from './policy/libreswan-subnet-missing';
import { libreswanSubnetOfCluster } from './policy/libreswan-subnet-of-cluster';
import { libreswanSubnetOverlap } from './policy/libreswan-subnet-overlap';
import { libreswanTransportSubnet } from './policy/libreswan-transport-subnet';
import { policyMaxUnavailable } from './policy/policy-max-unavailable';
import { policyName } from './policy/policy-name';
import { policySameFile } from './policy/policy-same-file';
import { policySelectorInvalid } from './policy/policy-selector-invalid';
import { policySelectorMissing } from './policy/policy-selector-missing';
import { pskInManifest } from './policy/psk-in-manifest';
import type { Rule } from './rule';

/** The rules about one kind of object. */
export interface RuleSection {
  readonly title: string;
  readonly rules: readonly Rule[];
}

/** All rules, by what they judge. */
export const RULE_SECTIONS: readonly RuleSection[] = [
  {
    title: 'Network and pools',
    rules: [
      firewallOrderTaken,
      networkEncapsulation,
      networkEndpointWithoutMode,
      networkFullOptions,
      networkHostedControlPlane,
      networkModeMissing,
      networkModeUnknown,
      networkModeVersion,
      networkMtuBeforeFull,
      networkMtuHeadroom,
      networkMtuRange,
      networkMtuWithoutMigration,
      networkMustonlyhave,
      networkName,
      networkNull,
      networkPlatform,
      networkRhelComputeNodes,
      networkRoutingViaHost,
      objectDuplicate,
      poolPaused,
      poolUnknown,
    ],
  },
  {
    title: 'Node network policy',
    rules: [
      interfaceAbsentWithSettings,
      interfaceDuplicate,
      interfaceReserved,
      interfaceType,
      libreswanAuthbyIgnored,
      libreswanCertificateUnasked,
      libreswanDpdIncomplete,
      libreswanDpdTimeout,
      libreswanEnds,
      libreswanExtra,
      libreswanIdAddress,
      libreswanIdPrefix,
      libreswanIkev2,
      libreswanIpv6,
      libreswanLeftShared,
      libreswanLifetime,
      libreswanModecfgClient,
      libreswanOptionUnknown,
      libreswanOptionValue,
      libreswanOptionVersion,
      libreswanPeerUnverified,
      libreswanProposal,
      libreswanRightMissing,
      libreswanSubnetHostBits,
      libreswanSubnetLocal,
      libreswanSubnetMissing,
      libreswanSubnetOfCluster,
      libreswanSubnetOverlap,
      libreswanTransportSubnet,
      policyMaxUnavailable,
      policyName,
      policySameFile,
      policySelectorInvalid,
      policySelectorMissing,
      pskInManifest,
    ],
  },
  {
    title: 'MachineConfig',
    rules: [
      disruptionPolicyActions,
      disruptionPolicyIncomplete,
      disruptionPolicyIpsecService,
      disruptionPolicyPath,
      disruptionPolicyUnit,
      disruptionPolicyVersion,
      guardConnectionOpen,
      guardCutsClusterOff,
      guardException,
      guardNetworksUnknown,
      guardPeerBesideNodes,
      guardRoutingViaHost,
      hubTemplateOutsidePolicy,
      keyfileIgnored,
      keyfileNotStarted,
      keyfileUuidShared,
      machineconfigExecMode,
      machineconfigExecPath,
      machineconfigExtension,
      machineconfigFileAppend,
      machineconfigFileConflict,
      machineconfigFileMissing,
      machineconfigFileMode,
      machineconfigFilePath,
      machineconfigFileSource,
      machineconfigIgnitionVersion,
      machineconfigImportDatabase,
      machineconfigImportFragile,
      machineconfigImportOrder,
      machineconfigOperator,
      machineconfigRole,
      machineconfigSize,
      machineconfigUnitInstall,
      machineconfigUnitName,
      passwordInArguments,
      poolExtension,
    ],
  },
  {
    title: 'Certificate',
    rules: [
      certificateCa,
      certificateCnLength,
      certificateCnReserved,
      certificateExpired,
      certificateExpiresSoon,
      certificateImportTwice,
      certificateKeySize,
      certificateKeyType,
      certificateNickname,
      certificateSan,
      certificateShared,
      certificateSignature,
      certificateTrust,
      certificateUntrusted,
      certificateUsage,
      passwordInManifest,
      passwordPrompt,
      pkcs12AsCertificate,
      pkcs12LegacyEncryption,
      pkcs12Unreadable,
      pkcs12Unseen,
      privateKeyExposed,
    ],
  },
  {
    title: 'Acknowledgement',
    rules: [
      acknowledgementUnknown,
    ],
  },
];

/** All rules, in the order of the sections. */
export const RULES: readonly Rule[] = RULE_SECTIONS.flatMap(({ rules }) => rules);

/** The rules by id. */
export const RULE_BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));
