"""The first tunnel in Python: the same objects as examples/tunnel.ts."""
from cdk8s import App
from cdk8s_openshift_ipsec import (
    CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode, IpsecRollout,
    NodeSelection, OpenShiftVersion, Pkcs12Bundle,
)

app = App()
rollout = IpsecRollout(app, "ipsec", pools=["worker"])
cluster = IpsecClusterConfig(
    rollout.mode, "cluster", mode=IpsecMode.EXTERNAL, openshift_version=OpenShiftVersion.of("4.16"), routing_via_host=True)
certificate = CertImportMachineConfig(
    rollout.certificates, "certs", cluster=cluster, roles=["worker"], ca_certificates=CaBundle.from_file("ca.pem"),
    bundle=Pkcs12Bundle.from_file("left_server.p12", password_file="left_server.password"),
    node_password_file="/etc/pki/ipsec/left_server.password")
ExternalIpsecEndpoint(
    rollout.endpoints, "storage", cluster=cluster, certificate=certificate, nodes=NodeSelection.hostname("worker-0.example.com"),
    interface_name="ipsec-storage", type=IpsecConnectionType.TRANSPORT, host="storage.example.com", remote_subnet="192.0.2.10/32")
app.synth()
