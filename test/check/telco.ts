/** What telco-reference, OpenShift CI and other public repositories keep, written from the facts about them. */
export const ENABLE_IPSEC = `apiVersion: operator.openshift.io/v1
kind: Network
metadata:
  name: cluster
spec:
  defaultNetwork:
    ovnKubernetesConfig:
      gatewayConfig:
        routingViaHost: true
      ipsecConfig:
        mode: External
`;

export const CONFIGURATION_POLICY = `apiVersion: policy.open-cluster-management.io/v1
kind: ConfigurationPolicy
metadata:
  name: ipsec-config
  annotations:
    ran.openshift.io/ztp-deploy-wave: "10"
spec:
  remediationAction: inform
  severity: low
  object-templates-raw: |
    {{- range (lookup "v1" "Node" "" "").items }}
    - complianceType: musthave
      objectDefinition:
        kind: NodeNetworkConfigurationPolicy
        apiVersion: nmstate.io/v1
        metadata:
          name: {{ .metadata.name }}-ipsec-policy
        spec:
          nodeSelector:
            kubernetes.io/hostname: {{ .metadata.name }}
          desiredState:
            interfaces:
            - name: hosta_conn
              type: ipsec
              libreswan:
                left: '%defaultroute'
                leftid: '%fromcert'
                leftmodecfgclient: false
                leftcert: left_server
                leftrsasigkey: '%cert'
                right: {{ $externalHost }}
                rightid: '%fromcert'
                rightrsasigkey: '%cert'
                rightsubnet: {{ $externalAddress }}
                ikev2: insist
                type: tunnel
    {{- end }}
`;

export const ORIGIN_E2E = `apiVersion: nmstate.io/v1
kind: NodeNetworkConfigurationPolicy
metadata:
  name: ipsec-left
spec:
  nodeSelector:
    kubernetes.io/hostname: worker-0
  desiredState:
    interfaces:
    - name: plutovpn
      type: ipsec
      ipv4:
        enabled: true
        dhcp: true
      libreswan:
        left: 10.0.0.2
        leftid: '%fromcert'
        leftcert: left_server
        leftrsasigkey: '%cert'
        leftmodecfgclient: false
        right: 10.0.0.3
        rightid: '%fromcert'
        rightrsasigkey: '%cert'
        rightsubnet: 10.0.0.3/32
        ike: aes_gcm256-sha2_256
        esp: aes_gcm256
        ikev2: insist
        type: transport
`;

export const RELEASE_STEP = `apiVersion: operator.openshift.io/v1
kind: Network
metadata:
  name: cluster
spec:
  defaultNetwork:
    ovnKubernetesConfig:
      ipsecConfig: {}
    type: OVNKubernetes
`;
