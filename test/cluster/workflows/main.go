// Judges workflows as GitHub reads them: the syntax, the types of expressions, the inputs of actions, and shell by shellcheck.
package main

import (
	"os"

	"github.com/rhysd/actionlint"
)

func main() {
	command := actionlint.Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(command.Main(os.Args))
}
