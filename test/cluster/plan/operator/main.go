// What the Machine Config Operator itself would do with a change. Standard input has one JSON document a line, and so has the answer:
//
//	{"old": [MachineConfig…], "new": [MachineConfig…], "policies": MachineConfiguration | null}
//	{"refused": "…"} or {"files": […], "units": […], "actions": ["Restart crio.service"…]}
//
// Both lists are merged as the render controller does, then compared as the daemon of a node does.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sort"
	_ "unsafe"

	mcfgv1 "github.com/openshift/api/machineconfiguration/v1"
	opv1 "github.com/openshift/api/operator/v1"
	"github.com/openshift/machine-config-operator/pkg/apihelpers"
	ctrlcommon "github.com/openshift/machine-config-operator/pkg/controller/common"
	"github.com/openshift/machine-config-operator/pkg/daemon"
	"k8s.io/klog/v2"
)

var _ = daemon.New

// Functions that the operator keeps to itself.
//
//go:linkname calculateActions github.com/openshift/machine-config-operator/pkg/daemon.calculatePostConfigChangeNodeDisruptionActionFromMCDiffs
func calculateActions(diffSSH bool, files, units []string, policies opv1.NodeDisruptionPolicyClusterStatus) []opv1.NodeDisruptionPolicyStatusAction

// The fields of the daemon's machineConfigDiff, laid out as there.
type machineConfigDiff struct {
	osUpdate, kargs, fips, passwd, files, units, kernelType, extensions, oclEnabled, revertFromOCL bool
}

//go:linkname newMachineConfigDiff github.com/openshift/machine-config-operator/pkg/daemon.newMachineConfigDiff
func newMachineConfigDiff(old, new *mcfgv1.MachineConfig) (*machineConfigDiff, error)

type question struct {
	Old, New []*mcfgv1.MachineConfig
	Policies *opv1.MachineConfiguration
}

type answer struct {
	Refused string   `json:"refused,omitempty"`
	Files   []string `json:"files"`
	Units   []string `json:"units"`
	Actions []string `json:"actions"`
}

func main() {
	klog.InitFlags(nil)
	flag.Set("logtostderr", "false")
	flag.Set("stderrthreshold", "FATAL")
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		var asked question
		if err := json.Unmarshal(in.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, "no question:", err)
			os.Exit(2)
		}
		given, err := answerTo(asked)
		if err != nil {
			given = answer{Refused: err.Error()}
		}
		out.Encode(given)
	}
}

func answerTo(asked question) (answer, error) {
	old, err := rendered(asked.Old)
	if err != nil {
		return answer{}, err
	}
	new, err := rendered(asked.New)
	if err != nil {
		return answer{}, err
	}
	if err := ctrlcommon.IsRenderedConfigReconcilable(old, new); err != nil {
		return answer{}, err
	}
	before, err := ctrlcommon.ParseAndConvertConfig(old.Spec.Config.Raw)
	if err != nil {
		return answer{}, err
	}
	after, err := ctrlcommon.ParseAndConvertConfig(new.Spec.Config.Raw)
	if err != nil {
		return answer{}, err
	}
	files, units := ctrlcommon.CalculateConfigFileDiffs(&before, &after), ctrlcommon.CalculateConfigUnitDiffs(&before, &after)
	sort.Strings(files) // they come out of a Go map, in no order
	sort.Strings(units)
	diff, err := newMachineConfigDiff(old, new)
	if err != nil {
		return answer{}, err
	}
	var policies opv1.NodeDisruptionPolicyConfig
	if asked.Policies != nil {
		policies = asked.Policies.Spec.NodeDisruptionPolicy
	}
	return answer{Files: files, Units: units, Actions: actions(diff, files, units, policies)}, nil
}

func rendered(configs []*mcfgv1.MachineConfig) (*mcfgv1.MachineConfig, error) {
	for _, config := range configs {
		if err := ctrlcommon.ValidateMachineConfig(config.Spec); err != nil {
			return nil, err
		}
	}
	return ctrlcommon.MergeMachineConfigs(configs, &mcfgv1.ControllerConfig{Spec: mcfgv1.ControllerConfigSpec{BaseOSContainerImage: "os"}})
}

// The order of questions is that of the daemon's calculatePostConfigChangeNodeDisruptionAction.
func actions(diff *machineConfigDiff, files, units []string, policies opv1.NodeDisruptionPolicyConfig) []string {
	if diff.osUpdate || diff.kargs || diff.fips || diff.kernelType || diff.extensions {
		return []string{"Reboot"}
	}
	if !diff.files && !diff.units && !diff.passwd {
		return []string{"None"}
	}
	all := []string{}
	for _, action := range calculateActions(diff.passwd, files, units, apihelpers.MergeClusterPolicies(policies)) {
		switch {
		case action.Restart != nil:
			all = append(all, fmt.Sprint(action.Type, " ", action.Restart.ServiceName))
		case action.Reload != nil:
			all = append(all, fmt.Sprint(action.Type, " ", action.Reload.ServiceName))
		default:
			all = append(all, string(action.Type))
		}
	}
	return all
}
