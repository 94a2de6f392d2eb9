// The quickstart in Java: the same objects as examples/quickstart.ts.
import io.github.cdk8s_openshift_ipsec.*;
import java.util.List;
import org.cdk8s.App;

class Quickstart {
    public static void main(String[] args) {
        App app = new App();
        IpsecRollout rollout = IpsecRollout.Builder.create(app, "ipsec").pools(List.of("master", "worker")).build();
        IpsecClusterConfig cluster = IpsecClusterConfig.Builder.create(rollout.getMode(), "cluster")
            .mode(IpsecMode.EXTERNAL)
            .openshiftVersion(OpenShiftVersion.of("4.16"))
            .routingViaHost(true)
            .machineNetworks(List.of("10.0.0.0/24"))
            .podNetworks(List.of("10.128.0.0/14"))
            .serviceNetworks(List.of("172.30.0.0/16"))
            .apiVips(List.of("10.0.0.2", "10.0.0.3", "10.0.0.1"))
            .build();
        CertImportMachineConfig certificate = CertImportMachineConfig.Builder.create(rollout.getCertificates(), "certs")
            .cluster(cluster)
            .roles(List.of("master", "worker"))
            .caCertificates(CaBundle.fromFile("ca.pem"))
            .bundle(Pkcs12Bundle.fromFile("left_server.p12", Pkcs12BundleOptions.builder().passwordFile("left_server.password").build()))
            .nodePasswordFile("/etc/pki/ipsec/left_server.password")
            .build();
        ExternalIpsecEndpoint storage = ExternalIpsecEndpoint.Builder.create(rollout.getEndpoints(), "storage")
            .cluster(cluster)
            .certificate(certificate)
            .nodes(NodeSelection.hostname("worker-0.example.com"))
            .interfaceName("ipsec-storage")
            .host("storage.example.com")
            .remoteSubnet("192.0.2.10/32")
            .type(IpsecConnectionType.TRANSPORT)
            .build();
        IpsecGuard.Builder.create(rollout.getCertificates(), "guard")
            .cluster(cluster).roles(List.of("worker")).endpoints(List.of(storage)).build();
        IpsecAutoconnect.Builder.create(rollout.getCertificates(), "autoconnect")
            .cluster(cluster).roles(List.of("worker")).endpoints(List.of(storage)).build();
        app.synth();
    }
}
