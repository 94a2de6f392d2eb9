"""The quickstart in Python: the same objects as examples/quickstart.ts."""
from cdk8s import App
from cdk8s_openshift_ipsec import (
    CaBundle, CertImportMachineConfig, ExternalIpsecEndpoint, IpsecAutoconnect, IpsecClusterConfig, IpsecConnectionType, IpsecGuard,
    IpsecMode, IpsecRollout, NodeSelection, OpenShiftVersion, Pkcs12Bundle,
)

app = App()
rollout = IpsecRollout(app, "ipsec", pools=["master", "worker"])
cluster = IpsecClusterConfig(
    rollout.mode, "cluster",
    mode=IpsecMode.EXTERNAL,
    openshift_version=OpenShiftVersion.of("4.16"),
    routing_via_host=True,
    machine_networks=["10.0.0.0/24"],
    pod_networks=["10.128.0.0/14"],
    service_networks=["172.30.0.0/16"],
    api_vips=["10.0.0.2", "10.0.0.3", "10.0.0.1"],
)
certificate = CertImportMachineConfig(
    rollout.certificates, "certs",
    cluster=cluster,
    roles=["master", "worker"],
    ca_certificates=CaBundle.from_file("ca.pem"),
    bundle=Pkcs12Bundle.from_file("left_server.p12", password_file="left_server.password"),
    node_password_file="/etc/pki/ipsec/left_server.password",
)
storage = ExternalIpsecEndpoint(
    rollout.endpoints, "storage",
    cluster=cluster,
    certificate=certificate,
    nodes=NodeSelection.hostname("worker-0.example.com"),
    interface_name="ipsec-storage",
    host="storage.example.com",
    remote_subnet="192.0.2.10/32",
    type=IpsecConnectionType.TRANSPORT,
)
IpsecGuard(rollout.certificates, "guard", cluster=cluster, roles=["worker"], endpoints=[storage])
IpsecAutoconnect(rollout.certificates, "autoconnect", cluster=cluster, roles=["worker"], endpoints=[storage])
app.synth()
