// Generated from src/openshift/libreswan-options.ts by `npx projen libreswan`; do not edit.

/** The keys that are written only where their props are given, in the order in which they are written. */
export const OPTIONAL_KEYS = [
  ['leftsubnet', 'localSubnet'],
  ['leftsubnets', 'leftsubnets'],
  ['leftprotoport', 'leftprotoport'],
  ['leftsendcert', 'leftsendcert'],
  ['rightcert', 'rightcert'],
  ['rightca', 'rightca'],
  ['rightsubnets', 'rightsubnets'],
  ['rightprotoport', 'rightprotoport'],
  ['ike', 'ike'],
  ['esp', 'esp'],
  ['ikelifetime', 'ikelifetime'],
  ['salifetime', 'salifetime'],
  ['dpddelay', 'dpddelay'],
  ['dpdtimeout', 'dpdtimeout'],
  ['dpdaction', 'dpdaction'],
  ['ipsec-interface', 'ipsecInterface'],
  ['authby', 'authby'],
  ['require-id-on-certificate', 'requireIdOnCertificate'],
  ['nm-auto-defaults', 'nmAutoDefaults'],
] as const;

/** The props by the keys that they write, where the two have different names. */
export const PROPS_OF_KEYS = {
  'right': "'host'",
  'rightid': "'peerIdentity'",
  'leftcert': "'certificate'",
  'ipsec-interface': "'ipsecInterface'",
  'rightsubnet': "'remoteSubnet'",
  'leftsubnet': "'localSubnet'",
  'require-id-on-certificate': "'requireIdOnCertificate'",
  'nm-auto-defaults': "'nmAutoDefaults'",
};
