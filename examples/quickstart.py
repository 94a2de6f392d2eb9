"""The quickstart in Python: the same objects as examples/quickstart.ts."""
from cdk8s import App, Chart
from cdk8s_openshift_ipsec import (
    CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecClusterConfig, IpsecConnectionType, IpsecMode, NodeSelection, OpenShiftVersion,
    Pkcs12Bundle,
)

app = App()
chart = Chart(app, "ipsec")
cluster = IpsecClusterConfig(
    chart, "cluster", mode=IpsecMode.EXTERNAL, openshift_version=OpenShiftVersion.of("4.16"), routing_via_host=True,
)
certificate = CertImportMachineConfig(
    chart, "certs",
    cluster=cluster,
    roles=["master", "worker"],
    ca_certificates=CaBundle.from_file("ca.pem"),
    bundle=Pkcs12Bundle.from_file("left_server.p12", password_file="left_server.password"),
    node_password_file="/etc/pki/ipsec/left_server.password",
)
ExternalIpsecEndpoint(
    chart, "storage",
    cluster=cluster,
    certificate=certificate,
    nodes=NodeSelection.hostname("worker-0.example.com"),
    interface_name="ipsec-storage",
    host="storage.example.com",
    remote_subnet="192.0.2.10/32",
    type=IpsecConnectionType.TRANSPORT,
)
app.synth()
