// What docs/languages.md says of Go, one statement a mode.
package main

import (
	"fmt"
	"os"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-openshift-ipsec/cdk8s-openshift-ipsec-go/ipsec"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func cluster(chart cdk8s.Chart, props ipsec.IpsecClusterConfigProps) {
	props.Mode = ipsec.IpsecMode_FULL
	props.OpenshiftVersion = ipsec.OpenShiftVersion_Of(jsii.String("4.16"))
	ipsec.NewIpsecClusterConfig(chart, jsii.String("cluster"), &props)
}

func mistake() {
	cluster(cdk8s.NewChart(cdk8s.NewApp(nil), jsii.String("ipsec"), nil), ipsec.IpsecClusterConfigProps{ClusterMtu: jsii.Number(1)})
}

func main() {
	defer jsii.Close()
	switch os.Args[1] {
	case "caught":
		defer func() { fmt.Println(recover()) }()
		mistake()
	case "uncaught":
		mistake()
	case "path":
		cdk8s.NewApp(nil) // starts the runtime, here
		if err := os.Chdir("/"); err != nil {
			panic(err)
		}
		fmt.Println(ipsec.CaBundle_FromFile(jsii.String("ca.pem")) != nil)
	case "fleet":
		for _, folder := range []string{"by-app", "by-fleet"} {
			app := cdk8s.NewApp(&cdk8s.AppProps{Outdir: jsii.String(folder)})
			cluster(cdk8s.NewChart(app, jsii.String("ipsec"), nil), ipsec.IpsecClusterConfigProps{})
			if folder == "by-app" {
				app.Synth()
			} else {
				ipsec.FleetSynth_Synth(app)
			}
		}
	case "warning":
		chart := cdk8s.NewChart(cdk8s.NewApp(nil), jsii.String("ipsec"), nil)
		cluster(chart, ipsec.IpsecClusterConfigProps{MachineMtu: jsii.Number(1500)})
		chart.ToJson()
	}
}
