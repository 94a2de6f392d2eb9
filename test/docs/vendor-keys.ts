import { LIBRESWAN_OPTIONS } from '../../src/openshift/libreswan-options';

/** A page of a vendor: the keys that it describes and that our props write, as the docstrings name them. */
interface VendorPage {
  readonly keys: readonly string[];
  /** The CustomResourceDefinition that has these keys. */
  readonly definition?: string;
}

const OPENSHIFT = 'https://docs.redhat.com/en/documentation/openshift_container_platform';
const RHACM = 'https://docs.redhat.com/en/documentation/red_hat_advanced_cluster_management_for_kubernetes/2.12/html/governance';
const KUBERNETES = 'https://kubernetes.io/docs';
const NMSTATE = 'https://nmstate.io';
const SYSTEMD = 'https://www.freedesktop.org/software/systemd/man/latest';

export const PAGES: { readonly [page: string]: VendorPage } = {
  'https://libreswan.org/man/ipsec.conf.5.html': { keys: LIBRESWAN_OPTIONS.map(({ key }) => key) },
  'https://gitlab.gnome.org/GNOME/NetworkManager-libreswan': { keys: ['nm-connect-mode'] },
  [`${NMSTATE}/kubernetes-nmstate/user-guide/102-configuration`]: {
    keys: ['metadata.name', 'maxUnavailable'],
    definition: 'nodenetworkconfigurationpolicies.nmstate.io',
  },
  [`${NMSTATE}/kubernetes-nmstate/user-guide/102-configuration#selecting-nodes`]: {
    keys: ['nodeSelector'],
    definition: 'nodenetworkconfigurationpolicies.nmstate.io',
  },
  [`${NMSTATE}/features/ipsec.html`]: { keys: ['name'] },
  [`${NMSTATE}/devel/yaml_api.html`]: { keys: ['name', 'type', 'state', 'ethtool.feature'] },
  [`${OPENSHIFT}/4.16/html/networking/network-security#configuring-ipsec-ovn`]: {
    keys: ['ipsecConfig.mode', 'ipsecConfig.full', 'ipsecConfig.full.encapsulation', 'gatewayConfig.routingViaHost'],
    definition: 'networks.operator.openshift.io',
  },
  [`${OPENSHIFT}/4.16/html/networking/changing-cluster-network-mtu`]: {
    keys: [
      'mtu', 'migration.mtu', 'migration.mtu.network.from', 'migration.mtu.network.to', 'migration.mtu.machine.from', 'migration.mtu.machine.to',
    ],
    definition: 'networks.operator.openshift.io',
  },
  [`${OPENSHIFT}/4.16/html/installing_on_bare_metal/user-provisioned-infrastructure`]: {
    keys: ['machineNetwork', 'clusterNetwork', 'serviceNetwork', 'apiVIPs'],
  },
  [`${OPENSHIFT}/4.16/html/machine_apis/machineconfig-machineconfiguration-openshift-io-v1`]: {
    keys: ['machineconfiguration.openshift.io/role', 'extensions', 'fips', 'kernelArguments', 'kernelType'],
    definition: 'machineconfigs.machineconfiguration.openshift.io',
  },
  [`${OPENSHIFT}/4.16/html/machine_apis/machineconfigpool-machineconfiguration-openshift-io-v1`]: {
    keys: ['metadata.name', 'paused'],
    definition: 'machineconfigpools.machineconfiguration.openshift.io',
  },
  'https://coreos.github.io/ignition/configuration-v3_5/': {
    keys: [
      'storage.files', 'path', 'contents.source', 'compression', 'mode', 'overwrite', 'systemd.units', 'name', 'contents', 'enabled', 'mask',
      'dropins', 'passwordHash', 'sshAuthorizedKeys',
    ],
  },
  'https://coreos.github.io/butane/getting-started/': { keys: ['--files-dir', '--raw', '--strict'] },
  [`${OPENSHIFT}/4.16/html/networking/network-security#ingress-node-firewall-operator`]: {
    keys: ['interfaces', 'nodeSelector', 'sourceCIDRs', 'order'],
    definition: 'ingressnodefirewalls.ingressnodefirewall.openshift.io',
  },
  [`${OPENSHIFT}/4.16/html/operatorhub_apis/subscription-operators-coreos-com-v1alpha1`]: {
    keys: ['channel', 'source', 'sourceNamespace', 'installPlanApproval', 'startingCSV'],
    definition: 'subscriptions.operators.coreos.com',
  },
  [`${OPENSHIFT}/4.16/html/networking/networking-operators#k8s-nmstate-about-the-k8s-nmstate-operator`]: {
    keys: ['probeConfiguration.dns.host'],
    definition: 'nmstates.nmstate.io',
  },
  [`${KUBERNETES}/reference/kubernetes-api/common-definitions/object-meta/`]: {
    keys: ['metadata.name', 'metadata.namespace', 'metadata.labels', 'metadata.annotations'],
  },
  [`${KUBERNETES}/reference/kubernetes-api/workload-resources/pod-v1/`]: { keys: ['image', 'priorityClassName', 'tolerations'] },
  [`${KUBERNETES}/reference/kubernetes-api/workload-resources/daemon-set-v1/`]: { keys: ['updateStrategy.rollingUpdate.maxUnavailable'] },
  [`${KUBERNETES}/reference/kubernetes-api/workload-resources/job-v1/`]: { keys: ['activeDeadlineSeconds'] },
  [`${KUBERNETES}/reference/labels-annotations-taints/`]: { keys: ['node-role.kubernetes.io/<role>'] },
  [`${KUBERNETES}/concepts/configuration/secret/#tls-secrets`]: { keys: ['tls.crt', 'tls.key', 'ca.crt'] },
  'https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificateSpec': {
    keys: [
      'issuerRef', 'issuerRef.name', 'issuerRef.kind', 'issuerRef.group', 'dnsNames', 'secretName', 'subject.organizations',
      'privateKey.algorithm', 'duration', 'renewBefore',
    ],
  },
  [`${SYSTEMD}/systemd.unit.html`]: { keys: ['RequiredBy='] },
  [`${SYSTEMD}/systemd.timer.html`]: { keys: ['OnUnitActiveSec='] },
  'https://systemd.io/CREDENTIALS/': { keys: ['systemd-creds encrypt --name=<nickname>.password'] },
  'https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/': { keys: ['for', 'labels'] },
  'https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/': { keys: ['argocd.argoproj.io/sync-wave'] },
  'https://fluxcd.io/flux/components/kustomize/kustomizations/': {
    keys: ['sourceRef.name', 'sourceRef.kind', 'path', 'interval', 'timeout', 'prune'],
  },
  [`${RHACM}/governance`]: { keys: ['labelSelector', 'remediationAction'] },
  [`${RHACM}/template-functions`]: { keys: ['fromSecret'] },
  [`${OPENSHIFT}/4.21/html/edge_computing/ztp-advanced-install-ztp`]: { keys: ['extraManifestsRefs'] },
};

