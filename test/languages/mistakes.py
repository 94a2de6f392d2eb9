"""What docs/languages.md says of Python, one statement a mode."""
import os
import sys

from cdk8s import App, Chart
from cdk8s_openshift_ipsec import CaBundle, FleetSynth, IpsecClusterConfig, IpsecMode, OpenShiftVersion

mode = sys.argv[1]


def mistake():
    chart = Chart(App(), "ipsec")
    IpsecClusterConfig(chart, "cluster", mode=IpsecMode.FULL, openshift_version=OpenShiftVersion.of("4.16"), cluster_mtu=1)


if mode == "caught":
    try:
        mistake()
    except RuntimeError as error:
        print(error)
elif mode == "uncaught":
    mistake()
elif mode == "path":
    App()  # starts the runtime, here
    os.chdir("/")
    print(CaBundle.from_file("ca.pem") is not None)
elif mode == "fleet":
    for folder in ["by-app", "by-fleet"]:
        app = App(outdir=folder)
        chart = Chart(app, "ipsec")
        IpsecClusterConfig(chart, "cluster", mode=IpsecMode.FULL, openshift_version=OpenShiftVersion.of("4.16"))
        app.synth() if folder == "by-app" else FleetSynth.synth(app)
elif mode == "warning":
    chart = Chart(App(), "ipsec")
    IpsecClusterConfig(chart, "cluster", mode=IpsecMode.FULL, openshift_version=OpenShiftVersion.of("4.16"), machine_mtu=1500)
    chart.to_json()
