const OPENSHIFT = 'https://docs.redhat.com/en/documentation/openshift_container_platform';

/** The vendors' pages that more than one rule points to. */
export const DOCS = {
  ipsec: `${OPENSHIFT}/4.16/html/networking/network-security#configuring-ipsec-ovn`,
  modes: `${OPENSHIFT}/4.16/html/networking/network-security#nw-ovn-ipsec-modes_configuring-ipsec-ovn`,
  external: `${OPENSHIFT}/4.16/html/networking/network-security#nw-ovn-ipsec-external_configuring-ipsec-ovn`,
  enableExternal: `${OPENSHIFT}/4.16/html/networking/network-security#nw-ovn-ipsec-north-south-enable_configuring-ipsec-ovn`,
  encapsulation: `${OPENSHIFT}/4.19/html/network_security/configuring-ipsec-ovn`,
  mtu: `${OPENSHIFT}/4.16/html/networking/changing-cluster-network-mtu`,
  networkApi: 'https://github.com/openshift/api/blob/master/operator/v1/types_network.go',
  machineConfigs: 'https://github.com/openshift/machine-config-operator/blob/master/docs/MachineConfiguration.md',
  nodeDisruption: `${OPENSHIFT}/4.18/html/machine_configuration/machine-config-node-disruption_machine-configs-configure`,
  machineConfigServer: `${OPENSHIFT}/4.16/html/security_and_compliance/certificate-types-and-descriptions`,
  ignition: 'https://coreos.github.io/ignition/specs/',
  butane: 'https://coreos.github.io/butane/config-openshift-v4_16/',
  nmstateIpsec: 'https://nmstate.io/features/ipsec.html',
  nmstatePolicies: 'https://nmstate.io/kubernetes-nmstate/user-guide/102-configuration',
  keyfile: 'https://networkmanager.dev/docs/api/latest/nm-settings-keyfile.html',
  networkManagerLibreswan: 'https://gitlab.gnome.org/GNOME/NetworkManager-libreswan',
  libreswan: 'https://libreswan.org/man/ipsec.conf.5.html',
  libreswanNss: 'https://libreswan.org/wiki/HOWTO:_Using_NSS_with_libreswan',
  pk12util: 'https://firefox-source-docs.mozilla.org/security/nss/legacy/tools/pk12util/index.html',
  ingressNodeFirewall: `${OPENSHIFT}/4.16/html/networking/network-security#ingress-node-firewall-operator`,
  nftables: 'https://www.netfilter.org/projects/nftables/manpage.html',
  names: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/',
  labels: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set',
  rhacmPolicy: 'https://open-cluster-management.io/docs/getting-started/integration/policy-controllers/configuration-policy/',
} as const;
