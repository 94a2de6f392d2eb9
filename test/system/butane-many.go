// Beside the tool's own main.go, whose main is called tool here and whose os.Exit is exit: it runs once for each line of standard input,
// in one process, because thousands take minutes to start. Without MANY in the environment it is the tool as it is.
package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"

	"github.com/spf13/pflag"
)

type request struct {
	Args   []string
	Folder string
	Config string
}

type answer struct {
	Status int    `json:"status"`
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
}

type exitStatus int

func exit(status int) { panic(exitStatus(status)) }

func main() {
	if os.Getenv("MANY") == "" {
		os.Exit(status())
	}
	lines, answers := bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		var asked request
		must(err)
		must(json.Unmarshal(line, &asked))
		must(answers.Encode(asked.answer()))
	}
}

// One run, with files of its own for what the tool reads and writes.
func (asked request) answer() answer {
	in, out, errors := temporary(asked.Config), temporary(""), temporary("")
	args, stdin, stdout, stderr := os.Args, os.Stdin, os.Stdout, os.Stderr
	defer func() { os.Args, os.Stdin, os.Stdout, os.Stderr = args, stdin, stdout, stderr }()
	os.Args, os.Stdin, os.Stdout, os.Stderr = append([]string{"butane"}, asked.Args...), in, out, errors
	must(os.Chdir(asked.Folder))
	pflag.CommandLine = pflag.NewFlagSet("butane", pflag.ExitOnError)
	ended := status()
	must(in.Close())
	return answer{ended, text(out), text(errors)}
}

// How the tool ends.
func status() (ended int) {
	defer func() {
		switch left := recover().(type) {
		case nil:
		case exitStatus:
			ended = int(left)
		default:
			panic(left)
		}
	}()
	tool()
	return 0
}

func temporary(content string) *os.File {
	file, err := os.CreateTemp("", "butane-many-")
	must(err)
	must(os.Remove(file.Name()))
	_, err = file.WriteString(content)
	must(err)
	_, err = file.Seek(0, io.SeekStart)
	must(err)
	return file
}

func text(file *os.File) string {
	defer file.Close()
	_, err := file.Seek(0, io.SeekStart)
	must(err)
	bytes, err := io.ReadAll(file)
	must(err)
	return string(bytes)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
