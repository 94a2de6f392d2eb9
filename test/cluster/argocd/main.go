// Judges objects by a health script as Argo CD does, or by what it knows itself where the script is empty: SCRIPT OBJECT.yaml...
package main

import (
	"fmt"
	"os"

	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/gitops-engine/pkg/health"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func main() {
	script, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	for _, path := range os.Args[2:] {
		raw, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal(raw, &object.Object); err != nil {
			panic(err)
		}
		verdict, err := judge(string(script), object)
		if err != nil {
			fmt.Printf("%s: ERROR %v\n", path, err)
			continue
		}
		fmt.Printf("%s: %s %q\n", path, verdict.Status, verdict.Message)
	}
}

func judge(script string, object *unstructured.Unstructured) (*health.HealthStatus, error) {
	if script == "" {
		return health.GetResourceHealth(object, nil)
	}
	return lua.VM{}.ExecuteHealthLua(object, script)
}
