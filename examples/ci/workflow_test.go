// Package ci holds a workflow to copy. The test runs its wheeltag commands.
package ci

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// commands gives the arguments of each wheeltag command in the workflow.
func commands(t *testing.T) [][]string {
	t.Helper()
	text, err := os.ReadFile("wheels.yml")
	if err != nil {
		t.Fatal(err)
	}
	var list [][]string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "run: ")
		rest, ok := strings.CutPrefix(line, "wheeltag ")
		if !ok {
			continue
		}
		rest, _, _ = strings.Cut(rest, " > ")
		list = append(list, strings.Fields(rest))
	}
	if len(list) < 5 {
		t.Fatalf("only %d wheeltag commands in the workflow", len(list))
	}
	return list
}

// offer copies fixtures into the dist folder of a new directory.
func offer(t *testing.T, wheels ...string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "dist"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, w := range wheels {
		data, err := os.ReadFile(filepath.Join("..", "..", "testdata", w))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "dist", filepath.Base(w)), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestWorkflow(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the command")
	}
	program := filepath.Join(t.TempDir(), "wheeltag.exe")
	build := exec.Command("go", "build", "-o", program, "../../cmd/wheeltag")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := func(dir string, args []string) (int, string) {
		cmd := exec.Command(program, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(out)
	}
	good := offer(t,
		"wheels/demo-1.0-cp311-cp311-manylinux2014_aarch64.manylinux_2_17_aarch64.whl",
		"wheels/demo-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
		"wheels/demo-1.0-cp311-cp311-musllinux_1_2_x86_64.whl",
	)
	for _, args := range commands(t) {
		if status, out := run(good, args); status != 0 {
			t.Errorf("wheeltag %s: exit status %d\n%s", strings.Join(args, " "), status, out)
		}
	}
	// Wheels that claim too much, or for one machine alone, stop the workflow.
	bad := offer(t, "wheels-bad/toonew-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl")
	failed := map[string]int{}
	for _, args := range commands(t) {
		status, _ := run(bad, args)
		failed[args[0]] = max(failed[args[0]], status)
	}
	if failed["audit"] != 1 || failed["select"] != 1 || failed["parse"] != 0 {
		t.Errorf("exit statuses for bad wheels: %v", failed)
	}
}
