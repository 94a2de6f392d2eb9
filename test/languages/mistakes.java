// What docs/languages.md says of Java, one statement a mode.
import io.github.cdk8s_openshift_ipsec.*;
import org.cdk8s.App;
import org.cdk8s.AppProps;
import org.cdk8s.Chart;

class Mistakes {
    static IpsecClusterConfig.Builder cluster(Chart chart) {
        return IpsecClusterConfig.Builder.create(chart, "cluster").mode(IpsecMode.FULL).openshiftVersion(OpenShiftVersion.of("4.16"));
    }

    public static void main(String[] args) {
        Chart chart = new Chart(new App(), "ipsec");
        switch (args[0]) {
            case "caught":
                try {
                    cluster(chart).clusterMtu(1).build();
                } catch (RuntimeException error) {
                    System.out.println(error instanceof software.amazon.jsii.JsiiException);
                    System.out.println(error.getMessage());
                }
                break;
            case "uncaught":
                cluster(chart).clusterMtu(1).build();
                break;
            case "fleet":
                for (String folder : new String[] {"by-app", "by-fleet"}) {
                    App app = new App(AppProps.builder().outdir(folder).build());
                    cluster(new Chart(app, "ipsec")).build();
                    if (folder.equals("by-app")) app.synth();
                    else FleetSynth.synth(app);
                }
                break;
            case "warning":
                cluster(chart).machineMtu(1500).build();
                chart.toJson();
                break;
        }
    }
}