/** The props that are no key of any vendor, by the reason. `*.cluster` is the prop of this name in every interface. */
export const OURS: { readonly [reason: string]: readonly string[] } = {
  'a construct or a value of this library, whose own props are told at it': [
    '*.cluster', '*.rollout', '*.endpoints', '*.certificates', '*.caCertificates', 'CertImportMachineConfigProps.bundle',
    'CertImportMachineConfigProps.importScript', 'CertificateRotationProps.removals', 'CertImportDaemonSetProps.secret',
    'NmstateOperatorProps.instanceScope', 'RhacmPoliciesProps.nodeEndpoints', 'ExternalIpsecEndpointProps.delivery',
  ],
  'what the library is told to check against, and never writes': [
    '*.openshiftVersion', '*.platform', '*.hostedControlPlane', '*.rhelComputeNodes', 'IpsecClusterConfigProps.machineMtu',
    'CertManagerIssuer.maxDuration', '*.ipv6', 'MtuForIpsecProps.afterDisabling', 'OpenShiftIpsecValidationProps.failOn',
  ],
  'a decision of the user that the library keeps, as an annotation of its own': [
    '*.acknowledge', '*.acceptPrivateKeyInManifest', '*.controlPlaneReason',
  ],
  'how the library names and divides what it writes': ['*.hashedNames', 'CertImportDaemonSetProps.createNamespace'],
  'a file, a folder, a variable or a password of the user': [
    'Pkcs12BundleOptions.passwordFile', 'Pkcs12BundleOptions.passwordVariable', 'Pkcs12BundleOptions.password', 'HostCertificatesProps.folder',
    '*.nodePasswordFile', 'NodeSecretOptions.pkcs12Key', 'NodeSecretOptions.passwordKey', 'NodeSecretsOptions.nodes',
  ],
  'what the library\'s own scripts and rules on the node do': [
    'CertImportDaemonSetProps.removeWithSecret', 'IpsecGuardProps.allowClear', 'PeerConfigurationProps.nodeAddresses',
    'IpsecIngressFirewallProps.natTraversal',
    'IpsecMonitoringProps.expiresSoonDays', 'IpsecVerificationProps.inspectDatabase',
  ],
  'names of what others have written, which the verification looks for': [
    'IpsecVerificationProps.pools', 'IpsecVerificationProps.machineConfigs', 'IpsecVerificationProps.policies',
  ],
  'what the library tells, and nobody gives': [
    'IpsecWarning.ruleId', 'IpsecWarning.message', 'IpsecWarning.path', 'IpsecPort.protocol', 'IpsecPort.protocolNumber', 'IpsecPort.port',
    'IpsecPort.description', 'ButaneResult.output', 'ButaneResult.warnings', 'ButaneWarning.message', 'ButaneWarning.path',
    'ButaneWarning.line', 'ButaneWarning.column', 'ButaneWarning.fromButane', 'ButaneWarning.text',
  ],
};
