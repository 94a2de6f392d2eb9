// The quickstart in Go: the same objects as examples/quickstart.ts.
package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec-go/ipsec"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func main() {
	defer jsii.Close()
	app := cdk8s.NewApp(nil)
	rollout := ipsec.NewIpsecRollout(app, jsii.String("ipsec"), &ipsec.IpsecRolloutProps{Pools: jsii.Strings("master", "worker")})
	cluster := ipsec.NewIpsecClusterConfig(rollout.Mode(), jsii.String("cluster"), &ipsec.IpsecClusterConfigProps{
		Mode:             ipsec.IpsecMode_EXTERNAL,
		OpenshiftVersion: ipsec.OpenShiftVersion_Of(jsii.String("4.16")),
		RoutingViaHost:   jsii.Bool(true),
		MachineNetworks:  jsii.Strings("10.0.0.0/24"),
		PodNetworks:      jsii.Strings("10.128.0.0/14"),
		ServiceNetworks:  jsii.Strings("172.30.0.0/16"),
		ApiVips:          jsii.Strings("10.0.0.2", "10.0.0.3", "10.0.0.1"),
	})
	certificate := ipsec.NewCertImportMachineConfig(rollout.Certificates(), jsii.String("certs"), &ipsec.CertImportMachineConfigProps{
		Cluster:        cluster,
		Roles:          jsii.Strings("master", "worker"),
		CaCertificates: ipsec.CaBundle_FromFile(jsii.String("ca.pem")),
		Bundle: ipsec.Pkcs12Bundle_FromFile(jsii.String("left_server.p12"), &ipsec.Pkcs12BundleOptions{
			PasswordFile: jsii.String("left_server.password"),
		}),
		NodePasswordFile: jsii.String("/etc/pki/ipsec/left_server.password"),
	})
	storage := ipsec.NewExternalIpsecEndpoint(rollout.Endpoints(), jsii.String("storage"), &ipsec.ExternalIpsecEndpointProps{
		Cluster:       cluster,
		Certificate:   certificate,
		Nodes:         ipsec.NodeSelection_Hostname(jsii.String("worker-0.example.com")),
		InterfaceName: jsii.String("ipsec-storage"),
		Host:          jsii.String("storage.example.com"),
		RemoteSubnet:  jsii.String("192.0.2.10/32"),
		Type:          ipsec.IpsecConnectionType_TRANSPORT,
	})
	endpoints := &[]ipsec.ExternalIpsecEndpoint{storage}
	ipsec.NewIpsecGuard(rollout.Certificates(), jsii.String("guard"), &ipsec.IpsecGuardProps{
		Cluster: cluster, Roles: jsii.Strings("worker"), Endpoints: endpoints,
	})
	ipsec.NewIpsecAutoconnect(rollout.Certificates(), jsii.String("autoconnect"), &ipsec.IpsecAutoconnectProps{
		Cluster: cluster, Roles: jsii.Strings("worker"), Endpoints: endpoints,
	})
	app.Synth()
}
