// The quickstart in C#: the same objects as examples/quickstart.ts.
using Cdk8s.OpenShift.Ipsec;
using Org.Cdk8s;

var app = new App();
var rollout = new IpsecRollout(app, "ipsec", new IpsecRolloutProps { Pools = new[] { "master", "worker" } });
var cluster = new IpsecClusterConfig(rollout.Mode, "cluster", new IpsecClusterConfigProps
{
    Mode = IpsecMode.EXTERNAL,
    OpenshiftVersion = OpenShiftVersion.Of("4.16"),
    RoutingViaHost = true,
    MachineNetworks = new[] { "10.0.0.0/24" },
    PodNetworks = new[] { "10.128.0.0/14" },
    ServiceNetworks = new[] { "172.30.0.0/16" },
    ApiVips = new[] { "10.0.0.2", "10.0.0.3", "10.0.0.1" },
});
var certificate = new CertImportMachineConfig(rollout.Certificates, "certs", new CertImportMachineConfigProps
{
    Cluster = cluster,
    Roles = new[] { "master", "worker" },
    CaCertificates = CaBundle.FromFile("ca.pem"),
    Bundle = Pkcs12Bundle.FromFile("left_server.p12", new Pkcs12BundleOptions { PasswordFile = "left_server.password" }),
    NodePasswordFile = "/etc/pki/ipsec/left_server.password",
});
var storage = new ExternalIpsecEndpoint(rollout.Endpoints, "storage", new ExternalIpsecEndpointProps
{
    Cluster = cluster,
    Certificate = certificate,
    Nodes = NodeSelection.Hostname("worker-0.example.com"),
    InterfaceName = "ipsec-storage",
    Host = "storage.example.com",
    RemoteSubnet = "192.0.2.10/32",
    Type = IpsecConnectionType.TRANSPORT,
});
_ = new IpsecGuard(rollout.Certificates, "guard", new IpsecGuardProps
{
    Cluster = cluster, Roles = new[] { "worker" }, Endpoints = new[] { storage },
});
_ = new IpsecAutoconnect(rollout.Certificates, "autoconnect", new IpsecAutoconnectProps
{
    Cluster = cluster, Roles = new[] { "worker" }, Endpoints = new[] { storage },
});
app.Synth();
